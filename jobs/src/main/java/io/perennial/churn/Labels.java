package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import io.perennial.months.CustomerDaysTable;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What came of it: 1 for a customer without a valid order in the outcome window [t0, t0+H) of an
 * origin t0. Labels are the only part of churn that looks at an origin's future, and only at one
 * that is over.
 */
final class Labels {

  /** 1: churned, 0: ordered; null where the outcome is not known yet. */
  static final String LABEL = "label";

  private static final String ORDERED = "ordered_in_windows";

  private Labels() {}

  /**
   * Adds {@link #LABEL} to rows with customer_id and {@link History#ORIGIN}; as_of itself has none.
   *
   * @param rows one row per origin and customer
   * @param days rows of customer_days
   * @param labelled origins that want a label
   * @throws IllegalArgumentException if the outcome window of one is not over by as_of
   */
  static Dataset<Row> label(
      Dataset<Row> rows, Dataset<Row> days, RollingOrigins grid, List<LocalDate> labelled) {
    Set<LocalDate> origins = new TreeSet<>(labelled);
    origins.forEach(grid::requireOver);
    if (origins.isEmpty()) {
      return rows.withColumn(LABEL, lit(null).cast("int"));
    }
    Dataset<Row> ordered =
        days.where(CustomerDaysTable.ORDERS.col().gt(0))
            .where(CustomerDaysTable.DAY.col().lt(lit(grid.asOf())))
            .where(CustomerDaysTable.DAY.col().geq(lit(origins.iterator().next())))
            .groupBy(CustomerDaysTable.CUSTOMER_ID.col())
            .agg(bit_or(shiftLeft(window(CustomerDaysTable.DAY.col(), grid))).as(ORDERED));
    Column hasOrdered =
        coalesce(col(ORDERED), lit(0L))
            .bitwiseAND(shiftLeft(window(col(History.ORIGIN), grid)))
            .notEqual(0L);
    Column isLabelled = col(History.ORIGIN).isin(origins.toArray());
    return rows.join(
            ordered,
            scala.jdk.javaapi.CollectionConverters.asScala(
                    List.of(CustomerDaysTable.CUSTOMER_ID.name()))
                .toSeq(),
            "left")
        .withColumn(LABEL, when(isLabelled, when(hasOrdered, lit(0)).otherwise(lit(1))))
        .drop(ORDERED);
  }

  /** Number of the window that holds a day, counted back from as_of: 1 is the newest. */
  private static Column window(Column day, RollingOrigins grid) {
    Column before = datediff(lit(grid.asOf()), day).cast("bigint");
    return call_function("div", before.minus(1), lit((long) grid.horizonDays())).plus(1);
  }

  private static Column shiftLeft(Column bits) {
    return call_function("shiftleft", lit(1L), bits.cast("int"));
  }
}
