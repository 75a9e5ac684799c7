/**
 * Tables: each is declared once with its grain, columns and rules. {@link
 * io.perennial.table.TableStore} reads and writes them as Delta tables, {@link
 * io.perennial.table.Lease} admits one writer at a time, and {@link io.perennial.table.Runs}
 * publishes the versions of a run by one row of {@code runs}. Compaction, vacuum and the retention
 * of snapshots keep them small.
 */
package io.perennial.table;
