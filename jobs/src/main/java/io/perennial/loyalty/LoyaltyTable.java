package io.perennial.loyalty;

import io.perennial.customers.CustomersTable;
import io.perennial.table.Columns;
import io.perennial.table.Field;
import io.perennial.table.Table;

public final class LoyaltyTable {

  private static final Table.Builder BUILDER =
      Table.snapshot("loyalty")
          .oneRowPer("as_of and customer with a valid order before it")
          .doc("Points and tiers by the rules of loyalty.*; refunds take points back.");
  private static final Columns NULLABLE = BUILDER.orNull();

  public static final Field CUSTOMER_ID = BUILDER.add(CustomersTable.CUSTOMER_ID);
  public static final Field POINTS_EARNED =
      BUILDER.count(
          "points_earned",
          "loyalty.points-per-unit x (gross - discount) of all days before as_of, rounded down"
              + " once; 0 and up.");
  public static final Field POINTS_RETURNED =
      BUILDER.count(
          "points_returned",
          "loyalty.points-per-unit x refund of all days before as_of, rounded down once; at most"
              + " points_earned, since a purchase we do not know earned none.");
  public static final Field POINTS_BALANCE =
      BUILDER.count("points_balance", "points_earned - points_returned; 0 and up.");
  public static final Field TIER =
      BUILDER.text("tier", "The highest tier of loyalty.tiers that net_in_tier_window reaches.");
  public static final Field NET_IN_TIER_WINDOW =
      BUILDER.money(
          "net_in_tier_window",
          "Net of the loyalty.tier-window-months months before as_of, refunds on their own day; may"
              + " be negative.");
  public static final Field POINTS_TO_NEXT_TIER =
      NULLABLE.count(
          "points_to_next_tier",
          "Points that net_to_next_tier earns, rounded up; 1 and up, null in the highest tier.");
  public static final Field NEXT_TIER =
      NULLABLE.text("next_tier", "The tier above; null in the highest tier.");
  public static final Field NET_TO_NEXT_TIER =
      NULLABLE.money(
          "net_to_next_tier",
          "Net that is missing to the next tier: its threshold - net_in_tier_window; above 0,"
              + " null in the highest tier.");

  public static final Table TABLE =
      BUILDER
          .key(Table.AS_OF, CUSTOMER_ID)
          .invariant("balance_adds_up", "points_balance = points_earned - points_returned")
          .invariant("balance_is_not_negative", "points_returned >= 0 AND points_balance >= 0")
          .invariant("next_tier_is_ahead", "net_to_next_tier IS NULL OR points_to_next_tier >= 1")
          .build();

  private LoyaltyTable() {}
}
