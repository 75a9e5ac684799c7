package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import io.perennial.months.CustomerDaysTable;
import io.perennial.table.Field;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The outcome of a customer at an origin t0: 1 without a valid order in the outcome window [t0,
 * t0+H). Only this class reads an origin's future, and only where the window is over.
 */
final class Labels {

  static final Field LABEL =
      Field.integer("label", "1: churned, 0: ordered, null: not known yet.").orNull();

  private static final Field ORDERED_WINDOWS =
      Field.count("ordered_windows", "Bit k is set where the customer ordered in window k.");

  private Labels() {}

  /**
   * Adds {@link #LABEL} to rows with customer_id and {@link History#ORIGIN}.
   *
   * @param rows one row per origin and customer
   * @param days rows of customer_days
   * @param labelled origins to label; every other row has a null label
   * @throws IllegalArgumentException if the outcome window of one is not over by as_of
   */
  static Dataset<Row> label(
      Dataset<Row> rows, Dataset<Row> days, RollingOrigins origins, List<LocalDate> labelled) {
    Set<LocalDate> sorted = new TreeSet<>(labelled);
    sorted.forEach(origins::requireOutcomeKnown);
    if (sorted.isEmpty()) {
      return rows.withColumn(LABEL.name(), lit(null).cast(LABEL.fixedType()));
    }
    Dataset<Row> ordered =
        days.where(CustomerDaysTable.ORDERS.col().gt(0))
            .where(CustomerDaysTable.DAY.col().lt(lit(origins.asOf())))
            .where(CustomerDaysTable.DAY.col().geq(lit(sorted.iterator().next())))
            .groupBy(CustomerDaysTable.CUSTOMER_ID.col())
            .agg(
                bit_or(bit(window(CustomerDaysTable.DAY.col(), origins)))
                    .as(ORDERED_WINDOWS.name()));
    Column hasOrdered =
        coalesce(ORDERED_WINDOWS.col(), lit(0L))
            .bitwiseAND(bit(window(History.ORIGIN.col(), origins)))
            .notEqual(0L);
    Column isLabelled = History.ORIGIN.col().isin(sorted.toArray());
    return rows.join(
            ordered,
            scala.jdk.javaapi.CollectionConverters.asScala(
                    List.of(CustomerDaysTable.CUSTOMER_ID.name()))
                .toSeq(),
            "left")
        .withColumn(LABEL.name(), when(isLabelled, when(hasOrdered, lit(0)).otherwise(lit(1))))
        .drop(ORDERED_WINDOWS.name());
  }

  /** Number of the outcome window that holds a day, counted back from as_of: 1 is the newest. */
  private static Column window(Column day, RollingOrigins origins) {
    Column before = datediff(lit(origins.asOf()), day).cast("bigint");
    return call_function("div", before.minus(1), lit((long) origins.horizonDays())).plus(1);
  }

  private static Column bit(Column number) {
    return call_function("shiftleft", lit(1L), number.cast("int"));
  }
}
