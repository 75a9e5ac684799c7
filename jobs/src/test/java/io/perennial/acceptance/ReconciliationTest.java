package io.perennial.acceptance;

import static org.apache.spark.sql.functions.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.perennial.ingest.IngestedFilesTable;
import io.perennial.ingest.OrderLinesTable;
import io.perennial.months.CustomerDaysTable;
import io.perennial.months.CustomerMonthsTable;
import io.perennial.pipeline.Steps;
import io.perennial.step.QualityGateException;
import io.perennial.step.Step;
import io.perennial.step.StepResult;
import io.perennial.table.RunRecord;
import io.perennial.table.Runs;
import io.perennial.table.Table;
import io.perennial.testing.SharedSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run with inconsistent tables is not published, and the failure names the differences. */
class ReconciliationTest {

  @TempDir Path folder;

  @Test
  void inconsistentTablesAreNotPublished() {
    Shop shop = MonthlyFiles.shop(folder);
    RunRecord good = shop.run();
    shop.write("march.csv", MonthlyFiles.MARCH);

    List<Step> corrupted = new ArrayList<>(Steps.LAKE_STEPS);
    corrupt(
        corrupted,
        OrderLinesTable.TABLE,
        lines ->
            lines.withColumn(
                "source_file", expr("if(order_id IN ('2', '4'), 'march.csv', source_file)")));
    corrupt(
        corrupted,
        IngestedFilesTable.TABLE,
        files ->
            files.withColumn(
                "net", expr("if(path = 'january.csv', cast(net + 1 as decimal(18, 2)), net)")));
    corrupt(corrupted, CustomerDaysTable.TABLE, days -> days.where("customer_id <> 'cleo'"));
    corrupt(corrupted, CustomerMonthsTable.TABLE, months -> months.where("customer_id <> 'ben'"));
    assertThatThrownBy(() -> shop.withSteps(corrupted).run())
        .isInstanceOfSatisfying(
            QualityGateException.class,
            failure ->
                assertThat(failure.reconciliation())
                    .filteredOn(check -> !check.holds())
                    .extracting(check -> check.identity(), check -> check.left(), c -> c.right())
                    .containsExactly(
                        tuple(
                            "accepted records = rows of order_lines that are not derived",
                            "6",
                            "6 (2 and 1 of 'february.csv')"),
                        tuple("net of accepted records = net of order_lines", "52.75", "51.75"),
                        tuple(
                            "net of order_lines = customer_days + anonymous + uncounted",
                            "51.75",
                            "43.75 + 0.00 + 0.00"),
                        tuple(
                            "net and orders of customer_days = customer_months",
                            "43.75 on 4 orders",
                            "29.25 on 2 orders")))
        .hasMessageContaining("Cannot publish: the figures do not reconcile. accepted records");
    Runs runs = shop.pipeline(SharedSpark.session()).runs();
    assertThat(runs.current().orElseThrow().runId()).isEqualTo(good.runId());

    shop.withSteps(Steps.LAKE_STEPS).run();
    assertThat(shop.rows(OrderLinesTable.TABLE)).hasSize(6);
  }

  /** Inserts a step that corrupts a table after the step that writes it. */
  private static void corrupt(
      List<Step> steps, Table table, UnaryOperator<Dataset<Row>> corruption) {
    int writer = 0;
    while (!steps.get(writer).writes().contains(table)) {
      writer++;
    }
    steps.add(
        writer + 1,
        Step.named(
            "spoil " + table.name(),
            List.of(table),
            List.of(table),
            List.of(),
            context -> {
              context.store().overwrite(table, corruption.apply(context.store().read(table)));
              return StepResult.done();
            }));
  }
}
