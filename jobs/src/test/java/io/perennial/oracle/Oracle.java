package io.perennial.oracle;

import io.perennial.oracle.Ingest.Ingested;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Every table that a lake must give, from its raw records: {@code Oracle.of(records,
 * settings).cohortMatrix()}. Tables without as_of hold everything ingested; the others are cut at
 * {@link #asOf()}.
 */
public final class Oracle {

  private final OracleSettings settings;
  private final Ingested ingested;
  private final List<Order> orders;
  private final Map<String, Customer> customers;
  private final List<CustomerDay> customerDays;
  private final AsOfView known;

  private Oracle(List<RawRecord> raw, OracleSettings settings) {
    this.settings = settings;
    this.ingested = Ingest.of(raw, settings);
    this.orders = Order.of(ingested.lines(), settings);
    this.customers = Customer.of(orders, settings);
    this.customerDays = CustomerDay.of(ingested.lines(), orders, settings);
    this.known = knownBefore(settings.asOf() == null ? defaultAsOf() : settings.asOf());
  }

  public static Oracle of(List<RawRecord> raw, OracleSettings settings) {
    return new Oracle(raw, settings);
  }

  /** The local day after the newest valid order, anonymous ones included. */
  private LocalDate defaultAsOf() {
    Instant newest =
        orders.stream()
            .filter(Order::isValid)
            .map(Order::orderedAt)
            .max(Comparator.naturalOrder())
            .orElseThrow(() -> new IllegalArgumentException("No valid order, so no default as_of"));
    return settings.day(newest).plusDays(1);
  }

  private AsOfView knownBefore(LocalDate asOf) {
    return AsOfView.before(asOf, customers, customerDays);
  }

  public LocalDate asOf() {
    return known.asOf();
  }

  public Ingested ingested() {
    return ingested;
  }

  /** The accepted lines, counted or not. */
  public List<Line> lines() {
    return ingested.lines();
  }

  /** All orders of accepted lines; those that do not count say so. */
  public List<Order> orders() {
    return orders;
  }

  /** Customers with a valid order, over everything ingested. */
  public Map<String, Customer> customers() {
    return customers;
  }

  public List<CustomerDay> customerDays() {
    return customerDays;
  }

  public List<CustomerMonth> customerMonths() {
    return CustomerMonth.of(customerDays, customers);
  }

  public List<CohortMatrix.Cell> cohortMatrix() {
    return CohortMatrix.of(known, settings);
  }

  public List<CohortAverages.Average> cohortAverages() {
    return CohortAverages.of(cohortMatrix());
  }

  public List<RetentionSummary.Row> retentionSummary() {
    return RetentionSummary.of(known, settings);
  }

  public List<RepurchaseCurve.Point> repurchaseCurve() {
    return RepurchaseCurve.of(known, settings);
  }

  /** RFM with scores of 1 to {@code levels} and the segments of a scheme. */
  public List<Rfm.Row> rfm(int levels, Rfm.Scheme scheme) {
    return Rfm.of(known, levels, scheme, settings);
  }

  /** Who moved between segments since an earlier snapshot. */
  public List<Rfm.Transition> rfmTransitions(LocalDate previous, int levels, Rfm.Scheme scheme) {
    return Rfm.transitions(
        Rfm.of(knownBefore(previous), levels, scheme, settings), rfm(levels, scheme));
  }

  public Reconciliation reconciliation() {
    return Reconciliation.of(ingested, customerDays, customerMonths(), known, settings);
  }
}
