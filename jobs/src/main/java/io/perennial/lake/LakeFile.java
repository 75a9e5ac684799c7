package io.perennial.lake;

import java.time.Instant;

/**
 * A file of the lake; a Delta table counts as one file, whose content changes with its version.
 *
 * @param path relative to the lake's root, which keeps it the same wherever the lake is mounted
 * @param location where Spark finds it
 * @param uri how Spark names it in {@code _metadata.file_path}: escaped
 * @param size bytes
 * @param modified modification time
 */
public record LakeFile(String path, String location, String uri, long size, Instant modified) {

  /** The location for Spark's readers, which take {@code [1]} in a path for a pattern. */
  String pattern() {
    return location.replaceAll("[{}\\[\\]*?\\\\]", "\\\\$0");
  }

  /** Whether its content may differ from what was read before. */
  public boolean differsFrom(long readSize, Instant readModified) {
    return size != readSize || !modified.equals(readModified);
  }
}
