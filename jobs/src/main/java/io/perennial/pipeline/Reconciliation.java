package io.perennial.pipeline;

import static org.apache.spark.sql.functions.*;

import io.perennial.cohorts.CohortMatrixTable;
import io.perennial.cohorts.CohortSteps;
import io.perennial.ingest.IngestedFilesTable;
import io.perennial.ingest.OrderLinesTable;
import io.perennial.months.CustomerDaysTable;
import io.perennial.months.CustomerMonthsTable;
import io.perennial.spark.Money;
import io.perennial.step.QualityGateException;
import io.perennial.step.StepContext;
import io.perennial.table.Field;
import io.perennial.table.RunRecord;
import io.perennial.table.RunRecord.IdentityCheck;
import io.perennial.table.Table;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The identities that hold between tables, checked exactly on what was written: no record is lost
 * between the files and order_lines, no cent between order_lines and the cohort matrix.
 */
public final class Reconciliation {

  private static final String COHORTS =
      "net and orders of customer_days before as_of = cohort_matrix (all) + before or without"
          + " a cohort";

  /** Weights add up to no more than 64 bits of 500 thousand million records. */
  private static final long WEIGHTS = 1L << 24;

  /**
   * Records that were accepted.
   *
   * @param byFile the sum of the weights of their files
   * @param net of the lines that they became, in minor units
   */
  private record Accepted(long records, long byFile, long net) {}

  private final StepContext context;
  private final List<IdentityCheck> checks = new ArrayList<>();

  private Reconciliation(StepContext context) {
    this.context = context;
  }

  /**
   * @param withCohorts whether the cohort matrix of this as_of belongs to the run
   */
  static List<IdentityCheck> check(StepContext context, boolean withCohorts) {
    Reconciliation reconciliation = new Reconciliation(context);
    reconciliation.money(reconciliation.records(), withCohorts);
    return reconciliation.checks;
  }

  /** Whether a run has made, or found up to date, the cohort matrix of its as_of. */
  public static boolean isWithCohorts(RunRecord run) {
    return run.reconciliation().stream().anyMatch(check -> check.identity().equals(COHORTS));
  }

  /**
   * @throws QualityGateException naming the first identity that does not hold
   */
  static void require(List<IdentityCheck> checks) {
    checks.stream()
        .filter(check -> !check.holds())
        .findFirst()
        .ifPresent(
            check -> {
              throw new QualityGateException(
                  "Cannot publish: the figures do not reconcile. "
                      + check.identity()
                      + ": "
                      + check.left()
                      + " is not "
                      + check.right()
                      + ". This is a fault of Perennial's: keep the lake and report it.",
                  checks);
            });
  }

  /** Checks the counts of records and returns what ingested_files says of those accepted. */
  private Accepted records() {
    List<Field> outcomes = IngestedFilesTable.OUTCOMES;
    Column accepted = IngestedFilesTable.ACCEPTED.col();
    Row row =
        context
            .store()
            .read(IngestedFilesTable.TABLE)
            .agg(
                total(IngestedFilesTable.RECORDS.col()),
                Stream.concat(
                        Stream.of(
                            total(accepted),
                            total(accepted.multiply(weight(IngestedFilesTable.PATH))),
                            total(Money.minorUnits(IngestedFilesTable.NET))),
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

  private void money(Accepted accepted, boolean withCohorts) {
    Column net =
        Money.minorUnits(OrderLinesTable.AMOUNT).minus(Money.minorUnits(OrderLinesTable.DISCOUNT));
    Column counted = OrderLinesTable.IS_COUNTED.col();
    Column anonymous = OrderLinesTable.CUSTOMER_ID.col().isNull();
    Column derived = OrderLinesTable.IS_DERIVED.col();
    Row lines =
        context
            .store()
            .read(OrderLinesTable.TABLE)
            .agg(
                total(net),
                total(when(counted.and(anonymous), net).otherwise(lit(0L))),
                total(when(not(counted), net).otherwise(lit(0L))),
                total(when(derived, lit(0L)).otherwise(lit(1L))),
                total(when(derived, lit(0L)).otherwise(weight(OrderLinesTable.SOURCE_FILE))))
            .first();
    accepted(accepted, new Accepted(lines.getLong(3), lines.getLong(4), lines.getLong(0)));
    Dataset<Row> daysTable = context.store().read(CustomerDaysTable.TABLE);
    Column known =
        context.knowsAsOf() ? CustomerDaysTable.DAY.col().lt(lit(context.asOf())) : lit(true);
    Row days =
        daysTable
            .agg(
                total(Money.minorUnits(CustomerDaysTable.NET)),
                total(CustomerDaysTable.ORDERS.col()),
                total(when(known, Money.minorUnits(CustomerDaysTable.NET)).otherwise(lit(0L))),
                total(when(known, CustomerDaysTable.ORDERS.col()).otherwise(lit(0L))))
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
            .store()
            .read(CustomerMonthsTable.TABLE)
            .agg(
                total(Money.minorUnits(CustomerMonthsTable.NET)),
                total(CustomerMonthsTable.ORDERS.col()))
            .first();
    checks.add(
        new IdentityCheck(
            "net and orders of customer_days = customer_months",
            sides(days.getLong(0), days.getLong(1)),
            sides(months.getLong(0), months.getLong(1)),
            days.getLong(0) == months.getLong(0) && days.getLong(1) == months.getLong(1)));
    if (withCohorts) {
      cohorts(days.getLong(2), days.getLong(3));
    }
  }

  /** All lines are counted here: ingested_files was brought up to date by those that changed. */
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
            .store()
            .read(OrderLinesTable.TABLE)
            .where(not(OrderLinesTable.IS_DERIVED.col()))
            .groupBy(OrderLinesTable.SOURCE_FILE.col().as("path"))
            .agg(count(lit(1)).as("held"));
    Row wrong =
        context
            .store()
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

  /** Of a file, so that sums of them tell files apart without rows being grouped by their names. */
  private static Column weight(Field file) {
    return pmod(xxhash64(file.col()), lit(WEIGHTS));
  }

  private void cohorts(long netBefore, long ordersBefore) {
    Row matrix =
        context
            .store()
            .snapshot(CohortMatrixTable.TABLE, context.asOf())
            .where(CohortMatrixTable.DIMENSION.col().equalTo("all"))
            .agg(
                total(Money.minorUnits(CohortMatrixTable.NET)),
                total(CohortMatrixTable.ORDERS.col()))
            .first();
    Field index = CustomerMonthsTable.MONTH_INDEX;
    Row outside =
        CohortSteps.monthsAsOf(context)
            .where(index.col().isNull().or(index.col().lt(0)))
            .agg(
                total(Money.minorUnits(CustomerMonthsTable.NET)),
                total(CustomerMonthsTable.ORDERS.col()))
            .first();
    checks.add(
        new IdentityCheck(
            COHORTS,
            sides(netBefore, ordersBefore),
            sides(matrix.getLong(0), matrix.getLong(1))
                + " + "
                + sides(outside.getLong(0), outside.getLong(1)),
            netBefore == matrix.getLong(0) + outside.getLong(0)
                && ordersBefore == matrix.getLong(1) + outside.getLong(1)));
  }

  private static Column total(Column value) {
    return coalesce(sum(value), lit(0L));
  }

  private String sides(long net, long orders) {
    return money(net) + " on " + orders + " orders";
  }

  private String money(long minor) {
    return BigDecimal.valueOf(minor, context.minorDigits()).toPlainString();
  }
}
