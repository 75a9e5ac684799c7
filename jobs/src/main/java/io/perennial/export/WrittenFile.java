package io.perennial.export;

/**
 * A file of an export.
 *
 * @param name its name in the export's directory
 * @param kind full, add or remove
 * @param rows rows without headings
 * @param bytes size in bytes
 * @param sha256 of its bytes
 */
record WrittenFile(String name, String kind, long rows, long bytes, String sha256) {}
