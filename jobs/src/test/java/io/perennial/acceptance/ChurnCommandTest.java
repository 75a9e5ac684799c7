package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.acceptance.CommandRunner.CommandResult;
import io.perennial.churn.ChurnBacktestTable;
import io.perennial.churn.ChurnModelsTable;
import io.perennial.churn.ChurnScoresTable;
import io.perennial.table.Table;
import io.perennial.testing.SharedSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command churn and its exit codes, from the first model of a shop. */
class ChurnCommandTest {

  private static final String HEADER = "order_id,customer_id,ordered_at,quantity,unit_price\n";
  private static final LocalDate FIRST = LocalDate.of(2023, 1, 1);

  @TempDir Path folder;

  private Shop shop;

  @BeforeEach
  void shop() {
    shop = Shop.in(folder).mapping("none", HEADER).write("orders.csv", orders());
  }

  @Test
  void refusedModelDoesNotScoreAndTheLastGoodModelDoes() {
    assertThat(command("ingest").code()).isZero();
    CommandResult first = command("churn");
    assertThat(first.err()).isEmpty();
    assertThat(first.code()).isZero();
    assertThat(first.out()).contains("churn_scores", "log loss");
    assertRefused(assertGoodModel());
  }

  @Test
  @Tag("slow")
  void modelsAreRefusedSelectedByIdAndReported() {
    CommandResult run = command("run");
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("churn_scores", "log loss").contains("Risk of churn");
    assertThat(run.out()).contains("Report in ");
    assertThat(report())
        .contains("Value at risk by band", "Most common reasons", "recency only")
        .doesNotContain("The newest model was refused");
    String goodId = assertGoodModel();
    assertRefused(goodId);

    CommandResult runWithRefusal = command("run", "churn.max-calibration-error=0", "churn.folds=2");
    assertThat(runWithRefusal.code()).as("run goes on: " + runWithRefusal.err()).isZero();
    assertThat(runWithRefusal.out()).contains("refused: calibration error", "last good model");
    assertThat(report()).contains("The newest model was refused", "Value at risk by band");

    CommandResult withModel = command("churn", "churn.model=" + goodId);
    assertThat(withModel.code()).as(withModel.err()).isZero();
    assertThat(withModel.out()).contains("scored with model " + goodId);
    assertThat(modelIds(ChurnScoresTable.TABLE)).containsExactly(goodId);

    CommandResult unknown = command("churn", "churn.model=nobody");
    assertThat(unknown.code()).isEqualTo(1);
    assertThat(unknown.err())
        .contains("Cannot score with model 'nobody' (churn.model): churn_models has no such");

    CommandResult tooFew = command("churn", "churn.min-customers=1000000", "churn.lookback=50");
    assertThat(tooFew.code()).isEqualTo(3);
    assertThat(tooFew.err())
        .contains("no model: 700 customers have a valid order (churn.min-customers = 1000000)")
        .contains("there are no scores of ");
    assertThat(table(ChurnScoresTable.TABLE).count()).isZero();
  }

  /** Checks that the only model is published and has scored. Returns the model id. */
  private String assertGoodModel() {
    Row good = table(ChurnModelsTable.TABLE).first();
    String goodId = good.getAs("model_id");
    assertThat(good.<String>getAs("verdict")).isEqualTo("published");
    assertThat(modelIds(ChurnScoresTable.TABLE)).containsExactly(goodId);
    long backtested = table(ChurnBacktestTable.TABLE).count();
    assertThat(backtested).isPositive();
    return goodId;
  }

  private void assertRefused(String goodId) {
    // The limit is part of the model configuration, so a changed limit trains a new model.
    CommandResult refused = command("churn", "churn.max-calibration-error=0");
    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.err())
        .contains("Cannot publish churn scores of a new model: model churn-")
        .contains("refused: calibration error above churn.max-calibration-error")
        .contains("scored with the last good model, " + goodId);
    assertThat(refused.out()).contains("Published run");
    assertThat(modelIds(ChurnModelsTable.TABLE)).hasSize(2).contains(goodId);
    assertThat(modelIds(ChurnScoresTable.TABLE)).containsExactly(goodId);
  }

  private CommandResult command(String name, String... keys) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "cohorts.dimensions=[]",
                "churn.horizon=60",
                "churn.folds=1",
                "churn.training-origins=2",
                "churn.min-customers=100",
                "churn.max-calibration-error=0.5"));
    all.addAll(List.of(keys));
    return shop.command(name, all);
  }

  /** The text lines of the report, without scripts. */
  private List<String> report() {
    try {
      return Files.readString(folder.resolve("warehouse-report").resolve("report.html"))
          .replaceAll("(?s)<script.*", "")
          .replaceAll("<[^>]*>", "\n")
          .lines()
          .map(String::strip)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String orders() {
    StringBuilder text = new StringBuilder(HEADER);
    Random random = new Random(5);
    int number = 0;
    for (int customer = 0; customer < 700; customer++) {
      double rate = 0.04 * -Math.log(random.nextDouble());
      double time = random.nextInt(360);
      while (time < 400) {
        text.append(number++)
            .append(",c")
            .append(customer)
            .append(',')
            .append(FIRST.plusDays((long) time))
            .append(" 12:00:00,1,")
            .append(5 + random.nextInt(50))
            .append(".00\n");
        if (random.nextDouble() < 0.15) {
          break;
        }
        time += -Math.log(random.nextDouble()) / rate;
      }
    }
    return text.toString();
  }

  private Dataset<Row> table(Table table) {
    return SharedSpark.session()
        .read()
        .format("delta")
        .load(folder.resolve("warehouse").resolve(table.name()).toString());
  }

  private List<String> modelIds(Table table) {
    return table(table).select("model_id").distinct().collectAsList().stream()
        .map(row -> row.getString(0))
        .toList();
  }
}
