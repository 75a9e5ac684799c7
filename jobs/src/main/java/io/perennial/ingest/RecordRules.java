package io.perennial.ingest;

import static io.perennial.lake.Mapping.column;
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
 * Validates single typed records and computes their amounts. A record that breaks rules is rejected
 * with every reason that applies.
 */
final class RecordRules {

  static final Field IS_REFUND =
      Field.flag(
          "is_refund", "Whether the record is a refund: by its kind or a negative quantity.");

  static final Field AMOUNT_MINOR =
      Field.count("amount_minor", "Unsigned amount in minor units; null on overflow.").orNull();

  private static final Field FOREIGN_ORDER =
      OrderLinesTable.ORDER_ID.as("foreign_order", "Order with a record in a foreign currency.");
  private static final Field FOREIGN_CURRENCY =
      Field.text("foreign_currency", "Least foreign currency of the order.");

  /** Greatest length of a key: longer ones are mistakes in the mapping. */
  static final int MAX_KEY = 256;

  /** Greatest amount in minor units; a sum of 10,000 of them fits 64 bits. */
  private static final long MAX_AMOUNT = 900_000_000_000_000L;

  private record Rule(Column broken, Column reason) {}

  private RecordRules() {}

  /**
   * Adds {@link #IS_REFUND} and {@link #AMOUNT_MINOR}, and extends {@link Mapping#IS_FAULTY} and
   * {@link Mapping#FAULTS} by the rules for typed values.
   */
  static Dataset<Row> check(Dataset<Row> records, Settings settings) {
    int digits = settings.shop().minorDigits();
    Column q = column(SourceColumn.QUANTITY);
    Column kind = lower(column(SourceColumn.KIND));
    Dataset<Row> withAmount =
        records
            .withColumn(
                IS_REFUND.name(),
                coalesce(kind.equalTo("refund"), lit(false)).or(coalesce(q.lt(0), lit(false))))
            .withColumn(AMOUNT_MINOR.name(), amount(digits));

    List<Rule> rules = rules(settings);
    Column broken = lit(false);
    List<Column> reasons = new ArrayList<>();
    reasons.add(Mapping.FAULTS.col());
    for (Rule rule : rules) {
      Column applies = coalesce(rule.broken(), lit(false));
      broken = broken.or(applies);
      reasons.add(when(applies, rule.reason()));
    }
    Column isFaulty = Mapping.IS_FAULTY.col().or(broken);
    Column text = EmailMask.masked(concat_ws(Mapping.SEPARATOR, reasons.toArray(Column[]::new)));
    return withAmount
        .withColumn(Mapping.FAULTS.name(), when(isFaulty, text))
        .withColumn(Mapping.IS_FAULTY.name(), isFaulty);
  }

  /** Whether a record states another currency than the shop's. */
  static Column isForeign(Settings settings) {
    return coalesce(
        upper(column(SourceColumn.CURRENCY)).notEqual(settings.shop().currency().getCurrencyCode()),
        lit(false));
  }

  /**
   * Rejects records without a currency whose order has another record in a foreign currency.
   *
   * @param checked rows of {@link #check}
   */
  static Dataset<Row> withCurrencyOfOrder(Dataset<Row> checked, Settings settings) {
    Dataset<Row> orders =
        checked
            .where(isForeign(settings))
            .groupBy(column(SourceColumn.ORDER_ID).as(FOREIGN_ORDER.name()))
            .agg(min(column(SourceColumn.CURRENCY)).as(FOREIGN_CURRENCY.name()));
    Column foreign = column(SourceColumn.CURRENCY).isNull().and(FOREIGN_ORDER.col().isNotNull());
    Column reason =
        concat(
            lit(
                "currency must be "
                    + settings.shop().currency().getCurrencyCode()
                    + ", is on other records of the order: "),
            EmailMask.masked(Mapping.shown(FOREIGN_CURRENCY.col())));
    return checked
        .join(broadcast(orders), column(SourceColumn.ORDER_ID).equalTo(FOREIGN_ORDER.col()), "left")
        .withColumn(
            Mapping.FAULTS.name(),
            when(foreign, concat_ws(Mapping.SEPARATOR, Mapping.FAULTS.col(), reason))
                .otherwise(Mapping.FAULTS.col()))
        .withColumn(Mapping.IS_FAULTY.name(), Mapping.IS_FAULTY.col().or(foreign))
        .drop(FOREIGN_ORDER.name(), FOREIGN_CURRENCY.name());
  }

  private static List<Rule> rules(Settings settings) {
    List<Rule> rules = new ArrayList<>();
    Column isTyped = not(Mapping.IS_FAULTY.col());
    Column q = column(SourceColumn.QUANTITY);
    Column p = column(SourceColumn.UNIT_PRICE);
    Column refunded = column(SourceColumn.REFUND_AMOUNT);
    Column stated = IS_REFUND.col().and(refunded.isNotNull());
    rules.add(
        new Rule(isTyped.and(column(SourceColumn.ORDER_ID).isNull()), lit("order_id is missing")));
    for (SourceColumn key :
        List.of(
            SourceColumn.ORDER_ID,
            SourceColumn.LINE_ID,
            SourceColumn.CUSTOMER_ID,
            SourceColumn.PRODUCT_ID)) {
      if (settings.source().maps(key)) {
        rules.add(
            new Rule(
                length(column(key)).gt(MAX_KEY),
                concat(
                    lit(key.label() + " has "),
                    length(column(key)).cast(DataTypes.StringType),
                    lit(" characters, at most " + MAX_KEY + " are allowed"))));
      }
    }
    rules.add(datesWithinRange(SourceColumn.ORDERED_AT, settings));
    if (settings.source().maps(SourceColumn.REFUNDED_AT)) {
      rules.add(datesWithinRange(SourceColumn.REFUNDED_AT, settings));
    }
    rules.add(new Rule(isTyped.and(q.isNull()).and(not(stated)), lit("quantity is missing")));
    rules.add(new Rule(q.equalTo(0).and(not(stated)), lit("quantity is 0")));
    rules.add(new Rule(isTyped.and(p.isNull()).and(not(stated)), lit("unit_price is missing")));
    rules.add(
        new Rule(
            p.lt(0)
                .and(not(coalesce(lower(column(SourceColumn.KIND)).equalTo("refund"), lit(false)))),
            reason("unit_price is negative: ", p)));
    if (settings.source().maps(SourceColumn.KIND)) {
      rules.add(
          new Rule(
              not(lower(column(SourceColumn.KIND)).isin("sale", "refund")),
              reason("kind must be sale or refund, is: ", column(SourceColumn.KIND))));
    }
    for (SourceColumn amount :
        List.of(SourceColumn.DISCOUNT, SourceColumn.ORDER_DISCOUNT, SourceColumn.REFUND_AMOUNT)) {
      if (settings.source().maps(amount)) {
        rules.add(
            new Rule(
                column(amount).lt(0), reason(amount.label() + " is negative: ", column(amount))));
      }
    }
    if (settings.source().maps(SourceColumn.DISCOUNT)) {
      rules.add(
          new Rule(
              IS_REFUND.col().and(not(stated)).and(column(SourceColumn.DISCOUNT).gt(0)),
              reason(
                  "a refund has a discount (map the money that went back to refund_amount): ",
                  column(SourceColumn.DISCOUNT))));
    }
    if (settings.source().maps(SourceColumn.CURRENCY)) {
      String shop = settings.shop().currency().getCurrencyCode();
      rules.add(
          new Rule(
              isForeign(settings),
              reason("currency must be " + shop + ", is: ", column(SourceColumn.CURRENCY))));
    }
    rules.add(
        new Rule(
            q.isNotNull()
                .and(p.isNotNull())
                .and(AMOUNT_MINOR.col().isNull().or(AMOUNT_MINOR.col().gt(MAX_AMOUNT))),
            reason("the amount is out of range: quantity ", q)));
    return rules;
  }

  private static Rule datesWithinRange(SourceColumn column, Settings settings) {
    Column at = column(column);
    return new Rule(
        at.lt(startOf(settings.lake().earliest(), settings))
            .or(at.geq(startOf(settings.lake().latest().plusDays(1), settings))),
        reason(
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

  private static Column reason(String text, Column value) {
    return concat(lit(text), Mapping.shown(value));
  }

  /**
   * Unsigned amount in minor units: the stated refund, else |quantity| x |unit price| rounded half
   * up. Integers are multiplied; only products beyond 64 bits use decimals.
   */
  private static Column amount(int digits) {
    Column q = abs(column(SourceColumn.QUANTITY));
    Column p = abs(column(SourceColumn.UNIT_PRICE));
    long unit = (long) Math.pow(10, Field.QUANTITY.scale() + Field.PRICE.scale() - digits);
    Column exact = try_multiply(Money.minorUnits(q), Money.minorUnits(p));
    Column fast = divide(exact.plus(lit(unit / 2)), unit);
    Column slow =
        Money.minorUnits(
            round(q.multiply(p), digits).try_cast(DataTypes.createDecimalType(18, digits)));
    Column product = when(exact.isNull().or(exact.gt(Long.MAX_VALUE - unit)), slow).otherwise(fast);
    return when(
            IS_REFUND.col().and(column(SourceColumn.REFUND_AMOUNT).isNotNull()),
            Money.minorUnits(column(SourceColumn.REFUND_AMOUNT)))
        .otherwise(product);
  }

  private static Column divide(Column dividend, long divisor) {
    return call_function("div", dividend, lit(divisor));
  }
}
