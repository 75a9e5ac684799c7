package io.perennial.cohorts;

import static org.apache.spark.sql.functions.*;

import io.perennial.months.CustomerDaysTable;
import io.perennial.table.Field;
import io.perennial.table.Table;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Computes {@code repurchase_curve}: the Kaplan-Meier estimator (Kaplan, Meier 1958, J. Am. Stat.
 * Assoc. 53) of the days from one order to the next. Customers who have not ordered again are
 * censored on the last observed day; leaving them out would bias the curve upwards.
 */
public final class RepurchaseCurve {

  private static final Field HAS_ORDERED =
      Field.flag("has_ordered", "Whether the next order was placed; censored otherwise.");
  private static final Field ORDERS_SO_FAR =
      Field.count("orders_so_far", "Orders of the customer up to the day.");

  private RepurchaseCurve() {}

  /**
   * @param days rows of customer_days
   * @param maxOrderNumber last order number of the curve
   */
  public static Dataset<Row> of(Dataset<Row> days, LocalDate asOf, int maxOrderNumber) {
    Dataset<Row> gaps = gaps(orderDays(days, asOf, maxOrderNumber), asOf, maxOrderNumber);
    WindowSpec number =
        Window.partitionBy(RepurchaseCurveTable.ORDER_NUMBER.col())
            .orderBy(RepurchaseCurveTable.DAY.col());
    WindowSpec fromDay = number.rowsBetween(Window.currentRow(), Window.unboundedFollowing());
    WindowSpec untilDay = number.rowsBetween(Window.unboundedPreceding(), Window.currentRow());
    Column survival =
        lit(1.0)
            .minus(RepurchaseCurveTable.ORDERED.col().divide(RepurchaseCurveTable.AT_RISK.col()));
    return gaps.groupBy(RepurchaseCurveTable.ORDER_NUMBER.col(), RepurchaseCurveTable.DAY.col())
        .agg(
            count(when(HAS_ORDERED.col(), lit(1))).as(RepurchaseCurveTable.ORDERED.name()),
            count(when(HAS_ORDERED.col(), lit(null)).otherwise(lit(1)))
                .as(RepurchaseCurveTable.CENSORED.name()))
        .withColumn(
            RepurchaseCurveTable.AT_RISK.name(),
            sum(RepurchaseCurveTable.ORDERED.col().plus(RepurchaseCurveTable.CENSORED.col()))
                .over(fromDay))
        .withColumn(
            RepurchaseCurveTable.PROBABILITY.name(),
            lit(1.0).minus(product(survival).over(untilDay)))
        .withColumn(Table.AS_OF.name(), lit(asOf))
        .select(RepurchaseCurveTable.TABLE.columns());
  }

  /** Per customer the days of orders 1 to {@code maxOrderNumber}; orders of one day share it. */
  private static Dataset<Row> orderDays(Dataset<Row> days, LocalDate asOf, int maxOrderNumber) {
    WindowSpec soFar =
        Window.partitionBy(CustomerDaysTable.CUSTOMER_ID.col())
            .orderBy(CustomerDaysTable.DAY.col())
            .rowsBetween(Window.unboundedPreceding(), Window.currentRow());
    List<Column> firsts = new ArrayList<>();
    for (int n = 1; n <= maxOrderNumber; n++) {
      firsts.add(min(when(ORDERS_SO_FAR.col().geq(n), CustomerDaysTable.DAY.col())).as(dayOf(n)));
    }
    return days.where(CustomerDaysTable.ORDERS.col().gt(0))
        .where(CustomerDaysTable.DAY.col().lt(lit(asOf)))
        .select(
            CustomerDaysTable.CUSTOMER_ID.col(),
            CustomerDaysTable.DAY.col(),
            CustomerDaysTable.ORDERS.col())
        .withColumn(ORDERS_SO_FAR.name(), sum(CustomerDaysTable.ORDERS.col()).over(soFar))
        .groupBy(CustomerDaysTable.CUSTOMER_ID.col())
        .agg(firsts.get(0), firsts.subList(1, firsts.size()).toArray(Column[]::new));
  }

  private static Dataset<Row> gaps(Dataset<Row> orderDays, LocalDate asOf, int maxOrderNumber) {
    List<Column> gaps = new ArrayList<>();
    for (int n = 2; n <= maxOrderNumber; n++) {
      Column from = col(dayOf(n - 1));
      Column to = col(dayOf(n));
      gaps.add(
          struct(
              lit(n).as(RepurchaseCurveTable.ORDER_NUMBER.name()),
              datediff(coalesce(to, lit(asOf.minusDays(1))), from)
                  .as(RepurchaseCurveTable.DAY.name()),
              to.isNotNull().as(HAS_ORDERED.name())));
    }
    return orderDays
        .select(inline(array(gaps.toArray(Column[]::new))))
        .where(RepurchaseCurveTable.DAY.col().isNotNull());
  }

  private static String dayOf(int orderNumber) {
    return "day_of_order_" + orderNumber;
  }
}
