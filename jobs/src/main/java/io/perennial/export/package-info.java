/**
 * Writes the members of audiences to files for advertising and e-mail platforms. Each platform has
 * one class with its columns, normalisation and hashing; a log of what was sent, in the private
 * state, gives the rows to add and to remove since the export before.
 */
package io.perennial.export;
