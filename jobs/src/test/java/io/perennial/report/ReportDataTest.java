package io.perennial.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.perennial.churn.ChurnScoresTable;
import io.perennial.ingest.RejectsTable;
import io.perennial.report.AudienceFigures.Audience;
import io.perennial.report.AudienceFigures.Suppression;
import io.perennial.report.ChurnFigures.Band;
import io.perennial.report.ChurnFigures.Reason;
import io.perennial.report.HealthFigures.Rejected;
import io.perennial.table.Field;
import io.perennial.table.PublishedTables;
import io.perennial.table.RunRecord;
import io.perennial.table.RunRecord.State;
import io.perennial.table.Table;
import io.perennial.table.TableStore;
import io.perennial.testing.SharedSpark;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Date;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The figures read from tables of a few rows. */
class ReportDataTest {

  private static final LocalDate AS_OF = LocalDate.of(2026, 1, 1);
  private static final Date NOW = Date.valueOf(AS_OF);
  private static final Date EARLIER = Date.valueOf(AS_OF.minusDays(7));

  private static final Table MEMBERS =
      Table.named("audience_members")
          .fields(
              Table.AS_OF,
              Field.text("audience", "a"),
              Field.text("customer_id", "c"),
              Field.text("arm", "arm"))
          .build();

  private static final Table SUPPRESSIONS =
      Table.named("audience_suppressions")
          .fields(
              Table.AS_OF,
              Field.text("audience", "a"),
              Field.integer("step_order", "o"),
              Field.text("step", "s"),
              Field.count("customers_in", "i"),
              Field.count("customers_out", "o"))
          .build();

  @TempDir static Path folder;

  private static SparkSession spark;
  private static TableStore store;
  private static final Map<String, Long> VERSIONS = new TreeMap<>();

  @BeforeAll
  static void writeTables() {
    spark = SharedSpark.session();
    store = new TableStore(spark, folder.toString(), 2);
    write(
        MEMBERS,
        RowFactory.create(NOW, "win back", "a", "target"),
        RowFactory.create(NOW, "win back", "b", "target"),
        RowFactory.create(NOW, "win back", "c", "control"),
        RowFactory.create(EARLIER, "win back", "d", "target"));
    write(
        SUPPRESSIONS,
        RowFactory.create(NOW, "win back", 2, "no consent", 8L, 5L),
        RowFactory.create(NOW, "win back", 1, "not in segment", 10L, 2L),
        RowFactory.create(NOW, "nobody", 1, "not in segment", 10L, 10L),
        RowFactory.create(EARLIER, "win back", 1, "not in segment", 9L, 0L));
    write(
        ChurnScoresTable.TABLE,
        score("a", "high", 0.9, "90.00", "last order 1 day ago (+1.35)", 1.35, "x (-0.1)"),
        score("b", "high", 0.8, "10.00", "last order 210 days ago (+0.90)", 0.9, "x (-0.1)"),
        score(
            "c",
            "low",
            0.2,
            null,
            "ordered 3.5 times (-2.10)",
            -2.1,
            "no order in the last 90 days (+0.20)"),
        score("d", "low", 0.1, "5.00", "ordered 9 times (-3.00)", -3, "y (-0.10)"));
    write(
        RejectsTable.TABLE,
        RowFactory.create(
            "f",
            "r",
            List.of("quantity is 0", "currency must be USD, is: EU\nR: 1"),
            "1",
            false,
            "run"),
        RowFactory.create("f", "r", List.of("currency must be USD, is: CHF"), "2", false, "run"));
  }

  private static Row score(
      String id, String band, double p, String atRisk, String first, double adds, String second) {
    BigDecimal value = atRisk == null ? null : new BigDecimal(atRisk);
    return RowFactory.create(
        NOW,
        id,
        p,
        band,
        1.0,
        value,
        value,
        first,
        second,
        "z (-0.01)",
        "m1",
        0.0,
        adds,
        second.contains("+") ? 0.2 : -0.1,
        -0.01,
        0.0);
  }

  private static void write(Table table, Row... rows) {
    store.append(table, spark.createDataFrame(List.of(rows), table.schema(2)));
    VERSIONS.put(table.name(), store.version(table).orElseThrow());
  }

  private static PublishedTables tables() {
    return tables("run-1", VERSIONS);
  }

  private static PublishedTables tables(String runId, Map<String, Long> versions) {
    return new PublishedTables(
        store,
        new RunRecord(
            runId,
            "run",
            Optional.of(AS_OF),
            Instant.EPOCH,
            Optional.empty(),
            State.PUBLISHED,
            "",
            versions,
            List.of(),
            Map.of(),
            Optional.empty(),
            "test"));
  }

  @Test
  void audiencesHaveSizesAndStepsInOrderAsOfTheRun() {
    assertThat(AudienceFigures.read(tables()).audiences())
        .containsExactly(
            new Audience("nobody", 0, 0, List.of(new Suppression("not in segment", 10, 10))),
            new Audience(
                "win back",
                2,
                1,
                List.of(
                    new Suppression("not in segment", 10, 2),
                    new Suppression("no consent", 8, 5))));
    assertThat(CampaignFigures.read(tables()).campaigns())
        .as("a table that does not exist yet")
        .isEmpty();
  }

  @Test
  void reasonsRaiseTheRiskAndOmitACustomersOwnNumbers() {
    ChurnFigures churn = ChurnFigures.read(tables());

    assertThat(churn.reasons())
        .containsExactly(
            new Reason(
                "last order … days ago", "last order 1 day ago", 2, new BigDecimal("100.00")),
            new Reason("no order in the last 90 days", "no order in the last 90 days", 1, null));
    assertThat(churn.bands())
        .extracting(Band::name, Band::customers, Band::valueAtRisk)
        .containsExactly(
            tuple("high", 2L, new BigDecimal("100.00")), tuple("low", 2L, new BigDecimal("5.00")));
    assertThat(churn.bands().get(0).meanProbability()).isEqualTo(0.85, within(1e-12));
    assertThat(churn.horizonDays()).isNull();
  }

  @Test
  void rejectsAreCountedByRule() {
    assertThat(HealthFigures.read(tables()).rejects())
        .containsExactly(new Rejected("currency must be USD", 2), new Rejected("quantity is 0", 1));
  }

  @Test
  void aVacuumedVersionSaysWhatToDo() {
    PublishedTables vacuumed = tables("run-0", Map.of(RejectsTable.TABLE.name(), 77L));
    assertThatThrownBy(() -> HealthFigures.read(vacuumed))
        .hasMessageContaining("Cannot read table")
        .hasMessageContaining("rejects, version 77 of run run-0")
        .hasMessageContaining("Make the report of a newer run.");
  }
}
