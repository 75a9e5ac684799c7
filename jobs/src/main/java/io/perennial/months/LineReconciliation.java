package io.perennial.months;

import static org.apache.spark.sql.functions.*;

import io.perennial.ingest.IngestedFilesTable;
import io.perennial.ingest.OrderLinesTable;
import io.perennial.spark.Money;
import io.perennial.step.StepContext;
import io.perennial.table.Field;
import io.perennial.table.RunRecord.IdentityCheck;
import io.perennial.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The identities between files, order_lines, customer_days and customer_months, checked exactly on
 * what was written: no record and no cent is lost. Each table is read once, in one narrow sum.
 */
final class LineReconciliation {

  /** The sum of the weights of 500 thousand million records still fits into 64 bits. */
  private static final long WEIGHTS = 1L << 24;

  /**
   * Accepted records.
   *
   * @param byFile the sum of the weights of their files
   * @param net of their lines, in minor units
   */
  private record Accepted(long records, long byFile, long net) {}

  private final StepContext context;
  private final List<IdentityCheck> checks = new ArrayList<>();

  private LineReconciliation(StepContext context) {
    this.context = context;
  }

  static List<IdentityCheck> check(StepContext context) {
    LineReconciliation reconciliation = new LineReconciliation(context);
    reconciliation.money(reconciliation.records());
    return reconciliation.checks;
  }

  /** Checks the counts of records and returns the accepted ones according to ingested_files. */
  private Accepted records() {
    List<Field> outcomes = IngestedFilesTable.OUTCOMES;
    Column accepted = IngestedFilesTable.ACCEPTED.col();
    Row row =
        context
            .read(IngestedFilesTable.TABLE)
            .agg(
                total(IngestedFilesTable.RECORDS.col()),
                Stream.concat(
                        Stream.of(
                            total(accepted),
                            total(accepted.multiply(weight(IngestedFilesTable.PATH))),
                            Money.total(IngestedFilesTable.NET)),
                        outcomes.stream().map(outcome -> total(outcome.col())))
                    .toArray(Column[]::new))
            .first();
    long raw = row.getLong(0);
    List<Long> became =
        IntStream.range(row.length() - outcomes.size(), row.length())
            .mapToObj(row::getLong)
            .toList();
    checks.add(
        new IdentityCheck(
            "raw records = "
                + outcomes.stream().map(Field::name).collect(Collectors.joining(" + ")),
            Long.toString(raw),
            became.stream().map(String::valueOf).collect(Collectors.joining(" + ")),
            raw == became.stream().mapToLong(Long::longValue).sum()));
    return new Accepted(row.getLong(1), row.getLong(2), row.getLong(3));
  }

  private void money(Accepted accepted) {
    Column net =
        Money.minorUnits(OrderLinesTable.AMOUNT).minus(Money.minorUnits(OrderLinesTable.DISCOUNT));
    Column counted = OrderLinesTable.IS_COUNTED.col();
    Column anonymous = OrderLinesTable.CUSTOMER_ID.col().isNull();
    Column derived = OrderLinesTable.IS_DERIVED.col();
    Row lines =
        context
            .read(OrderLinesTable.TABLE)
            .agg(
                total(net),
                total(when(counted.and(anonymous), net).otherwise(lit(0L))),
                total(when(not(counted), net).otherwise(lit(0L))),
                total(when(derived, lit(0L)).otherwise(lit(1L))),
                total(when(derived, lit(0L)).otherwise(weight(OrderLinesTable.SOURCE_FILE))))
            .first();
    accepted(accepted, new Accepted(lines.getLong(3), lines.getLong(4), lines.getLong(0)));
    Row days =
        context
            .read(CustomerDaysTable.TABLE)
            .agg(Money.total(CustomerDaysTable.NET), total(CustomerDaysTable.ORDERS.col()))
            .first();
    checks.add(
        new IdentityCheck(
            "net of order_lines = customer_days + anonymous + uncounted",
            money(lines.getLong(0)),
            money(days.getLong(0))
                + " + "
                + money(lines.getLong(1))
                + " + "
                + money(lines.getLong(2)),
            lines.getLong(0) == days.getLong(0) + lines.getLong(1) + lines.getLong(2)));
    Row months =
        context
            .read(CustomerMonthsTable.TABLE)
            .agg(Money.total(CustomerMonthsTable.NET), total(CustomerMonthsTable.ORDERS.col()))
            .first();
    checks.add(
        new IdentityCheck(
            "net and orders of customer_days = customer_months",
            sides(days.getLong(0), days.getLong(1)),
            sides(months.getLong(0), months.getLong(1)),
            days.getLong(0) == months.getLong(0) && days.getLong(1) == months.getLong(1)));
  }

  /** Counts all lines: ingested_files is maintained from changed lines alone. */
  private void accepted(Accepted said, Accepted held) {
    boolean areOfSameFiles = said.records() == held.records() && said.byFile() == held.byFile();
    checks.add(
        new IdentityCheck(
            "accepted records = rows of order_lines that are not derived",
            Long.toString(said.records()),
            held.records() + (areOfSameFiles ? "" : " (" + firstWrongFile() + ")"),
            areOfSameFiles));
    checks.add(
        new IdentityCheck(
            "net of accepted records = net of order_lines",
            money(said.net()),
            money(held.net()),
            said.net() == held.net()));
  }

  private String firstWrongFile() {
    Dataset<Row> held =
        context
            .read(OrderLinesTable.TABLE)
            .where(not(OrderLinesTable.IS_DERIVED.col()))
            .groupBy(OrderLinesTable.SOURCE_FILE.col().as("path"))
            .agg(count(lit(1)).as("held"));
    Row wrong =
        context
            .read(IngestedFilesTable.TABLE)
            .select(Table.columns(IngestedFilesTable.PATH, IngestedFilesTable.ACCEPTED))
            .join(held, "path", "full")
            .na()
            .fill(0L)
            .where(IngestedFilesTable.ACCEPTED.col().notEqual(col("held")))
            .orderBy("path")
            .first();
    return wrong.getLong(1) + " and " + wrong.getLong(2) + " of '" + wrong.getString(0) + "'";
  }

  /** A weight per file: sums of weights tell files apart without grouping rows by file. */
  private static Column weight(Field file) {
    return pmod(xxhash64(file.col()), lit(WEIGHTS));
  }

  private static Column total(Column value) {
    return coalesce(sum(value), lit(0L));
  }

  private String sides(long net, long orders) {
    return money(net) + " on " + orders + " orders";
  }

  private String money(long minorUnits) {
    return Money.text(minorUnits, context.minorDigits());
  }
}
