package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

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

/** The command churn and its exit codes, on one shop from its first model on. */
class ChurnCommandTest {

  private static final LocalDate FIRST = LocalDate.of(2023, 1, 1);

  @TempDir Path folder;

  @BeforeEach
  void shop() {
    Shop.in(folder)
        .mapping("none", List.of("order_id", "customer_id", "ordered_at", "quantity", "unit_price"))
        .write("orders.csv", orders());
  }

  @Test
  void aRefusedModelDoesNotScoreAndTheLastGoodOneDoes() {
    assertThat(perennial("ingest").code()).isZero();
    Perennial.Answer first = perennial("churn");
    assertThat(first.err()).isEmpty();
    assertThat(first.code()).isZero();
    assertThat(first.out()).contains("churn_scores", "log loss");
    requireRefused(requireGood());
  }

  @Test
  @Tag("slow")
  void modelsAreRefusedNamedAndReportedOneAfterTheOther() {
    Perennial.Answer run = perennial("run");
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("churn_scores", "log loss").contains("Risk of churn");
    assertThat(run.out()).contains("Report in ");
    assertThat(report())
        .contains("Value at risk by band", "Most common reasons", "recency only")
        .doesNotContain("The newest model was refused");
    String goodId = requireGood();
    requireRefused(goodId);

    Perennial.Answer going = perennial("run", "churn.max-calibration-error=0", "churn.folds=2");
    assertThat(going.code()).as("run goes on: " + going.err()).isZero();
    assertThat(going.out()).contains("refused: calibration error", "last good model");
    assertThat(report()).contains("The newest model was refused", "Value at risk by band");

    Perennial.Answer named = perennial("churn", "churn.model=" + goodId);
    assertThat(named.code()).as(named.err()).isZero();
    assertThat(named.out()).contains("scored with model " + goodId);
    assertThat(models(ChurnScoresTable.TABLE)).containsExactly(goodId);

    Perennial.Answer unknown = perennial("churn", "churn.model=nobody");
    assertThat(unknown.code()).isEqualTo(1);
    assertThat(unknown.err())
        .contains("Cannot score with model 'nobody' (churn.model): churn_models has no such");

    Perennial.Answer tooFew =
        perennial("churn", "churn.min-customers=1000000", "churn.lookback=50");
    assertThat(tooFew.code()).isEqualTo(3);
    assertThat(tooFew.err())
        .contains("no model: 700 customers have a valid order (churn.min-customers = 1000000)")
        .contains("there are no scores of ");
    assertThat(table(ChurnScoresTable.TABLE).count()).isZero();
  }

  /** The id of the one model, which was published and has scored. */
  private String requireGood() {
    Row good = table(ChurnModelsTable.TABLE).first();
    String goodId = good.getAs("model_id");
    assertThat(good.<String>getAs("verdict")).isEqualTo("published");
    assertThat(models(ChurnScoresTable.TABLE)).containsExactly(goodId);
    long backtested = table(ChurnBacktestTable.TABLE).count();
    assertThat(backtested).isPositive();
    return goodId;
  }

  private void requireRefused(String goodId) {
    // The limit is a setting of the model: another one makes another model.
    Perennial.Answer refused = perennial("churn", "churn.max-calibration-error=0");
    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.err())
        .contains("Cannot publish churn scores of a new model: model churn-")
        .contains("refused: calibration error above churn.max-calibration-error")
        .contains("scored with the last good model, " + goodId);
    assertThat(refused.out()).contains("Published run");
    assertThat(models(ChurnModelsTable.TABLE)).hasSize(2).contains(goodId);
    assertThat(models(ChurnScoresTable.TABLE)).containsExactly(goodId);
  }

  private Perennial.Answer perennial(String command, String... keys) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "lake.source=own",
                "lake.path=" + folder.resolve("lake"),
                "warehouse.path=" + folder.resolve("warehouse"),
                "cohorts.dimensions=[]",
                "churn.horizon=60",
                "churn.folds=1",
                "churn.training-origins=2",
                "churn.min-customers=100",
                "churn.max-calibration-error=0.5"));
    all.addAll(List.of(keys));
    return Perennial.run(command, folder.resolve("perennial.conf"), all);
  }

  /** What people read of the report: without scripts. */
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
    StringBuilder text = new StringBuilder("order_id,customer_id,ordered_at,quantity,unit_price\n");
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

  private List<String> models(Table table) {
    return table(table).select("model_id").distinct().collectAsList().stream()
        .map(row -> row.getString(0))
        .toList();
  }
}
