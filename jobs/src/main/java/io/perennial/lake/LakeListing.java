package io.perennial.lake;

import io.perennial.config.SourceSettings.Format;
import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** Lists the files of the lake. */
public final class LakeListing {

  private LakeListing() {}

  /**
   * The present files, ordered by relative path. Files and directories whose names begin with
   * {@code _} or {@code .} are skipped, as Spark does.
   *
   * @param path a file, a directory (with its sub-directories) or a glob
   * @throws LakeException if there are no files
   */
  public static List<LakeFile> list(SparkSession spark, String path, Format format) {
    List<LakeFile> files = listOrNone(spark, path, format);
    if (files.isEmpty()) {
      throw LakeException.noRecords(path);
    }
    return files;
  }

  /**
   * As {@link #list}, but allows an empty directory, as of a lake whose files are deleted after a
   * run.
   *
   * @throws LakeException if there is no such path
   */
  public static List<LakeFile> listOrNone(SparkSession spark, String path, Format format) {
    try {
      return LakeFormats.of(format).list(spark, path);
    } catch (IllegalArgumentException e) {
      throw LakeException.noPath(path, e);
    } catch (IOException e) {
      throw LakeException.notListed(path, e);
    }
  }
}
