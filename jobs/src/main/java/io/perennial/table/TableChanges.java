package io.perennial.table;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What differs between two versions of a table that is partitioned by month, by the files that only
 * one of them has. Files of both are not read. A row of a file that was only rewritten is on both
 * sides.
 *
 * @param removed rows of files that only the earlier version has
 * @param added rows of files that only the later version has
 * @param removedMonths months of the removed rows
 */
public record TableChanges(Dataset<Row> removed, Dataset<Row> added, Months removedMonths) {}
