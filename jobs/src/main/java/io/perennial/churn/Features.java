package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import io.perennial.churn.Feature.Group;
import io.perennial.churn.Feature.Term;
import io.perennial.months.CustomerDaysTable;
import io.perennial.table.Field;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataTypes;

/**
 * Every feature of the churn model: the one place to add one. Features are functions of the columns
 * of {@link GroupedHistory} and {@link BgNbdFeature}.
 */
final class Features {

  /** Stored with each model; to change when a feature is added, removed or computed differently. */
  static final String VERSION = "1";

  /** Prior scale of terms with a small effect: their coefficients need clearer evidence. */
  private static final double SECONDARY = 0.2;

  /** Prior scale of money: prices and assortments change, so its effect is the least stable. */
  private static final double MONEY = 0.1;

  /** Prior scale of the BG/NBD feature: a strong predictor, shrunk least. */
  private static final double BG_NBD = 2;

  private static final int YEAR = 365;

  private Features() {}

  /**
   * The features, in the order of their columns in churn_models.
   *
   * @param horizonDays H, days of the outcome window
   * @param minorDigits decimal places of the currency
   */
  static List<Feature> of(int horizonDays, int minorDigits) {
    Column x = number(GroupedHistory.PURCHASE_DAYS);
    Column recency = daysSince(GroupedHistory.LAST_DAY);
    Column tenure = daysSince(GroupedHistory.FIRST_DAY);
    Column span =
        datediff(GroupedHistory.LAST_DAY.col(), GroupedHistory.FIRST_DAY.col()).cast("double");
    Column gross = number(History.GROSS_MINOR).multiply(Math.pow(10, -minorDigits));
    Column units = number(History.UNITS_MILLI).divide(1000);
    Column isRepeat = x.gt(1);
    Column usualGap = whole(round(span.divide(greatest(x.minus(1), lit(1)))));
    Column gap = span.plus(horizonDays).divide(x);
    Column lastOrder = concat(lit("last order "), days(recency), lit(" ago"));
    return List.of(
        new Feature(
            "recency",
            Group.RECENCY,
            List.of(new Term("recency_log", log1p(recency), 1)),
            lastOrder),
        new Feature(
            "tenure",
            Group.TENURE,
            List.of(new Term("tenure_log", log1p(tenure), 1)),
            concat(lit("customer for "), days(tenure))),
        // A single day has an effect of its own.
        new Feature(
            "frequency",
            Group.FREQUENCY,
            List.of(
                new Term("purchase_days_log", log(x), 1),
                new Term("ordered_once", when(isRepeat, 0.0).otherwise(1.0), 1)),
            when(isRepeat, concat(lit("ordered on "), days(x))).otherwise("ordered once")),
        new Feature(
            "active_90",
            Group.WINDOWS,
            List.of(new Term("purchase_days_90_log", log1p(number(GroupedHistory.DAYS_90)), 1)),
            inTheLast(GroupedHistory.DAYS_90, 90)),
        new Feature(
            "active_365",
            Group.WINDOWS,
            List.of(new Term("purchase_days_365_log", log1p(number(GroupedHistory.DAYS_365)), 1)),
            inTheLast(GroupedHistory.DAYS_365, YEAR)),
        // The usual gap is shrunk towards the horizon, as if one gap of that length had been
        // observed.
        new Feature(
            "cadence",
            Group.CADENCE,
            List.of(new Term("overdue_log", log1p(recency.divide(gap)), SECONDARY)),
            concat(
                decimal(recency.divide(gap), 1), lit(" times the usual gap since the last order"))),
        new Feature(
            "pace",
            Group.PACE,
            List.of(new Term("pace", BgNbdFeature.LOG_ODDS.col(), BG_NBD)),
            concat(
                when(isRepeat, concat(lastOrder, lit(", usually every "), usualGap))
                    .otherwise(concat(lit("ordered once, "), days(recency), lit(" ago"))),
                lit(": of such "),
                percent(lit(1.0).minus(BgNbdFeature.PROBABILITY.col())),
                lit(" order within " + horizonDays + " days"))),
        new Feature(
            "spend",
            Group.SPEND,
            List.of(new Term("spend_log", log1p(greatest(gross.divide(x), lit(0.0))), MONEY)),
            concat(lit("spends "), decimal(gross.divide(x), minorDigits), lit(" per order day"))),
        new Feature(
            "basket",
            Group.SPEND,
            List.of(new Term("units_log", log1p(greatest(units.divide(x), lit(0.0))), SECONDARY)),
            concat(lit("buys "), decimal(units.divide(x), 1), lit(" units per order day"))),
        // Shrunk by one order without a discount.
        new Feature(
            "discount_share",
            Group.DISCOUNTS,
            List.of(
                new Term(
                    "discount_share",
                    number(CustomerDaysTable.DISCOUNTED_ORDERS)
                        .divide(number(CustomerDaysTable.ORDERS).plus(1)),
                    SECONDARY)),
            concat(
                percent(
                    number(CustomerDaysTable.DISCOUNTED_ORDERS)
                        .divide(greatest(number(CustomerDaysTable.ORDERS), lit(1)))),
                lit(" of orders with a discount"))),
        new Feature(
            "refund_share",
            Group.REFUNDS,
            List.of(new Term("refund_share", refundShare(), SECONDARY)),
            concat(percent(refundShare()), lit(" of sales refunded"))),
        new Feature(
            "breadth",
            Group.BREADTH,
            List.of(
                new Term(
                    "categories_log",
                    log1p(number(CustomerDaysTable.CATEGORIES).divide(x)),
                    SECONDARY)),
            concat(
                decimal(number(CustomerDaysTable.CATEGORIES).divide(x), 1),
                lit(" categories per order day"))),
        // Shrunk by two days spread evenly; the even share for customers of less than a year.
        new Feature(
            "season",
            Group.SEASON,
            List.of(new Term("season_share", season(tenure, horizonDays), SECONDARY)),
            when(
                    tenure.geq(YEAR),
                    concat(
                        lit("ordered on "),
                        whole(number(GroupedHistory.SEASON_DAYS)),
                        lit(" days in the coming season of last year")))
                .otherwise("not a customer for a year yet")));
  }

  /**
   * The feature of the recency-only model: a linear spline of the log days since the last order.
   */
  static List<Feature> recencyOnly() {
    Column recency = log1p(daysSince(GroupedHistory.LAST_DAY));
    List<Term> terms = new ArrayList<>();
    terms.add(new Term("recency_log", recency, 1));
    for (int knot : List.of(7, 30, 90, 180)) {
      Column beyond = greatest(recency.minus(Math.log1p(knot)), lit(0.0));
      terms.add(new Term("recency_log_from_" + knot, beyond, 1));
    }
    return List.of(new Feature("recency", Group.RECENCY, terms, lit("")));
  }

  private static Column daysSince(Field day) {
    return datediff(History.ORIGIN.col(), day.col()).cast("double");
  }

  private static Column season(Column tenure, int horizonDays) {
    double even = Math.min(1, horizonDays / (double) YEAR);
    return when(
            tenure.geq(YEAR),
            number(GroupedHistory.SEASON_DAYS)
                .plus(2 * even)
                .divide(number(GroupedHistory.DAYS_365).plus(2)))
        .otherwise(even);
  }

  private static Column refundShare() {
    return least(
        greatest(
            number(History.REFUND_MINOR).divide(greatest(number(History.GROSS_MINOR), lit(1))),
            lit(0.0)),
        lit(1.0));
  }

  private static Column inTheLast(Field days, int window) {
    return when(number(days).equalTo(0), "no order in the last " + window + " days")
        .otherwise(
            concat(
                lit("ordered on "), whole(number(days)), lit(" of the last " + window + " days")));
  }

  private static Column number(Field field) {
    return field.col().cast("double");
  }

  private static Column whole(Column value) {
    return value.cast("bigint").cast("string");
  }

  private static Column decimal(Column value, int digits) {
    return value.cast(DataTypes.createDecimalType(18, digits)).cast("string");
  }

  private static Column days(Column value) {
    return when(value.equalTo(1), "1 day").otherwise(concat(whole(value), lit(" days")));
  }

  private static Column percent(Column share) {
    return concat(whole(round(share.multiply(100))), lit(" %"));
  }
}
