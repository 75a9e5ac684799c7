package io.perennial.cohorts;

import io.perennial.table.Field;
import io.perennial.table.Table;

/** Declares {@code retention_summary}. */
public final class RetentionSummaryTable {

  public static final Field MONTH = Field.date("month", "First day of the local month.");
  public static final Field STATE =
      Field.text("state", "complete: the month is over by as_of; partial: it has begun.");
  public static final Field CUSTOMERS_START =
      Field.count(
          "customers_start",
          "S: customers with a valid order in the W months before the month (W ="
              + " cohorts.active-window).");
  public static final Field CUSTOMERS_END =
      Field.count(
              "customers_end",
              "E: customers with a valid order in the W months ending with the month; null while it"
                  + " is partial.")
          .orNull();
  public static final Field NEW =
      Field.count("new", "N: customers whose first valid order is of the month.");
  public static final Field LOST =
      Field.count("lost", "Customers in S and not in E; null while the month is partial.").orNull();
  public static final Field REACTIVATED =
      Field.count("reactivated", "Customers in E, neither in S nor new.");
  public static final Field RETENTION_RATE =
      Field.rate(
              "retention_rate",
              "(S - lost) / S; null while the month is partial, or where less than W months of"
                  + " history precede it.")
          .orNull();
  public static final Field CHURN_RATE =
      Field.rate("churn_rate", "lost / S; null as retention_rate.").orNull();
  public static final Field ORDERS = Field.count("orders", "Valid orders of the month.");
  public static final Field AOV =
      Field.rate("aov", "Average order value: (gross - discount) / orders; null without orders.")
          .orNull();
  public static final Field NET_NEW =
      Field.money("net_new", "Net of the month from customers acquired in it.");
  public static final Field NET_RETURNING =
      Field.money("net_returning", "Net of the month from customers acquired before it.");
  public static final Field REPEAT_PURCHASE_RATE =
      Field.rate(
              "repeat_purchase_rate",
              "Share of the customers acquired in the month who ordered again within"
                  + " cohorts.repeat-days, of those for whom these days are over by as_of.")
          .orNull();

  public static final Table TABLE =
      Table.named("retention_summary")
          .oneRowPer("as_of, dimension, dimension value and month")
          .doc(
              "Customers at the start and end of each month, won, lost and won back:"
                  + " E = S + N + reactivated - lost.")
          .fields(
              Table.AS_OF,
              CohortMatrixTable.DIMENSION,
              CohortMatrixTable.DIMENSION_VALUE,
              MONTH,
              STATE,
              CUSTOMERS_START,
              CUSTOMERS_END,
              NEW,
              LOST,
              REACTIVATED,
              RETENTION_RATE,
              CHURN_RATE,
              ORDERS,
              AOV,
              NET_NEW,
              NET_RETURNING,
              REPEAT_PURCHASE_RATE)
          .key(Table.AS_OF, CohortMatrixTable.DIMENSION, CohortMatrixTable.DIMENSION_VALUE, MONTH)
          .partitionedBy(Table.AS_OF)
          .invariant(
              "customers_add_up",
              "lost IS NULL OR customers_end = customers_start + `new` + reactivated - lost")
          .build();

  private RetentionSummaryTable() {}
}
