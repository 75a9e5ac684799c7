package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.perennial.cohorts.CohortMatrixTable;
import io.perennial.cohorts.CohortSteps;
import io.perennial.customers.ContactsTable;
import io.perennial.ingest.IngestedFilesTable;
import io.perennial.ingest.OrderLinesTable;
import io.perennial.ingest.RejectsTable;
import io.perennial.orders.OrdersTable;
import io.perennial.pipeline.Steps;
import io.perennial.table.RunRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files are added, changed and removed between runs; a later run processes only the changes. */
class IncrementalTest {

  @TempDir Path folder;

  private Shop shop;

  @BeforeEach
  void january() {
    shop =
        MonthlyFiles.shop(folder)
            .set("warehouse.small-table-megabytes", "0")
            .withSteps(Shop.steps(Steps.LAKE_STEPS, List.of(CohortSteps.COHORT_MATRIX)));
  }

  @Test
  void newRepeatedCorrectedAndChangedFilesEqualARebuild() {
    RunRecord first = shop.run();
    RunRecord third = shop.write("march.csv", MonthlyFiles.MARCH).run();
    assertThat(ingestIds())
        .isEqualTo(
            Map.of(
                "january.csv", first.runId(),
                "february.csv", first.runId(),
                "march.csv", third.runId()));
    assertThat(third.asOf().orElseThrow()).isEqualTo("2024-03-02");
    assertThat(shop.messages()).anyMatch(line -> line.contains("1 new files merged"));
    assertThat(shop.rows(CohortMatrixTable.TABLE, third))
        .filteredOn(cell -> cell.get("dimension").equals("all"))
        .extracting(
            cell -> cell.get("cohort_month").toString().substring(0, 7),
            cell -> cell.get("month_index"),
            cell -> cell.get("state"),
            cell -> cell.get("active_customers"),
            cell -> cell.get("rolling_active_customers"),
            cell -> cell.get("cumulative_net").toString())
        .containsExactlyInAnyOrder(
            tuple("2024-01", 0, "complete", 2L, 2L, "27.50"),
            tuple("2024-01", 1, "complete", 1L, 2L, "34.75"),
            tuple("2024-01", 2, "partial", 1L, 1L, "43.75"),
            tuple("2024-02", 0, "complete", 1L, 1L, "8.00"),
            tuple("2024-02", 1, "partial", 0L, 0L, "8.00"));
    assertThat(emails(third))
        .isEqualTo(
            Map.of(
                "anna", "anna@x.example false",
                "ben", "ben@y.example true",
                "cleo", "cleo@x.example null"));

    // Line 1-a is replaced by one without a discount, so the share of line 1-b must be removed too.
    // A new line cancels order 2. Order 4 is a duplicate.
    RunRecord late =
        shop.write(
                "late.csv",
                MonthlyFiles.HEADER
                    + "1,a,anna,2024-01-10 10:00:00,2,10.00,,paid,web,,true\n"
                    + "2,b,ben,2024-01-20 10:00:00,1,1.00,,cancelled,app,,\n"
                    + "4,a,cleo,2024-02-05 10:00:00,1,8.00,,paid,web,,\n")
            .run();
    assertThat(shop.rows(OrderLinesTable.TABLE, late))
        .filteredOn(line -> line.get("order_id").equals("1"))
        .extracting(line -> line.get("discount").toString())
        .containsExactly("0.00", "0.00");
    assertThat(ingestIds().get("february.csv")).isNotEqualTo(late.runId());
    // Values that only the replaced record had are removed.
    assertThat(emails(late)).isEqualTo(Map.of("anna", "null false", "ben", "ben@y.example true"));
    assertSameAsRebuild(late);

    // Order 1 loses its first line in January's file, and the customer that its second line
    // inherited.
    RunRecord changed =
        shop.write(
                "january.csv",
                MonthlyFiles.HEADER
                    + "1,b,dora,2024-01-10 10:00:00,1,5.00,,paid,web,dora@x.example,\n"
                    + "2,a,ben,2024-01-20 10:00:00,3,5.50,,paid,app,,\n")
            .write("late.csv", MonthlyFiles.HEADER)
            .run();
    assertThat(ingestIds().get("january.csv")).isEqualTo(changed.runId());
    assertThat(changed.asOf()).isEqualTo(third.asOf());
    assertThat(shop.rows(OrderLinesTable.TABLE, changed))
        .filteredOn(line -> line.get("order_id").equals("1"))
        .extracting(line -> line.get("customer_id"))
        .containsExactly("dora");

    assertSameAsRebuild(changed);
  }

  @Test
  void inheritedTimeFollowsTheCurrentLines() {
    shop.withSteps(Steps.LAKE_STEPS)
        .write(
            "january.csv",
            MonthlyFiles.JANUARY
                + "7,a,eve,2024-01-31 10:00:00,1,6.00,,paid,web,,\n"
                + "7,b,eve,,1,4.00,,paid,web,,\n")
        .run();
    RunRecord later =
        shop.write(
                "later.csv",
                MonthlyFiles.HEADER + "7,a,eve,2024-02-01 09:00:00,1,6.00,,paid,web,,\n")
            .run();
    assertThat(shop.rows(OrdersTable.TABLE, later))
        .filteredOn(order -> order.get("order_id").equals("7"))
        .extracting(order -> order.get("order_month").toString())
        .containsExactly("2024-02-01");
    assertSameAsRebuild(later);

    RunRecord earlier =
        shop.write(
                "third.csv",
                MonthlyFiles.HEADER + "7,c,eve,2024-01-05 09:00:00,1,1.00,,paid,web,,\n")
            .run();
    assertSameAsRebuild(earlier);
  }

  private Map<String, String> emails(RunRecord run) {
    Map<String, String> emails = new TreeMap<>();
    shop.rows(ContactsTable.TABLE, run)
        .forEach(
            row ->
                emails.put(
                    (String) row.get("customer_id"),
                    row.get("email") + " " + row.get("email_consent")));
    return emails;
  }

  private Map<String, String> ingestIds() {
    Map<String, String> ids = new TreeMap<>();
    shop.rows(IngestedFilesTable.TABLE)
        .forEach(file -> ids.put((String) file.get("path"), (String) file.get("ingest_id")));
    return ids;
  }

  private void assertSameAsRebuild(RunRecord actual) {
    RunRecord expected = shop.rebuild(actual.asOf().orElseThrow());
    assertThat(TableComparison.differences(shop, expected, actual)).isEmpty();
    assertThat(shop.rows(RejectsTable.TABLE, actual))
        .hasSameSizeAs(shop.rows(RejectsTable.TABLE, expected));
  }
}
