/**
 * Everything that touches the internals of Delta Lake and Spark: transactions, snapshots of the
 * log, compaction, and the removal of history.
 */
package io.perennial.table.delta;
