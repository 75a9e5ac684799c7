package io.perennial.table;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What differs between two versions of a table that is cut by month, by the files that one has and
 * the other has not: files of both are not read. A row of files that were only written anew is on
 * both sides.
 *
 * @param gone rows of files that are no longer there
 * @param come rows of files that were not there
 * @param monthsGone the months of the rows that are gone
 */
public record TableChanges(Dataset<Row> gone, Dataset<Row> come, Months monthsGone) {}
