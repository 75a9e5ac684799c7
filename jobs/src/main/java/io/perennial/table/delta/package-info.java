/**
 * The use of Delta Lake's internals: transactions, snapshots of the log, atomic files, compaction,
 * and the removal of history.
 */
package io.perennial.table.delta;
