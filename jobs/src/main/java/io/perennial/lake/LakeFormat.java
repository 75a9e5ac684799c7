package io.perennial.lake;

import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A storage format of a lake. To add one, implement this and register it in {@link LakeFormats}.
 */
interface LakeFormat {

  /**
   * Lists the files below a path; a table with versions counts as one file.
   *
   * @return none if the directory is empty
   * @throws LakeException if there is no such path
   */
  default List<LakeFile> list(SparkSession spark, String path) throws IOException {
    return FileListing.list(spark, path);
  }

  /**
   * Reads files as raw records: the columns as stored, and those that {@link RawReader} declares.
   *
   * @return the records in parts, each of files with the same columns
   * @throws LakeException if a file is not of the format, or lacks a required column
   */
  List<Dataset<Row>> read(RawReader reader, List<LakeFile> files);
}
