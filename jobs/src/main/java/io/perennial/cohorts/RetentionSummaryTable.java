package io.perennial.cohorts;

import io.perennial.table.Columns;
import io.perennial.table.Field;
import io.perennial.table.Table;

public final class RetentionSummaryTable {

  private static final Table.Builder BUILDER =
      Table.snapshot("retention_summary")
          .oneRowPer("as_of, dimension, dimension value and month")
          .doc(
              "Customers at the start and end of each month, won, lost and won back:"
                  + " E = S + N + reactivated - lost.")
          .fields(CohortMatrixTable.DIMENSION, CohortMatrixTable.DIMENSION_VALUE);
  private static final Columns NULLABLE = BUILDER.orNull();

  public static final Field MONTH = BUILDER.date("month", "First day of the local month.");
  public static final Field STATE =
      BUILDER.text("state", "complete: the month is over by as_of; partial: it has begun.");
  public static final Field CUSTOMERS_START =
      BUILDER.count(
          "customers_start",
          "S: customers with a valid order in the W months before the month (W ="
              + " cohorts.active-window).");
  public static final Field CUSTOMERS_END =
      NULLABLE.count(
          "customers_end",
          "E: customers with a valid order in the W months ending with the month; null while it"
              + " is partial.");
  public static final Field NEW =
      BUILDER.count("new", "N: customers whose first valid order is of the month.");
  public static final Field LOST =
      NULLABLE.count("lost", "Customers in S and not in E; null while the month is partial.");
  public static final Field REACTIVATED =
      BUILDER.count("reactivated", "Customers in E, neither in S nor new.");
  public static final Field RETENTION_RATE =
      NULLABLE.rate(
          "retention_rate",
          "(S - lost) / S; null while the month is partial, or where less than W months of"
              + " history precede it.");
  public static final Field CHURN_RATE =
      NULLABLE.rate("churn_rate", "lost / S; null as retention_rate.");
  public static final Field ORDERS = BUILDER.count("orders", "Valid orders of the month.");
  public static final Field AOV =
      NULLABLE.rate(
          "aov", "Average order value: (gross - discount) / orders; null without orders.");
  public static final Field NET_NEW =
      BUILDER.money("net_new", "Net of the month from customers acquired in it.");
  public static final Field NET_RETURNING =
      BUILDER.money("net_returning", "Net of the month from customers acquired before it.");
  public static final Field REPEAT_PURCHASE_RATE =
      NULLABLE.rate(
          "repeat_purchase_rate",
          "Share of the customers acquired in the month who ordered again within"
              + " cohorts.repeat-days, of those for whom these days are over by as_of.");

  public static final Table TABLE =
      BUILDER
          .key(Table.AS_OF, CohortMatrixTable.DIMENSION, CohortMatrixTable.DIMENSION_VALUE, MONTH)
          .invariant(
              "customers_add_up",
              "lost IS NULL OR customers_end = customers_start + `new` + reactivated - lost")
          .build();

  private RetentionSummaryTable() {}
}
