package io.perennial.ingest;

import static io.perennial.ingest.CandidateLines.c;
import static org.apache.spark.sql.functions.*;

import io.perennial.config.Settings;
import io.perennial.config.SourceColumn;
import io.perennial.lake.Mapping;
import io.perennial.spark.EmailMask;
import io.perennial.spark.Money;
import io.perennial.table.Field;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Whether a typed record makes sense by itself, and what it amounts to. A record that breaks a rule
 * is rejected with every reason that applies.
 */
final class RecordRules {

  /** Whether money goes back: {@code kind = refund} or a negative quantity. */
  static final Column IS_REFUND = col("is_refund");

  /** Unsigned amount in minor units. */
  static final Column AMOUNT_MINOR = col("amount_minor");

  /** Keys longer than this are mistakes, such as a document in the place of a number. */
  static final int MAX_KEY = 256;

  /** Amounts above this many minor units are mistakes; sums of 10,000 of them still fit. */
  private static final long MAX_AMOUNT = 900_000_000_000_000L;

  private record Rule(Column broken, Column reason) {}

  private RecordRules() {}

  /**
   * Adds {@link #IS_REFUND}, {@link #AMOUNT_MINOR}, and to {@link Mapping#IS_FAULTY} and {@link
   * Mapping#FAULTS} what is wrong with values that could be typed.
   */
  static Dataset<Row> check(Dataset<Row> records, Settings settings) {
    int digits = settings.shop().minorDigits();
    Column q = c(SourceColumn.QUANTITY);
    Column kind = lower(c(SourceColumn.KIND));
    Dataset<Row> withAmount =
        records
            .withColumn(
                "is_refund",
                coalesce(kind.equalTo("refund"), lit(false)).or(coalesce(q.lt(0), lit(false))))
            .withColumn("amount_minor", amount(digits));

    List<Rule> rules = rules(settings);
    Column broken = lit(false);
    List<Column> reasons = new ArrayList<>();
    reasons.add(Mapping.FAULTS);
    for (Rule rule : rules) {
      Column applies = coalesce(rule.broken(), lit(false));
      broken = broken.or(applies);
      reasons.add(when(applies, rule.reason()));
    }
    Column isFaulty = Mapping.IS_FAULTY.or(broken);
    Column words = EmailMask.masked(concat_ws(Mapping.SEPARATOR, reasons.toArray(Column[]::new)));
    return withAmount.withColumn("faults", when(isFaulty, words)).withColumn("is_faulty", isFaulty);
  }

  /** Whether a record states another currency than the shop's. */
  static Column isForeign(Settings settings) {
    return coalesce(
        upper(c(SourceColumn.CURRENCY)).notEqual(settings.shop().currency().getCurrencyCode()),
        lit(false));
  }

  /**
   * Rejects records without a currency that belong to an order in a foreign one: a blank cell takes
   * the value of the order's other records.
   *
   * @param checked records as {@link #check} gives them
   */
  static Dataset<Row> inTheirOrdersCurrency(Dataset<Row> checked, Settings settings) {
    Dataset<Row> orders =
        checked
            .where(isForeign(settings))
            .groupBy(c(SourceColumn.ORDER_ID).as("foreign_order"))
            .agg(min(c(SourceColumn.CURRENCY)).as("foreign_currency"));
    Column foreign = c(SourceColumn.CURRENCY).isNull().and(col("foreign_order").isNotNull());
    Column reason =
        concat(
            lit(
                "currency must be "
                    + settings.shop().currency().getCurrencyCode()
                    + ", is on other records of the order: "),
            Mapping.shown(col("foreign_currency")));
    return checked
        .join(broadcast(orders), c(SourceColumn.ORDER_ID).equalTo(col("foreign_order")), "left")
        .withColumn(
            "faults",
            when(foreign, concat_ws(Mapping.SEPARATOR, Mapping.FAULTS, reason))
                .otherwise(Mapping.FAULTS))
        .withColumn("is_faulty", Mapping.IS_FAULTY.or(foreign))
        .drop("foreign_order", "foreign_currency");
  }

  private static List<Rule> rules(Settings settings) {
    List<Rule> rules = new ArrayList<>();
    Column isTyped = not(Mapping.IS_FAULTY);
    Column q = c(SourceColumn.QUANTITY);
    Column p = c(SourceColumn.UNIT_PRICE);
    Column refunded = c(SourceColumn.REFUND_AMOUNT);
    Column stated = IS_REFUND.and(refunded.isNotNull());
    rules.add(new Rule(isTyped.and(c(SourceColumn.ORDER_ID).isNull()), lit("order_id is missing")));
    for (SourceColumn key :
        List.of(
            SourceColumn.ORDER_ID,
            SourceColumn.LINE_ID,
            SourceColumn.CUSTOMER_ID,
            SourceColumn.PRODUCT_ID)) {
      if (settings.source().maps(key)) {
        rules.add(
            new Rule(
                length(c(key)).gt(MAX_KEY),
                concat(
                    lit(key.label() + " has "),
                    length(c(key)).cast(DataTypes.StringType),
                    lit(" characters, at most " + MAX_KEY + " are allowed"))));
      }
    }
    rules.add(dated(SourceColumn.ORDERED_AT, settings));
    if (settings.source().maps(SourceColumn.REFUNDED_AT)) {
      rules.add(dated(SourceColumn.REFUNDED_AT, settings));
    }
    rules.add(new Rule(isTyped.and(q.isNull()).and(not(stated)), lit("quantity is missing")));
    rules.add(new Rule(q.equalTo(0).and(not(stated)), lit("quantity is 0")));
    rules.add(new Rule(isTyped.and(p.isNull()).and(not(stated)), lit("unit_price is missing")));
    rules.add(
        new Rule(
            p.lt(0).and(not(coalesce(lower(c(SourceColumn.KIND)).equalTo("refund"), lit(false)))),
            says("unit_price is negative: ", p)));
    if (settings.source().maps(SourceColumn.KIND)) {
      rules.add(
          new Rule(
              not(lower(c(SourceColumn.KIND)).isin("sale", "refund")),
              says("kind must be sale or refund, is: ", c(SourceColumn.KIND))));
    }
    for (SourceColumn amount :
        List.of(SourceColumn.DISCOUNT, SourceColumn.ORDER_DISCOUNT, SourceColumn.REFUND_AMOUNT)) {
      if (settings.source().maps(amount)) {
        rules.add(new Rule(c(amount).lt(0), says(amount.label() + " is negative: ", c(amount))));
      }
    }
    if (settings.source().maps(SourceColumn.DISCOUNT)) {
      rules.add(
          new Rule(
              IS_REFUND.and(not(stated)).and(c(SourceColumn.DISCOUNT).gt(0)),
              says(
                  "a refund has a discount (map the money that went back to refund_amount): ",
                  c(SourceColumn.DISCOUNT))));
    }
    if (settings.source().maps(SourceColumn.CURRENCY)) {
      String shop = settings.shop().currency().getCurrencyCode();
      rules.add(
          new Rule(
              isForeign(settings),
              says("currency must be " + shop + ", is: ", c(SourceColumn.CURRENCY))));
    }
    rules.add(
        new Rule(
            q.isNotNull()
                .and(p.isNotNull())
                .and(AMOUNT_MINOR.isNull().or(AMOUNT_MINOR.gt(MAX_AMOUNT))),
            says("the amount is out of range: quantity ", q)));
    return rules;
  }

  private static Rule dated(SourceColumn column, Settings settings) {
    Column at = c(column);
    return new Rule(
        at.lt(startOf(settings.lake().earliest(), settings))
            .or(at.geq(startOf(settings.lake().latest().plusDays(1), settings))),
        says(
            column.label()
                + " is not within "
                + settings.lake().earliest()
                + ".."
                + settings.lake().latest()
                + ": ",
            at));
  }

  private static Column startOf(LocalDate day, Settings settings) {
    Instant midnight = day.atStartOfDay(settings.shop().timeZone()).toInstant();
    return lit(midnight);
  }

  private static Column says(String words, Column value) {
    return concat(lit(words), Mapping.shown(value));
  }

  /**
   * Unsigned amount in minor units: the stated refund, else |quantity| x |unit price| rounded half
   * up. Whole numbers are multiplied as such; only products beyond 64 bits take the slow way.
   */
  private static Column amount(int digits) {
    Column q = abs(c(SourceColumn.QUANTITY));
    Column p = abs(c(SourceColumn.UNIT_PRICE));
    long unit = (long) Math.pow(10, Field.QUANTITY.scale() + Field.PRICE.scale() - digits);
    Column exact = try_multiply(Money.minorUnits(q), Money.minorUnits(p));
    Column fast = divide(exact.plus(lit(unit / 2)), unit);
    Column slow =
        Money.minorUnits(
            round(q.multiply(p), digits).try_cast(DataTypes.createDecimalType(18, digits)));
    Column product = when(exact.isNull().or(exact.gt(Long.MAX_VALUE - unit)), slow).otherwise(fast);
    return when(
            IS_REFUND.and(c(SourceColumn.REFUND_AMOUNT).isNotNull()),
            Money.minorUnits(c(SourceColumn.REFUND_AMOUNT)))
        .otherwise(product);
  }

  private static Column divide(Column dividend, long divisor) {
    return call_function("div", dividend, lit(divisor));
  }
}
