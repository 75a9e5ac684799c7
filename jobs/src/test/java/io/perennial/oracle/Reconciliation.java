package io.perennial.oracle;

import io.perennial.oracle.CohortMatrix.Cell;
import io.perennial.oracle.Ingest.Ingested;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** The sums of the reconciliation identities. */
public record Reconciliation(
    long raw,
    long accepted,
    long duplicates,
    long superseded,
    long rejected,
    BigDecimal acceptedNet,
    BigDecimal anonymousNet,
    BigDecimal uncountedNet,
    BigDecimal customerDaysNet,
    BigDecimal customerMonthsNet,
    BigDecimal customerDaysNetBeforeAsOf,
    BigDecimal cohortMatrixNet,
    BigDecimal beforeCohortNet,
    BigDecimal withoutCohortNet) {

  static Reconciliation of(
      Ingested ingested,
      List<CustomerDay> days,
      List<CustomerMonth> months,
      AsOfView known,
      OracleSettings settings) {
    List<Line> lines = ingested.lines();
    List<Cell> matrix = CohortMatrix.of(known, List.of("all"), settings);
    return new Reconciliation(
        ingested.raw(),
        ingested.accepted().size(),
        ingested.duplicates().size(),
        ingested.superseded().size(),
        ingested.rejected().size(),
        sum(lines, line -> true, Line::net),
        sum(lines, line -> line.isCounted() && line.customerId() == null, Line::net),
        sum(lines, line -> !line.isCounted(), Line::net),
        sum(days, day -> true, CustomerDay::net),
        sum(months, month -> true, CustomerMonth::net),
        sum(known.days(), day -> true, CustomerDay::net),
        sum(matrix, cell -> true, Cell::net),
        sum(known.days(), day -> hasCohort(day, known) && precedes(day, known), CustomerDay::net),
        sum(known.days(), day -> !hasCohort(day, known), CustomerDay::net));
  }

  /** Whether all four identities hold exactly. */
  public boolean holds() {
    return raw == accepted + duplicates + superseded + rejected
        && acceptedNet.compareTo(customerDaysNet.add(anonymousNet).add(uncountedNet)) == 0
        && customerDaysNet.compareTo(customerMonthsNet) == 0
        && customerDaysNetBeforeAsOf.compareTo(
                cohortMatrixNet.add(beforeCohortNet).add(withoutCohortNet))
            == 0;
  }

  private static boolean hasCohort(CustomerDay day, AsOfView known) {
    return known.customers().containsKey(day.customerId());
  }

  private static boolean precedes(CustomerDay day, AsOfView known) {
    LocalDate cohort = known.customers().get(day.customerId()).cohortMonth();
    return OracleSettings.monthOf(day.day()).isBefore(cohort);
  }

  private static <T> BigDecimal sum(
      Collection<T> rows, Predicate<T> which, Function<T, BigDecimal> figure) {
    return rows.stream().filter(which).map(figure).reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
