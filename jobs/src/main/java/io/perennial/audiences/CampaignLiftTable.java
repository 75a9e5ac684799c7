package io.perennial.audiences;

import io.perennial.table.Columns;
import io.perennial.table.Field;
import io.perennial.table.Table;

public final class CampaignLiftTable {

  private static final Table.Builder BUILDER =
      Table.snapshot("campaign_lift")
          .oneRowPer("as_of, experiment and window")
          .doc(
              "What addressing customers changed, by their orders after they entered the"
                  + " experiment, against those who were held out; by intent to treat.");
  private static final Columns NULLABLE = BUILDER.orNull();

  public static final Field EXPERIMENT = BUILDER.add(AssignmentsTable.EXPERIMENT);
  public static final Field SENT_AS_OF =
      BUILDER.date(
          "sent_as_of", "Earliest as_of at which a customer counted here entered the experiment.");
  public static final Field LAST_SENT_AS_OF =
      BUILDER.date(
          "last_sent_as_of",
          "Latest as_of at which a customer counted here entered; later ones have no complete"
              + " window yet.");
  public static final Field WINDOW_DAYS =
      BUILDER.integer(
          "window_days",
          "Days from entering the experiment whose orders count; only windows that are over by"
              + " as_of.");
  public static final Field N_TARGET =
      BUILDER.count("n_target", "Customers of the arm target, addressed or not (intent to treat).");
  public static final Field N_CONTROL =
      BUILDER.count("n_control", "Customers of the arm control, who were held out.");
  public static final Field P_TARGET =
      NULLABLE.rate(
          "p_target", "Share of targets with a valid order in the window; null without any.");
  public static final Field P_CONTROL =
      NULLABLE.rate("p_control", "Share of controls with a valid order in it; null without any.");
  public static final Field LIFT =
      NULLABLE.rate(
          "lift", "p_target - p_control: what addressing changed, as a difference of shares.");
  public static final Field LOW =
      NULLABLE.rate(
          "low",
          "Lower end of the 95 % interval of lift; null where too few bought or did not for an"
              + " interval to hold what it says.");
  public static final Field HIGH =
      NULLABLE.rate("high", "Upper end of the 95 % interval of lift; null as low is.");
  public static final Field MINIMUM_DETECTABLE_EFFECT =
      NULLABLE.rate(
          "minimum_detectable_effect",
          "Difference of shares that groups of this size find with 80 % power at the two-sided 5"
              + " % level, if controls buy at p_control: (1.960 + 0.842) x sqrt(p_control (1 -"
              + " p_control) (1 / n_target + 1 / n_control)).");
  public static final Field INCREMENTAL_CUSTOMERS =
      NULLABLE.rate(
          "incremental_customers", "Targets who bought because of the campaign: lift x n_target.");
  public static final Field INCREMENTAL_ORDERS =
      NULLABLE.rate(
          "incremental_orders",
          "Valid orders that the campaign brought: (mean of targets - mean of controls) x"
              + " n_target.");
  public static final Field ORDERS_LOW =
      NULLABLE.rate(
          "incremental_orders_low",
          "Lower end of its 95 % interval (Welch); null where the groups are too small.");
  public static final Field ORDERS_HIGH =
      NULLABLE.rate("incremental_orders_high", "Upper end of its 95 % interval (Welch).");
  public static final Field INCREMENTAL_NET =
      NULLABLE.money(
          "incremental_net",
          "Net, refunds taken off, that the campaign brought: (mean of targets - mean of"
              + " controls) x n_target, rounded half up.");
  public static final Field NET_LOW =
      NULLABLE.money(
          "incremental_net_low",
          "Lower end of its 95 % interval (Welch); null where the groups are too small.");
  public static final Field NET_HIGH =
      NULLABLE.money("incremental_net_high", "Upper end of its 95 % interval (Welch).");
  public static final Field VERDICT =
      BUILDER.text(
          "verdict", "What can be said of it, in words: also that nothing can, and why not.");

  public static final Table TABLE =
      BUILDER
          .key(Table.AS_OF, EXPERIMENT, WINDOW_DAYS)
          .invariant("window_is_over", "date_add(last_sent_as_of, window_days) <= as_of")
          .build();

  private CampaignLiftTable() {}
}
