package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.customers.CustomersTable;
import io.perennial.pipeline.Steps;
import io.perennial.restatements.RestatementsTable;
import io.perennial.table.RunRecord;
import io.perennial.testing.SharedSpark;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restatements of completed months: which months are rewritten, and which causes are recorded. */
class RestatementsTest {

  private static final LocalDate AS_OF = LocalDate.of(2024, 7, 1);

  private static final String HEADER =
      "order_id,line_id,customer_id,ordered_at,quantity,unit_price\n";

  private static final String FIRST =
      HEADER
          + "1,a,anna,2024-01-10 10:00:00,2,10.00\n"
          + "2,a,ben,2024-02-05 10:00:00,1,10.00\n"
          + "3,a,cleo,2024-03-05 10:00:00,4,5.00\n"
          + "4,a,dora,2024-04-02 10:00:00,1,7.00\n"
          + "5,a,cleo,2024-05-03 10:00:00,1,8.00\n"
          + "6,a,anna,2024-06-03 10:00:00,1,8.00\n";

  @TempDir Path folder;

  @Test
  void everyRestatementHasACause() {
    assertCausesOfNewFiles(shop());
  }

  private Shop shop() {
    return Shop.in(folder)
        .mapping("line", HEADER)
        .set("cohorts.dimensions", "[]")
        .set("lake.on-missing-file", "retract")
        .withSteps(Shop.steps(Steps.LAKE_STEPS, Steps.COHORT_STEPS));
  }

  private static RunRecord assertCausesOfNewFiles(Shop shop) {
    RunRecord first = shop.write("first.csv", FIRST).runAsOf(AS_OF);
    assertThat(restatements(shop, first)).isEmpty();

    // An earlier order of Ben, a refund of Cleo two months later, a corrected price of Dora.
    RunRecord second =
        shop.write("late.csv", HEADER + "7,a,ben,2024-01-15 10:00:00,1,6.00\n")
            .write("refund.csv", HEADER + "3,r,cleo,2024-05-20 10:00:00,-1,5.00\n")
            .write("late-fix.csv", HEADER + "4,a,dora,2024-04-02 10:00:00,1,9.00\n")
            .runAsOf(AS_OF);
    assertThat(shop.rows(CustomersTable.TABLE, second))
        .filteredOn(customer -> customer.get("customer_id").equals("ben"))
        .extracting(customer -> customer.get("cohort_month"))
        .containsExactly(LocalDate.of(2024, 1, 1));
    // Cleo's order is from March. Her refund changes March in orders, and May in days and months.
    assertThat(rewrittenMonths(shop, "orders", second))
        .containsExactly("2024-01", "2024-03", "2024-04");
    assertThat(rewrittenMonths(shop, "customers", second)).containsExactly("2024-01");
    assertThat(rewrittenMonths(shop, "customer_days", second))
        .containsExactly("2024-01", "2024-04", "2024-05");
    assertThat(rewrittenMonths(shop, "customer_months", second))
        .containsExactly("2024-01", "2024-02", "2024-04", "2024-05");
    Map<String, String> changes = restatements(shop, second);
    assertThat(changes)
        .containsEntry("cohort_matrix 2024-01 0 cohort_size", "1.0 -> 2.0 late order")
        .containsEntry("cohort_matrix 2024-01 1 net", "0.0 -> 10.0 late order")
        .containsEntry("cohort_matrix 2024-02 0 cohort_size", "1.0 -> null late order")
        .containsEntry("cohort_matrix 2024-02 4 active_customers", "0.0 -> null late order")
        .containsEntry("cohort_matrix 2024-03 2 refund", "0.0 -> 5.0 refund")
        .containsEntry("cohort_matrix 2024-03 3 ltv", "28.0 -> 23.0 refund")
        .containsEntry("cohort_matrix 2024-04 0 gross", "7.0 -> 9.0 correction")
        .containsEntry("cohort_matrix 2024-04 2 cumulative_net", "7.0 -> 9.0 correction")
        .containsEntry("retention_summary 2024-05 net_returning", "8.0 -> 3.0 refund")
        .containsEntry("retention_summary 2024-04 net_new", "7.0 -> 9.0 correction")
        .doesNotContainKey("cohort_matrix 2024-03 0 net")
        .doesNotContainKey("cohort_matrix 2024-04 1 net");
    assertThat(changes.keySet()).noneMatch(key -> key.contains("rolling") || key.contains("state"));
    return second;
  }

  @Test
  @Tag("slow")
  void removedFilesErasuresAndSettingsAreCauses() {
    Shop shop = shop();
    RunRecord second = assertCausesOfNewFiles(shop);

    shop.remove("late.csv");
    RunRecord retracted = shop.runAsOf(AS_OF);
    assertThat(restatements(shop, retracted))
        .containsEntry("cohort_matrix 2024-01 0 cohort_size", "2.0 -> 1.0 correction")
        .containsEntry("cohort_matrix 2024-02 0 cohort_size", "null -> 1.0 correction");

    shop.set("cohorts.active-window", "2");
    RunRecord erased = shop.pipeline(SharedSpark.session()).erase(Set.of("cleo")).run();
    assertThat(restatements(shop, erased))
        .containsEntry("cohort_matrix 2024-03 0 cohort_size", "1.0 -> null erasure")
        .containsEntry("retention_summary 2024-03 new", "1.0 -> 0.0 erasure, configuration")
        .containsEntry(
            "retention_summary 2024-04 customers_start", "3.0 -> 1.0 erasure, configuration")
        .allSatisfy(
            (key, change) ->
                assertThat(change.endsWith("configuration"))
                    .as(key + ": " + change)
                    .isEqualTo(key.startsWith("retention_summary")));
    assertThat(shop.rows(RestatementsTable.TABLE))
        .extracting(row -> row.get("run_id"))
        .contains(second.runId(), retracted.runId(), erased.runId());
  }

  /** Restatements of a run: cell and column to values before and after, and cause. */
  private static Map<String, String> restatements(Shop shop, RunRecord run) {
    Map<String, String> restatements = new TreeMap<>();
    for (Map<String, Object> row : shop.rows(RestatementsTable.TABLE, run)) {
      if (row.get("run_id").equals(run.runId())) {
        String cell =
            row.get("table").equals("cohort_matrix")
                ? month(row.get("cohort_month")) + " " + row.get("month_index")
                : month(row.get("month"));
        restatements.put(
            row.get("table") + " " + cell + " " + row.get("column"),
            row.get("before") + " -> " + row.get("after") + " " + row.get("cause"));
      }
    }
    return restatements;
  }

  /** The months with files added by a run's commit. */
  private static Set<String> rewrittenMonths(Shop shop, String table, RunRecord run) {
    return Steps.tables().stream()
        .filter(any -> any.name().equals(table))
        .flatMap(
            any -> {
              long version = run.tables().get(table);
              Set<String> before = Set.of(shop.store().read(any, version - 1).inputFiles());
              return Arrays.stream(shop.store().read(any, version).inputFiles())
                  .filter(file -> !before.contains(file));
            })
        .map(file -> file.replaceAll(".*month=(\\d{4}-\\d{2})-01/.*", "$1"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String month(Object date) {
    return date.toString().substring(0, 7);
  }
}
