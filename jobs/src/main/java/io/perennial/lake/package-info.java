/**
 * From files to typed records: lists the lake's files and reads them as stored, by one class for
 * each format, and types them by the expressions of a source. A value that cannot be typed becomes
 * a fault of its record.
 */
package io.perennial.lake;
