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
 * Summary statistics of the eligible customers of one origin, computed once for all models trained
 * on it.
 *
 * @param customers eligible customers
 * @param churned customers with label 1
 * @param digest exact sums over the histories: a fingerprint of the data
 * @param means mean of each term
 * @param variances variance of each term
 * @param lows minimum of each term
 * @param highs maximum of each term
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
   * Collects the statistics of all origins in one pass.
   *
   * @param rows eligible, labelled rows with {@link TermVectors}
   */
  static SortedMap<LocalDate, OriginStatistics> of(Dataset<Row> rows) {
    Column summary =
        Summarizer.metrics("mean", "variance", "min", "max").summary(TermVectors.column());
    SortedMap<LocalDate, OriginStatistics> result = new TreeMap<>();
    for (Row row :
        rows.groupBy(History.ORIGIN.col())
            .agg(
                count(lit(1)),
                sum(Labels.LABEL.col()),
                sum(GroupedHistory.PURCHASE_DAYS.col()),
                sum(History.NET_MINOR.col()),
                sum(History.UNITS_MILLI.col()),
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

  /** Whether some customers churned and some did not. */
  boolean hasBothOutcomes() {
    return churned > 0 && churned < customers;
  }
}
