package io.perennial.lake;

import java.time.Instant;
import org.apache.hadoop.fs.Path;
import org.apache.spark.paths.SparkPath;

/**
 * A file of the lake. A Delta table counts as one file that changes with its version.
 *
 * @param path path relative to the lake's root, independent of where the lake is mounted
 * @param location absolute path for Spark
 * @param uri escaped URI, as in Spark's {@code _metadata.file_path}
 * @param size bytes
 * @param modified modification time
 */
public record LakeFile(String path, String location, String uri, long size, Instant modified) {

  static LakeFile of(String relative, Path path, long size, Instant modified) {
    String location = path.toString();
    return new LakeFile(
        relative, location, SparkPath.fromPathString(location).urlEncoded(), size, modified);
  }

  /** The location for Spark's readers, with the characters of glob patterns escaped. */
  String pattern() {
    return location.replaceAll("[{}\\[\\]*?\\\\]", "\\\\$0");
  }
}
