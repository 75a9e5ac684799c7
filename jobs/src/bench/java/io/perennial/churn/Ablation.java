package io.perennial.churn;

import io.perennial.bench.BenchmarkPipeline;
import io.perennial.config.Settings;
import io.perennial.config.SettingsLoader;
import io.perennial.customers.CustomersTable;
import io.perennial.months.CustomerDaysTable;
import io.perennial.table.TableStore;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Ablation of the churn features: the backtest with all features, then without each group. Prints
 * the mean log loss over the folds, and AUC, log loss and calibration error of the newest one.
 * Requires a {@code run} with the same settings:
 *
 * <pre>
 * mvn -q test-compile exec:exec -Dscope=test -Dmain=io.perennial.churn.Ablation \
 *   -Dargs="conf/perennial.conf churn.lookback=all warehouse.path=DIR"
 * </pre>
 */
public final class Ablation {

  private Ablation() {}

  /** Arguments: configuration file, then {@code key=value}. */
  public static void main(String[] args) {
    List<String> keys = Arrays.asList(args).subList(1, args.length);
    Settings settings = SettingsLoader.load(Path.of(args[0]), keys);
    SparkSession spark = BenchmarkPipeline.open(Path.of(args[0]), keys, line -> {}).spark();
    spark.conf().set("spark.sql.shuffle.partitions", "8");
    int minorDigits = settings.shop().minorDigits();
    TableStore store = new TableStore(spark, settings.warehouse().path(), minorDigits);
    Dataset<Row> days = store.read(CustomerDaysTable.TABLE);
    LocalDate asOf =
        days.where(CustomerDaysTable.ORDERS.col().gt(0))
            .agg(functions.max(CustomerDaysTable.DAY.col()))
            .first()
            .getDate(0)
            .toLocalDate()
            .plusDays(1);
    long customers = store.read(CustomersTable.TABLE).count();
    try (Churn churn = Churn.at(asOf, days, customers, settings.churn(), minorDigits)) {
      print("all", churn);
      for (Feature.Group group : Feature.Group.values()) {
        print("without " + group.name().toLowerCase(Locale.ROOT), churn.without(group));
      }
    }
  }

  private static void print(String name, Churn churn) {
    TrainingResult trained = churn.train("ablation");
    List<Row> folds =
        trained.backtest().stream()
            .filter(row -> row.getAs("model_kind").equals(ChurnBacktest.LOGISTIC))
            .toList();
    Row newest = folds.get(0);
    System.out.printf(
        Locale.ROOT,
        "%-20s mean log loss %.4f; newest fold: log loss %.4f, AUC %.4f, calibration error %.4f%n",
        name,
        folds.stream().mapToDouble(row -> row.<Double>getAs("log_loss")).average().orElseThrow(),
        newest.<Double>getAs("log_loss"),
        newest.<Double>getAs("auc"),
        newest.<Double>getAs("ece"));
  }
}
