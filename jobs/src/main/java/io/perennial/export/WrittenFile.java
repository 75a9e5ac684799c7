package io.perennial.export;

/**
 * A file of an export, or a part of one.
 *
 * @param name its name in the export's directory
 * @param kind full, add or remove
 * @param rows without the headings
 */
record WrittenFile(String name, String kind, long rows, long bytes, String sha256) {

  WrittenFile renamed(String newName) {
    return new WrittenFile(newName, kind, rows, bytes, sha256);
  }
}
