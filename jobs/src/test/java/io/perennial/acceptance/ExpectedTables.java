package io.perennial.acceptance;

import io.perennial.cohorts.CohortAveragesTable;
import io.perennial.cohorts.CohortMatrixTable;
import io.perennial.cohorts.RepurchaseCurveTable;
import io.perennial.cohorts.RetentionSummaryTable;
import io.perennial.customers.CustomersTable;
import io.perennial.ingest.IngestedFilesTable;
import io.perennial.ingest.OrderLinesTable;
import io.perennial.months.CustomerDaysTable;
import io.perennial.months.CustomerMonthsTable;
import io.perennial.oracle.Line;
import io.perennial.oracle.Oracle;
import io.perennial.oracle.RecordRows;
import io.perennial.oracle.Rfm;
import io.perennial.orders.OrdersTable;
import io.perennial.rfm.RfmTable;
import io.perennial.table.Field;
import io.perennial.table.RunRecord;
import io.perennial.table.Table;
import io.perennial.testing.TableRows;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Compares the published tables of a run with those of the oracle. */
final class ExpectedTables {

  private final Oracle oracle;
  private final Shop shop;
  private final RunRecord run;
  private final List<String> differences = new ArrayList<>();

  private ExpectedTables(Oracle oracle, Shop shop, RunRecord run) {
    this.oracle = oracle;
    this.shop = shop;
    this.run = run;
  }

  static ExpectedTables of(Oracle oracle, Shop shop, RunRecord run) {
    return new ExpectedTables(oracle, shop, run);
  }

  /** Describes the differences; each description begins with the table. */
  List<String> differences() {
    return differences;
  }

  /** Compares order_lines with the oracle, and ingested_files with order_lines. */
  ExpectedTables lines(boolean lineIdMapped, String currency) {
    List<Map<String, Object>> expected =
        oracle.lines().stream().map(line -> lineRow(line, lineIdMapped, currency)).toList();
    List<Map<String, Object>> lines = shop.rows(OrderLinesTable.TABLE, run);
    List<Map<String, Object>> actual =
        lines.stream().map(row -> lineRow(row, lineIdMapped)).toList();
    add("order_lines", TableRows.differences(expected, actual, List.of()));
    add("ingested_files", TableRows.differences(filesOfLines(lines), files(), List.of()));
    return this;
  }

  private static List<Map<String, Object>> filesOfLines(List<Map<String, Object>> lines) {
    return lines.stream()
        .collect(Collectors.groupingBy(line -> (String) line.get("source_file")))
        .entrySet()
        .stream()
        .map(
            file ->
                fileRow(
                    file.getKey(),
                    file.getValue().stream()
                        .filter(line -> line.get("is_derived").equals(false))
                        .count(),
                    file.getValue().stream()
                        .map(line -> money(line, "amount").subtract(money(line, "discount")))
                        .reduce(BigDecimal.ZERO, BigDecimal::add)))
        .toList();
  }

  private List<Map<String, Object>> files() {
    return shop.rows(IngestedFilesTable.TABLE, run).stream()
        .map(
            row -> fileRow((String) row.get("path"), (Long) row.get("accepted"), money(row, "net")))
        .filter(row -> !row.get("accepted").equals(0L))
        .toList();
  }

  private static Map<String, Object> fileRow(String path, long accepted, BigDecimal net) {
    return Map.of("path", path, "accepted", accepted, "net", net.setScale(6));
  }

  private static BigDecimal money(Map<String, Object> row, String column) {
    return (BigDecimal) row.get(column);
  }

  ExpectedTables orders() {
    return table(
        OrdersTable.TABLE, TableRows.without(RecordRows.of(oracle.orders()), "is_counted"));
  }

  ExpectedTables customers() {
    // ContactsTest covers consents.
    add(
        CustomersTable.TABLE.name(),
        TableRows.differences(
            TableRows.without(RecordRows.of(List.copyOf(oracle.customers().values())), "first_day"),
            TableRows.without(
                shop.rows(CustomersTable.TABLE, run),
                CustomersTable.EMAIL_CONSENT.name(),
                CustomersTable.SMS_CONSENT.name(),
                CustomersTable.ADS_CONSENT.name()),
            List.of(CustomersTable.CUSTOMER_ID.name())));
    table(CustomerDaysTable.TABLE, RecordRows.of(oracle.customerDays()));
    return table(CustomerMonthsTable.TABLE, RecordRows.of(oracle.customerMonths()));
  }

  /** Compares the cohort tables as of the run. */
  ExpectedTables cohorts() {
    return matrix().table(RepurchaseCurveTable.TABLE, RecordRows.of(oracle.repurchaseCurve()));
  }

  /** Compares the tables that restatements cover, and the cohort averages. */
  ExpectedTables matrix() {
    return table(CohortMatrixTable.TABLE, RecordRows.of(oracle.cohortMatrix()))
        .table(CohortAveragesTable.TABLE, RecordRows.of(oracle.cohortAverages()))
        .table(RetentionSummaryTable.TABLE, RecordRows.of(oracle.retentionSummary()));
  }

  ExpectedTables rfm(int levels, Rfm.Scheme scheme) {
    return table(RfmTable.TABLE, RecordRows.of(oracle.rfm(levels, scheme)));
  }

  private ExpectedTables table(Table table, List<Map<String, Object>> expected) {
    List<String> key = table.key().stream().map(Field::name).toList();
    add(table.name(), TableRows.differences(expected, shop.rows(table, run), key));
    return this;
  }

  private void add(String table, List<String> found) {
    found.forEach(difference -> differences.add(table + ": " + difference));
  }

  /** The id of a derived refund line has a suffix, and the currency is the shop's. */
  private static Map<String, Object> lineRow(Line line, boolean lineIdMapped, String currency) {
    Map<String, Object> row = new LinkedHashMap<>(RecordRows.of(List.of(line)).get(0));
    row.put("currency", currency);
    row.put("line_id", line.lineId() + (line.isDerived() ? "/refund" : ""));
    return comparable(row, lineIdMapped);
  }

  private static Map<String, Object> lineRow(Map<String, Object> actual, boolean lineIdMapped) {
    Map<String, Object> row = new LinkedHashMap<>(actual);
    row.remove("ingest_id");
    return comparable(row, lineIdMapped);
  }

  /**
   * Without mapped line ids, ids are generated and lines with equal remainders may swap the last
   * cent of an order discount. The comparison of {@code orders} covers the total discount.
   */
  private static Map<String, Object> comparable(Map<String, Object> row, boolean lineIdMapped) {
    if (!lineIdMapped) {
      row.remove("line_id");
      BigDecimal discount = (BigDecimal) row.get("discount");
      row.put("discount", discount.subtract((BigDecimal) row.remove("order_discount")));
    }
    return row;
  }
}
