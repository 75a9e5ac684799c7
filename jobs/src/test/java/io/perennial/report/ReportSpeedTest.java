package io.perennial.report;

import static org.apache.spark.sql.functions.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.churn.ChurnScoresTable;
import io.perennial.report.ChurnFigures.Band;
import io.perennial.report.SegmentFigures.Segment;
import io.perennial.rfm.RfmTable;
import io.perennial.rfm.RfmTransitionsTable;
import io.perennial.table.PublishedTables;
import io.perennial.table.RunRecord;
import io.perennial.table.RunRecord.State;
import io.perennial.table.Table;
import io.perennial.table.TableStore;
import io.perennial.testing.SharedSpark;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading time of the tables that grow with the customers, at 1.5 million of them. */
@Tag("slow")
class ReportSpeedTest {

  private static final int CUSTOMERS = 1_500_000;
  private static final double MAX_SECONDS = 30;

  private static final LocalDate AS_OF = LocalDate.of(2026, 1, 1);
  private static final LocalDate BEFORE = LocalDate.of(2025, 12, 1);

  @Test
  void isReadWithinTheLimit(@TempDir Path folder) {
    SparkSession spark = SharedSpark.session();
    TableStore store = new TableStore(spark, folder.toString(), 2);
    store.append(RfmTable.TABLE, rfm(spark, AS_OF).unionByName(rfm(spark, BEFORE)));
    store.append(RfmTransitionsTable.TABLE, transitions(spark));
    store.append(ChurnScoresTable.TABLE, scores(spark));
    Map<String, Long> versions = new TreeMap<>();
    for (Table table : List.of(RfmTable.TABLE, RfmTransitionsTable.TABLE, ChurnScoresTable.TABLE)) {
      versions.put(table.name(), store.version(table).orElseThrow());
    }
    PublishedTables tables =
        new PublishedTables(
            store,
            new RunRecord(
                "run",
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

    long started = System.nanoTime();
    SegmentFigures segments = SegmentFigures.read(tables, List.of());
    ChurnFigures churn = ChurnFigures.read(tables);
    double seconds = (System.nanoTime() - started) / 1e9;

    System.out.printf("read %,d customers for the report in %.1f s%n", CUSTOMERS, seconds);
    assertThat(segments.now().stream().mapToLong(Segment::customers).sum()).isEqualTo(CUSTOMERS);
    assertThat(churn.bands().stream().mapToLong(Band::customers).sum()).isEqualTo(CUSTOMERS);
    assertThat(churn.reasons()).hasSize(3);
    assertThat(seconds).isLessThan(MAX_SECONDS);
  }

  private static Dataset<Row> customers(SparkSession spark, LocalDate asOf) {
    return spark
        .range(0, CUSTOMERS, 1, 8)
        .withColumn(Table.AS_OF.name(), lit(asOf))
        .withColumn("customer_id", concat(lit("c"), col("id").cast("string")));
  }

  private static Dataset<Row> rfm(SparkSession spark, LocalDate asOf) {
    return declared(
        customers(spark, asOf)
            .withColumn("recency_days", expr("cast(1 + id % 700 as int)"))
            .withColumn("frequency", expr("1 + id % 9"))
            .withColumn("monetary", expr("cast(id % 100000 / 100 as decimal(18,2))"))
            .withColumn("r_score", lit(3))
            .withColumn("f_score", lit(3))
            .withColumn("m_score", lit(3))
            .withColumn("rfm_cell", lit("333"))
            .withColumn(
                "segment", concat(lit("segment "), pmod(col("id"), lit(11)).cast("string"))),
        RfmTable.TABLE);
  }

  private static Dataset<Row> transitions(SparkSession spark) {
    return spark.createDataFrame(
        List.of(
            org.apache.spark.sql.RowFactory.create(
                java.sql.Date.valueOf(AS_OF), java.sql.Date.valueOf(BEFORE), "a", "b", 1L)),
        RfmTransitionsTable.TABLE.schema(2));
  }

  private static Dataset<Row> scores(SparkSession spark) {
    Column days = expr("cast(2 + id % 700 as string)");
    Column reason =
        when(
                pmod(col("id"), lit(3)).equalTo(0),
                concat(
                    lit("last order "),
                    days,
                    lit(" days ago, usually every "),
                    days,
                    lit(": of such 12 % order within 90 days (+1.35)")))
            .when(
                pmod(col("id"), lit(3)).equalTo(1),
                concat(
                    lit("ordered once, "),
                    days,
                    lit(" days ago: of such 7 % order within 90 days (+0.91)")))
            .otherwise("no order in the last 90 days (+0.31)");
    Column money = expr("cast(id % 9000 / 100 as decimal(18,2))");
    return declared(
        customers(spark, AS_OF)
            .withColumn("churn_probability", rand(1))
            .withColumn(
                "risk_band", when(pmod(col("id"), lit(2)).equalTo(0), "high").otherwise("low"))
            .withColumn("expected_orders", lit(0.5))
            .withColumn("expected_net", money)
            .withColumn("value_at_risk", money)
            .withColumn("reason_1", reason)
            .withColumn("reason_2", concat(lit("customer for "), days, lit(" days (-0.20)")))
            .withColumn("reason_3", lit("ordered once (+0.10)"))
            .withColumn("model_id", lit("m1"))
            .withColumn("log_odds", lit(0.0))
            .withColumn("contribution_1", lit(1.0))
            .withColumn("contribution_2", lit(-0.2))
            .withColumn("contribution_3", lit(0.1))
            .withColumn("contribution_others", lit(0.0)),
        ChurnScoresTable.TABLE);
  }

  private static Dataset<Row> declared(Dataset<Row> rows, Table table) {
    return rows.select(table.columns());
  }
}
