/**
 * From files to typed records: finds the lake's files, reads them as stored without inferring
 * anything, and types them by the expressions of a source. What cannot be typed keeps its reason.
 */
package io.perennial.lake;
