/**
 * From typed records to {@code order_lines}: decides which files to read, validates single records,
 * resolves records that describe the same line or order, and completes each line with the
 * attributes of its order. The outcome of every record is counted by file: accepted, duplicate,
 * superseded, rejected or erased.
 */
package io.perennial.ingest;
