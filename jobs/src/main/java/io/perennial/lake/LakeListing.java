package io.perennial.lake;

import io.perennial.config.SourceSettings.Format;
import io.perennial.table.delta.TableSnapshot;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.paths.SparkPath;
import org.apache.spark.sql.SparkSession;

/** Finds the files of the lake. */
public final class LakeListing {

  private LakeListing() {}

  /**
   * The present files, ordered by relative path. Files and directories whose names begin with
   * {@code _} or {@code .} are none of the lake's, as for Spark.
   *
   * @param path a file, a directory (with its sub-directories) or a glob
   * @throws LakeException if nothing is there
   */
  public static List<LakeFile> list(SparkSession spark, String path, Format format) {
    List<LakeFile> files = listOrNone(spark, path, format);
    if (files.isEmpty()) {
      throw LakeException.empty(path);
    }
    return files;
  }

  /**
   * As {@link #list}; none where the directory is empty, as of a lake whose files leave once they
   * were read.
   *
   * @throws LakeException if there is no such path
   */
  public static List<LakeFile> listOrNone(SparkSession spark, String path, Format format) {
    try {
      return format == Format.DELTA ? deltaTable(spark, path) : files(spark, path);
    } catch (IllegalArgumentException e) {
      throw LakeException.noPath(path, e);
    } catch (IOException e) {
      throw LakeException.notListed(path, e);
    }
  }

  private static List<LakeFile> files(SparkSession spark, String text) throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    Path path = new Path(text);
    FileSystem fs = path.getFileSystem(hadoop);
    FileStatus[] matches = matches(fs, path);
    if (matches.length == 0) {
      throw LakeException.missing(text);
    }
    Path root = root(fs, path);
    List<LakeFile> files = new ArrayList<>();
    for (FileStatus match : matches) {
      if (match.isDirectory()) {
        RemoteIterator<LocatedFileStatus> below = fs.listFiles(match.getPath(), true);
        while (below.hasNext()) {
          add(files, root, below.next());
        }
      } else {
        add(files, root, match);
      }
    }
    files.sort(Comparator.comparing(LakeFile::path));
    return files;
  }

  private static FileStatus[] matches(FileSystem fs, Path path) throws IOException {
    try {
      return new FileStatus[] {fs.getFileStatus(path)};
    } catch (FileNotFoundException e) {
      FileStatus[] matches = fs.globStatus(path);
      return matches == null ? new FileStatus[0] : matches;
    }
  }

  /** What relative paths start from: the directory, the file's directory, or the glob's base. */
  private static Path root(FileSystem fs, Path path) throws IOException {
    Path root = fs.makeQualified(path);
    if (fs.exists(root)) {
      return fs.getFileStatus(root).isDirectory() ? root : root.getParent();
    }
    Path base = root;
    for (Path step = root; step != null; step = step.getParent()) {
      if (step.getName().matches(".*[*?\\[{].*")) {
        base = step.getParent();
      }
    }
    return base;
  }

  private static void add(List<LakeFile> files, Path root, FileStatus status) {
    String relative = root.toUri().relativize(status.getPath().toUri()).getPath();
    for (String part : relative.split("/")) {
      if (part.startsWith("_") || part.startsWith(".")) {
        return;
      }
    }
    files.add(
        file(
            relative,
            status.getPath(),
            status.getLen(),
            Instant.ofEpochMilli(status.getModificationTime())));
  }

  private static List<LakeFile> deltaTable(SparkSession spark, String text) throws IOException {
    Path path = new Path(text);
    FileSystem fs = path.getFileSystem(spark.sparkContext().hadoopConfiguration());
    if (!fs.exists(path)) {
      throw LakeException.missing(text);
    }
    if (!io.delta.tables.DeltaTable.isDeltaTable(spark, text)) {
      throw LakeException.unreadable(text, "it is not a Delta table", null);
    }
    TableSnapshot table = TableSnapshot.at(spark, text);
    return List.of(
        file(path.getName(), fs.makeQualified(path), table.sizeInBytes(), table.committedAt()));
  }

  private static LakeFile file(String relative, Path path, long size, Instant modified) {
    String location = path.toString();
    return new LakeFile(
        relative, location, SparkPath.fromPathString(location).urlEncoded(), size, modified);
  }
}
