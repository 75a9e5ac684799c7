package io.perennial.cohorts;

import static org.apache.spark.sql.functions.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.perennial.config.Settings;
import io.perennial.customers.CustomersTable;
import io.perennial.months.CustomerDaysTable;
import io.perennial.months.CustomerMonths;
import io.perennial.testing.SharedSpark;
import io.perennial.testing.TableRows;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/**
 * The textbook example of the retention rate: 10,000 customers at the start, 5,500 new, 2,500 lost,
 * 13,000 at the end: (13,000 - 5,500) / 10,000 = 75 %.
 */
class TextbookTest {

  private static final LocalDate AS_OF = LocalDate.of(2024, 8, 1);

  @Test
  void tenThousandCustomersOfWhomAQuarterIsLostAreSeventyFivePercentRetained() {
    Dataset<Row> days =
        days("old", 10_000, "2024-01-10")
            .union(days("old", 7_500, "2024-07-10"))
            .union(days("new", 5_500, "2024-07-20"));
    Dataset<Row> customers =
        customers("old", 10_000, "2024-01-10").union(customers("new", 5_500, "2024-07-20"));
    Dataset<Row> months =
        CustomerMonths.asOf(CustomerMonths.of(days, customers, 2), days, customers, AS_OF, 2);

    Settings.Cohorts settings = new Settings.Cohorts(List.of(), 6, 90, Optional.empty());
    Dataset<Row> summary =
        RetentionSummary.of(
            RetentionSummary.sums(months, days, customers, AS_OF, settings), AS_OF, settings, 2);
    Map<String, Object> july =
        TableRows.of(summary.where(RetentionSummaryTable.MONTH.col().equalTo("2024-07-01"))).get(0);

    assertThat(july)
        .contains(
            entry("customers_start", 10_000L),
            entry("new", 5_500L),
            entry("lost", 2_500L),
            entry("reactivated", 0L),
            entry("customers_end", 13_000L),
            entry("retention_rate", 0.75),
            entry("churn_rate", 0.25));
  }

  /** The first customers of a group, each with one order of 1.00 on the day. */
  private static Dataset<Row> days(String group, int customers, String day) {
    Column one = expr("CAST(1 AS DECIMAL(18,2))");
    Column none = expr("CAST(0 AS DECIMAL(18,2))");
    return ids(group, customers)
        .select(
            col("customer_id"),
            lit(day).cast("date").as(CustomerDaysTable.DAY.name()),
            lit(1L).as(CustomerDaysTable.ORDERS.name()),
            expr("CAST(1 AS DECIMAL(18,3))").as(CustomerDaysTable.UNITS.name()),
            one.as(CustomerDaysTable.GROSS.name()),
            none.as(CustomerDaysTable.DISCOUNT.name()),
            none.as(CustomerDaysTable.REFUND.name()),
            one.as(CustomerDaysTable.NET.name()),
            lit(0L).as(CustomerDaysTable.DISCOUNTED_ORDERS.name()),
            lit(1L).as(CustomerDaysTable.CATEGORIES.name()),
            lit(day).cast("timestamp").as(CustomerDaysTable.FIRST_ORDER_AT.name()),
            lit(day).cast("timestamp").as(CustomerDaysTable.LAST_ORDER_AT.name()));
  }

  private static Dataset<Row> customers(String group, int customers, String day) {
    return ids(group, customers)
        .select(
            col("customer_id"),
            lit(day).cast("timestamp").as(CustomersTable.FIRST_ORDER_AT.name()),
            expr("trunc(DATE '" + day + "', 'MM')").as(CustomersTable.COHORT_MONTH.name()));
  }

  private static Dataset<Row> ids(String group, int customers) {
    return SharedSpark.session()
        .range(customers)
        .select(concat(lit(group), col("id").cast("string")).as("customer_id"));
  }
}
