package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perennial.audiences.AudienceSteps;
import io.perennial.cohorts.CohortMatrixTable;
import io.perennial.orders.OrdersTable;
import io.perennial.pipeline.Pipeline;
import io.perennial.pipeline.Steps;
import io.perennial.rfm.RfmTable;
import io.perennial.spark.Sessions;
import io.perennial.step.Step;
import io.perennial.table.RunRecord;
import io.perennial.table.Runs;
import io.perennial.testing.SharedSpark;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs in an unusual order: the run that each one builds on, and the results that it reuses. */
class RunOrderTest {

  private static final LocalDate FEBRUARY = LocalDate.of(2024, 2, 1);
  private static final LocalDate AFTER_FEBRUARY = LocalDate.of(2024, 2, 6);
  private static final LocalDate AFTER_MARCH = LocalDate.of(2024, 3, 2);

  @TempDir private Path folder;

  private SparkSession spark;
  private Shop shop;

  @BeforeEach
  void shop() {
    spark = SharedSpark.session();
    shop = MonthlyFiles.shop(folder);
    Sessions.fit(spark, 0);
  }

  private Runs runs() {
    return shop.pipeline(spark).runs();
  }

  @Test
  void runBuildsOnTheLastPublishedRunDespiteClockSkew() {
    Instant noon = Instant.parse("2024-06-01T12:00:00Z");
    shop.runAt(noon);
    shop.write("march.csv", MonthlyFiles.MARCH);
    RunRecord second = shop.runAt(noon.minusSeconds(60));

    assertThat(second.started()).isAfter(noon);
    assertThat(runs().latest().map(RunRecord::runId)).contains(second.runId());
    shop.run();
    assertThat(shop.rows(OrdersTable.TABLE)).hasSize(5);
  }

  @Test
  @Tag("slow")
  void erasureAppliesToTheRunPublishedWhileItWaited() {
    shop.run();
    Pipeline waiting = shop.pipeline(spark);
    assertThat(waiting.runs().current().flatMap(RunRecord::asOf)).contains(AFTER_FEBRUARY);
    shop.write("march.csv", MonthlyFiles.MARCH).run();

    RunRecord erasure = waiting.erase(Set.of("ben")).run();

    assertThat(erasure.asOf()).contains(AFTER_MARCH);
    assertThat(runs().current().map(RunRecord::runId)).contains(erasure.runId());
    assertThat(shop.rows(OrdersTable.TABLE, erasure))
        .extracting(order -> order.get("customer_id"))
        .containsOnly("anna", "cleo");
  }

  @Test
  @Tag("slow")
  void runAsOfAnEarlierDateIsRefusedDuringAnErasure() {
    RunRecord all = shop.run();
    shop.pipeline(spark).erasures().enter(List.of("ben"), Instant.now());

    assertThatThrownBy(() -> shop.runAsOf(FEBRUARY))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot run as of 2024-02-01: the tables hold people who are erased, and what is read"
                + " as of 2024-02-06 would be lost with their records. Run `run` without --as-of"
                + " first.");
    assertThat(shop.rows(OrdersTable.TABLE, all)).as("readers still read").hasSize(4);
    assertThat(shop.rows(OrdersTable.TABLE, shop.run())).hasSize(3);
  }

  @Test
  void fullReadFailsIfAFileIsMissing() {
    shop.set("lake.on-missing-file", "keep").run();
    shop.remove("january.csv");
    assertThat(shop.rows(OrdersTable.TABLE, shop.run())).as("kept").hasSize(4);

    shop.set("lake.latest", "2050-01-01");
    assertThatThrownBy(shop::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot read the lake anew: the mapping, a setting or the version of Perennial changed,"
                + " so that all files have to be read again, but 1 file is gone: 'january.csv'."
                + " Bring them back, or have their records leave: `run --rebuild`, or"
                + " lake.on-missing-file = retract.");
    assertThat(shop.rows(OrdersTable.TABLE, shop.rebuild(AFTER_FEBRUARY))).hasSize(2);
  }

  @Test
  void expiredSnapshotIsRecomputed() {
    shop.set("warehouse.keep-snapshots.days", "1").set("warehouse.keep-snapshots.month-ends", "0");
    shop.run();
    shop.withSteps(Steps.COHORT_STEPS).runAsOf(FEBRUARY);
    shop.withSteps(Steps.RFM_STEPS).run();
    RunRecord again = shop.withSteps(Steps.COHORT_STEPS).runAsOf(FEBRUARY);
    assertThat(shop.rows(CohortMatrixTable.TABLE, again)).isNotEmpty();
  }

  @Test
  void audiencesRequireSnapshotsOfTheSameDate() {
    shop.withSteps(Shop.steps(Steps.LAKE_STEPS, Steps.RFM_STEPS)).run();
    shop.write("march.csv", MonthlyFiles.MARCH).withSteps(Steps.LAKE_STEPS).run();

    assertThatThrownBy(() -> shop.withSteps(AudienceSteps.AUDIENCE_STEPS).run())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot make customer_profile as of 2024-03-02: it is made of rfm, of which there is only"
                + " another day. Run `run`, which makes everything in order.");
  }

  @Test
  @Tag("slow")
  void rebuildReplacesTablesOfAnotherCurrency() {
    List<Step> steps = Shop.steps(Steps.LAKE_STEPS, Steps.RFM_STEPS);
    shop.withSteps(steps).run();
    shop.set("shop.currency", "JPY");
    assertThatThrownBy(shop::run)
        .hasMessageContaining("Run `run --rebuild`, or choose another warehouse.path.");

    RunRecord rebuilt = shop.rebuild(AFTER_FEBRUARY);

    assertThat(shop.rows(RfmTable.TABLE, rebuilt)).isNotEmpty();
    assertThat(shop.messages())
        .contains("  rfm has other columns now: it begins anew, without its history");
  }
}
