package io.perennial.acceptance;

import static org.apache.spark.sql.functions.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perennial.cohorts.CohortMatrixTable;
import io.perennial.cohorts.CohortSteps;
import io.perennial.months.CustomerMonthsTable;
import io.perennial.pipeline.Steps;
import io.perennial.spark.Sessions;
import io.perennial.step.Step;
import io.perennial.step.StepResult;
import io.perennial.table.RunRecord;
import io.perennial.table.RunRecord.State;
import io.perennial.testing.SharedSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Concurrent runs on one warehouse, and readers during a run. */
class ConcurrentRunsTest {

  private static final String HEADER = "order_id,customer_id,ordered_at,quantity,unit_price\n";
  private static final int REFRESHES = 10;

  @TempDir private Path folder;

  private Shop shop;

  @BeforeEach
  void shop() {
    shop = newShop(Steps.LAKE_STEPS);
    newFile(1);
    Sessions.fit(SharedSpark.session(), 0);
  }

  private void newFile(int month) {
    StringBuilder orders = new StringBuilder(HEADER);
    for (int i = 0; i < 4; i++) {
      orders.append(
          "%d-%d,c%d,2024-%02d-1%d 10:00:00,1,%d.50\n"
              .formatted(month, i, (i + month) % 7, month, i, 10 + i));
    }
    shop.write("month%d.csv".formatted(month), orders.toString());
  }

  @Test
  void secondRunFailsWithTheLeaseHolderOrWaits() throws Exception {
    CountDownLatch isStarted = new CountDownLatch(1);
    CountDownLatch mayFinish = new CountDownLatch(1);
    Step slow =
        Step.named(
            "slow",
            List.of(),
            List.of(CustomerMonthsTable.TABLE),
            List.of(),
            context -> {
              isStarted.countDown();
              await(mayFinish);
              return StepResult.done();
            });
    CompletableFuture<RunRecord> first =
        CompletableFuture.supplyAsync(
            () -> newShop(Shop.steps(Steps.LAKE_STEPS, List.of(slow))).run());
    await(isStarted);

    assertThatThrownBy(
            () -> newShop(Steps.LAKE_STEPS).set("warehouse.wait-for-other-run", "0").run())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "Cannot write the warehouse '" + folder.resolve("warehouse") + "': run ")
        .hasMessageContaining("(process " + ProcessHandle.current().pid() + " on ")
        .hasMessageEndingWith(
            "is at work on it. Wait until it has ended, or let this one wait longer by"
                + " warehouse.wait-for-other-run.");

    Shop waiting = newShop(Steps.LAKE_STEPS).set("warehouse.wait-for-other-run", "60");
    CompletableFuture<RunRecord> second = CompletableFuture.supplyAsync(waiting::run);
    while (waiting.messages().stream().noneMatch(line -> line.startsWith("Waiting for run "))) {
      assertThat(second).isNotDone();
      Thread.sleep(20);
    }
    mayFinish.countDown();
    RunRecord done = first.get(1, TimeUnit.MINUTES);
    RunRecord after = second.get(1, TimeUnit.MINUTES);
    assertThat(after.tables()).as("nothing was new to the second").isEqualTo(done.tables());
    assertThat(shop.pipeline(SharedSpark.session()).runs().all())
        .extracting(RunRecord::state)
        .containsExactly(State.PUBLISHED, State.PUBLISHED);
  }

  @Test
  @Tag("slow")
  void readerDuringTenRefreshesSeesConsistentTablesOnly() throws Exception {
    Shop refreshed = newShop(Shop.steps(Steps.LAKE_STEPS, List.of(CohortSteps.COHORT_MATRIX)));
    refreshed.run();
    AtomicBoolean isOver = new AtomicBoolean();
    Set<String> runIds = new TreeSet<>();
    List<String> inconsistencies = new ArrayList<>();
    CompletableFuture<Void> reader =
        CompletableFuture.runAsync(
            () -> {
              while (!isOver.get()) {
                read(runIds, inconsistencies);
                pause();
              }
              read(runIds, inconsistencies);
            });
    List<String> published = new ArrayList<>();
    for (int month = 2; month <= REFRESHES + 1; month++) {
      newFile(month);
      published.add(refreshed.run().runId());
    }
    isOver.set(true);
    reader.get(1, TimeUnit.MINUTES);
    assertThat(inconsistencies).isEmpty();
    assertThat(runIds).as("sets seen while they were replaced").hasSizeGreaterThan(REFRESHES / 2);
    assertThat(runIds).contains(published.get(published.size() - 1));
  }

  /** Reads as documented: the current run from {@code runs}, then the versions that it names. */
  private void read(Set<String> runIds, List<String> inconsistencies) {
    SparkSession spark = SharedSpark.session();
    String warehouse = folder.resolve("warehouse").toString();
    Row current =
        spark
            .read()
            .format("delta")
            .load(warehouse + "/runs")
            .where("state = 'published'")
            .orderBy(col("as_of").desc(), col("started").desc())
            .first();
    Map<String, Long> versions = current.getJavaMap(current.fieldIndex("tables"));
    String months = sum(spark, warehouse, CustomerMonthsTable.TABLE.name(), versions, "true");
    String cohorts =
        sum(
            spark,
            warehouse,
            CohortMatrixTable.TABLE.name(),
            versions,
            "dimension = 'all' AND as_of = DATE '" + current.getAs("as_of") + "'");
    if (!months.equals(cohorts)) {
      inconsistencies.add(current.getAs("run_id") + ": months " + months + ", cohorts " + cohorts);
    }
    runIds.add(current.getAs("run_id"));
  }

  private static String sum(
      SparkSession spark,
      String warehouse,
      String table,
      Map<String, Long> versions,
      String where) {
    Row sums =
        spark
            .read()
            .format("delta")
            .option("versionAsOf", versions.get(table))
            .load(warehouse + "/" + table)
            .where(where)
            .selectExpr("sum(net)", "sum(orders)")
            .first();
    return sums.get(0) + " of " + sums.get(1) + " orders";
  }

  private Shop newShop(List<Step> steps) {
    return Shop.in(folder).mapping("none", HEADER).set("lake.max-gap-days", "400").withSteps(steps);
  }

  private static void pause() {
    try {
      Thread.sleep(250);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(2, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
