package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import java.time.LocalDate;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.stat.Summarizer;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What standardisation needs to know of the customers of one origin, taken once for every model
 * that learns from it.
 *
 * @param customers eligible customers
 * @param churned how many of them have label 1
 * @param digest exact sums over their histories: another one means other data
 * @param means of each term
 * @param variances of each term
 * @param lows least value of each term
 * @param highs greatest value of each term
 */
record OriginStatistics(
    long customers,
    long churned,
    String digest,
    double[] means,
    double[] variances,
    double[] lows,
    double[] highs) {

  /**
   * One pass over all origins.
   *
   * @param rows eligible, labelled rows with {@link TermVectors}
   */
  static SortedMap<LocalDate, OriginStatistics> of(Dataset<Row> rows) {
    Column summary =
        Summarizer.metrics("mean", "variance", "min", "max").summary(TermVectors.column());
    SortedMap<LocalDate, OriginStatistics> result = new TreeMap<>();
    for (Row row :
        rows.groupBy(col(History.ORIGIN))
            .agg(
                count(lit(1)),
                sum(col(Labels.LABEL)),
                sum(col(GroupedHistory.PURCHASE_DAYS)),
                sum(col(History.NET_MINOR)),
                sum(col(History.THOUSANDTHS)),
                summary)
            .collectAsList()) {
      Row figures = row.getStruct(6);
      result.put(
          row.getDate(0).toLocalDate(),
          new OriginStatistics(
              row.getLong(1),
              row.isNullAt(2) ? 0 : row.getLong(2),
              row.getLong(1)
                  + "/"
                  + row.get(2)
                  + "/"
                  + row.get(3)
                  + "/"
                  + row.get(4)
                  + "/"
                  + row.get(5),
              figures.<Vector>getAs(0).toArray(),
              figures.<Vector>getAs(1).toArray(),
              figures.<Vector>getAs(2).toArray(),
              figures.<Vector>getAs(3).toArray()));
    }
    return result;
  }

  double churnRate() {
    return churned / (double) customers;
  }

  /** Whether there is something to learn. */
  boolean hasBothOutcomes() {
    return churned > 0 && churned < customers;
  }
}
