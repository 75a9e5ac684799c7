package io.perennial;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.perennial.cohorts.CohortMatrixTable;
import io.perennial.lake.IngestedFilesTable;
import io.perennial.months.CustomerDaysTable;
import io.perennial.months.CustomerMonthsTable;
import io.perennial.orders.OrderLinesTable;
import io.perennial.table.Field;
import io.perennial.table.Money;
import io.perennial.table.RunRecord.IdentityCheck;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The identities that hold between tables, checked exactly on what was written: no record is lost
 * between the files and order_lines, no cent between order_lines and the cohort matrix.
 */
final class Reconciliation {

  /** What a record may have become. */
  private static final List<Field> RECORDS_BECAME =
      List.of(
          IngestedFilesTable.ACCEPTED,
          IngestedFilesTable.DUPLICATES,
          IngestedFilesTable.SUPERSEDED,
          IngestedFilesTable.REJECTED,
          IngestedFilesTable.ERASED);

  private final RunContext context;
  private final List<IdentityCheck> checks = new ArrayList<>();

  private Reconciliation(RunContext context) {
    this.context = context;
  }

  /**
   * @param withCohorts whether the cohort matrix of this as_of belongs to the run
   */
  static List<IdentityCheck> check(RunContext context, boolean withCohorts) {
    Reconciliation reconciliation = new Reconciliation(context);
    reconciliation.money(reconciliation.records(), withCohorts);
    return reconciliation.checks;
  }

  /**
   * @throws Refusal naming the first identity that does not hold
   */
  static void require(List<IdentityCheck> checks) {
    checks.stream()
        .filter(check -> !check.holds())
        .findFirst()
        .ifPresent(
            check -> {
              throw new Refusal(
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

  /** Checks the counts of records and returns those accepted, by file. */
  private Map<String, Long> records() {
    Map<String, Long> accepted = new HashMap<>();
    long raw = 0;
    long[] parts = new long[RECORDS_BECAME.size()];
    for (Row file :
        context
            .store()
            .read(IngestedFilesTable.TABLE)
            .select(
                Stream.concat(
                        Stream.of(IngestedFilesTable.PATH, IngestedFilesTable.RECORDS),
                        RECORDS_BECAME.stream())
                    .map(Field::col)
                    .toArray(Column[]::new))
            .collectAsList()) {
      raw += file.getLong(1);
      for (int i = 0; i < parts.length; i++) {
        parts[i] += file.getLong(2 + i);
      }
      accepted.put(file.getString(0), file.getLong(2));
    }
    checks.add(
        new IdentityCheck(
            "raw records = accepted + duplicates + superseded + rejected + erased",
            Long.toString(raw),
            LongStream.of(parts).mapToObj(Long::toString).collect(Collectors.joining(" + ")),
            raw == LongStream.of(parts).sum()));
    return accepted;
  }

  private void money(Map<String, Long> accepted, boolean withCohorts) {
    Column net =
        Money.minorUnits(OrderLinesTable.AMOUNT).minus(Money.minorUnits(OrderLinesTable.DISCOUNT));
    Column counted = OrderLinesTable.IS_COUNTED.col();
    Column anonymous = OrderLinesTable.CUSTOMER_ID.col().isNull();
    Map<String, Long> held = new HashMap<>();
    long[] nets = new long[3];
    for (Row file :
        context
            .store()
            .read(OrderLinesTable.TABLE)
            .groupBy(OrderLinesTable.SOURCE_FILE.col())
            .agg(
                total(when(OrderLinesTable.IS_DERIVED.col(), lit(0L)).otherwise(lit(1L))),
                total(net),
                total(when(counted.and(anonymous), net).otherwise(lit(0L))),
                total(when(not(counted), net).otherwise(lit(0L))))
            .collectAsList()) {
      held.put(file.getString(0), file.getLong(1));
      for (int i = 0; i < nets.length; i++) {
        nets[i] += file.getLong(2 + i);
      }
    }
    accepted(accepted, held);
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
            money(nets[0]),
            money(days.getLong(0)) + " + " + money(nets[1]) + " + " + money(nets[2]),
            nets[0] == days.getLong(0) + nets[1] + nets[2]));
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

  /** All lines are counted here, by their files: ingested_files was brought up to date. */
  private void accepted(Map<String, Long> said, Map<String, Long> held) {
    Set<String> files = new TreeSet<>(said.keySet());
    files.addAll(held.keySet());
    Optional<String> wrong =
        files.stream()
            .filter(file -> of(said, file) != of(held, file))
            .map(file -> " (" + of(said, file) + " and " + of(held, file) + " of '" + file + "')")
            .findFirst();
    checks.add(
        new IdentityCheck(
            "accepted records = rows of order_lines that are not derived",
            Long.toString(inAll(said)),
            inAll(held) + wrong.orElse(""),
            wrong.isEmpty()));
  }

  private static long of(Map<String, Long> counts, String file) {
    return counts.getOrDefault(file, 0L);
  }

  private static long inAll(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
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
            "net and orders of customer_days before as_of = cohort_matrix (all) + before or without"
                + " a cohort",
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
