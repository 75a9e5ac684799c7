package io.perennial.cohorts;

import io.perennial.table.Field;
import io.perennial.table.Table;

public final class RepurchaseCurveTable {

  private static final Table.Builder BUILDER =
      Table.snapshot("repurchase_curve")
          .oneRowPer("as_of, order number and day")
          .doc("How long customers take to their next order (Kaplan-Meier).");

  public static final Field ORDER_NUMBER =
      BUILDER.integer("order_number", "n: the time from order n-1 to order n; 2 and up.");
  public static final Field DAY =
      BUILDER.integer(
          "day", "Whole days since order n-1; days on which nothing changes have no row.");
  public static final Field AT_RISK =
      BUILDER.count(
          "at_risk", "Customers who had not placed order n before this day, and were observed.");
  public static final Field ORDERED =
      BUILDER.count("ordered", "Customers who placed order n on this day.");
  public static final Field CENSORED =
      BUILDER.count(
          "censored",
          "Customers whose last observed day, as_of - 1, is this one, without order n.");
  public static final Field PROBABILITY =
      BUILDER.rate("probability", "Kaplan-Meier probability of order n by the end of this day.");

  public static final Table TABLE =
      BUILDER
          .key(Table.AS_OF, ORDER_NUMBER, DAY)
          .invariant("probability_is_one", "probability >= 0 AND probability <= 1")
          .build();

  private RepurchaseCurveTable() {}
}
