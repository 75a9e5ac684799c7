package io.perennial.products;

import io.perennial.bench.BenchmarkPipeline;
import io.perennial.config.ProductSettings;
import io.perennial.config.Settings;
import io.perennial.config.SettingsLoader;
import io.perennial.ingest.OrderLinesTable;
import io.perennial.table.TableStore;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.spark.ml.fpm.FPGrowth;
import org.apache.spark.ml.fpm.PrefixSpan;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Compares the cost of rule mining by pair counts with MLlib's FP-growth and PrefixSpan, on the
 * same cached orders and customers. Requires a {@code run} with the same settings; the last
 * arguments are minimum support counts.
 *
 * <pre>
 * mvn -q test-compile exec:exec -Dscope=test -Dmain=io.perennial.products.RuleMiners \
 *   -Dargs="conf/perennial.conf warehouse.path=DIR 80 40 20 10 5"
 * </pre>
 */
public final class RuleMiners {

  private static final long MAX_SECONDS = 60;

  private RuleMiners() {}

  /** Arguments: configuration file, {@code key=value}..., least orders... */
  public static void main(String[] args) throws InterruptedException {
    List<String> keys = Arrays.stream(args).skip(1).filter(arg -> arg.contains("=")).toList();
    List<Integer> least =
        Arrays.stream(args)
            .skip(1)
            .filter(arg -> !arg.contains("="))
            .map(Integer::valueOf)
            .toList();
    Settings settings = SettingsLoader.load(Path.of(args[0]), keys);
    SparkSession spark = BenchmarkPipeline.open(Path.of(args[0]), keys, line -> {}).spark();
    spark.conf().set("spark.sql.shuffle.partitions", "4");
    Dataset<Row> lines =
        new TableStore(spark, settings.warehouse().path(), settings.shop().minorDigits())
            .read(OrderLinesTable.TABLE);
    LocalDate asOf = settings.lake().latest();
    HoldoutMonth month = HoldoutMonth.before(asOf);
    ItemDictionary items = ItemDictionary.of(lines, asOf, month, settings.products().maxItems());
    Dataset<Row> histories =
        PurchaseHistories.of(lines, asOf, month, items).persist(StorageLevel.MEMORY_AND_DISK());
    Dataset<Row> baskets = baskets(spark, histories, settings.products());
    Dataset<Row> sequences = sequences(spark, histories, settings.products());
    System.out.printf(
        Locale.ROOT,
        "%,d orders, %,d customers, %,d items%n",
        baskets.count(),
        sequences.count(),
        items.ids().length);
    // Warm-up, so the first measurement does not include compilation.
    counting(histories, items, asOf, settings.products());
    for (int orders : least) {
      ProductSettings with = withLeast(settings.products(), orders);
      timed(spark, "pairs counted", orders, () -> counting(histories, items, asOf, with));
      timed(spark, "FP-growth, orders", orders, () -> growth(baskets, orders));
      timed(spark, "PrefixSpan of 2, customers", orders, () -> span(sequences, orders));
    }
    spark.stop();
  }

  private static ProductSettings withLeast(ProductSettings settings, int orders) {
    return new ProductSettings(
        settings.maxItems(),
        orders,
        settings.maxBasket(),
        settings.maxHistory(),
        settings.maxItems(),
        settings.recentDays(),
        settings.recommendations());
  }

  private static String counting(
      Dataset<Row> histories, ItemDictionary items, LocalDate asOf, ProductSettings settings) {
    Cutoff cut = new Cutoff(items.topAtAsOf(), (int) asOf.toEpochDay());
    List<Rule> rules =
        RuleMining.of(histories, items.ids().length, List.of(cut), settings).get(0).rules();
    long together = rules.stream().filter(rule -> rule.kind().equals("together")).count();
    return "%,d pairs in orders, %,d of customers".formatted(together / 2, rules.size() - together);
  }

  private static String growth(Dataset<Row> baskets, int orders) {
    Dataset<Row> sets =
        new FPGrowth()
            .setItemsCol("items")
            .setMinSupport((orders - 0.5) / baskets.count())
            .fit(baskets)
            .freqItemsets();
    return bySize(sets.selectExpr("size(items) AS length"));
  }

  private static String span(Dataset<Row> sequences, int orders) {
    Dataset<Row> patterns =
        new PrefixSpan()
            .setSequenceCol("items")
            .setMinSupport((orders - 0.5) / sequences.count())
            .setMaxPatternLength(2)
            .findFrequentSequentialPatterns(sequences);
    return bySize(patterns.selectExpr("size(sequence) AS length"));
  }

  private static String bySize(Dataset<Row> lengths) {
    List<String> text = new ArrayList<>();
    for (Row row : lengths.groupBy("length").count().orderBy("length").collectAsList()) {
      text.add("%,d of %d".formatted(row.getLong(1), row.getInt(0)));
    }
    return String.join(", ", text);
  }

  private static void timed(SparkSession spark, String name, int orders, Supplier<String> work)
      throws InterruptedException {
    ExecutorService one = Executors.newSingleThreadExecutor();
    long start = System.nanoTime();
    String found;
    try {
      found = one.submit(work::get).get(MAX_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      spark.sparkContext().cancelAllJobs();
      found = "timed out";
    } catch (ExecutionException e) {
      found = "failed: " + e.getCause();
    }
    one.shutdownNow();
    System.out.printf(
        Locale.ROOT,
        "at least %,6d  %-27s %7.1f s  %s%n",
        orders,
        name,
        (System.nanoTime() - start) / 1e9,
        found);
  }

  private static Dataset<Row> baskets(
      SparkSession spark, Dataset<Row> histories, ProductSettings settings) {
    List<Row> rows = new ArrayList<>();
    for (Row row : histories.collectAsList()) {
      for (int[] order : PurchaseHistories.history(row).items()) {
        if (order.length <= settings.maxBasket()) {
          rows.add(
              RowFactory.create((Object) Arrays.stream(order).boxed().toArray(Integer[]::new)));
        }
      }
    }
    return dataset(spark, rows, DataTypes.IntegerType);
  }

  /** Each customer's orders, every item only in its first order. */
  private static Dataset<Row> sequences(
      SparkSession spark, Dataset<Row> histories, ProductSettings settings) {
    List<Row> rows = new ArrayList<>();
    for (Row row : PurchaseHistories.ofCustomers(histories).collectAsList()) {
      BitSet known = new BitSet();
      List<Integer[]> sequence = new ArrayList<>();
      for (int[] order : PurchaseHistories.history(row).items()) {
        Integer[] fresh =
            Arrays.stream(order).filter(item -> !known.get(item)).boxed().toArray(Integer[]::new);
        Arrays.stream(fresh).forEach(known::set);
        if (fresh.length > 0) {
          sequence.add(fresh);
        }
      }
      if (known.cardinality() <= settings.maxHistory()) {
        rows.add(RowFactory.create((Object) sequence.toArray(Integer[][]::new)));
      }
    }
    return dataset(spark, rows, DataTypes.createArrayType(DataTypes.IntegerType));
  }

  private static Dataset<Row> dataset(SparkSession spark, List<Row> rows, DataType of) {
    return spark
        .createDataFrame(rows, new StructType().add("items", new ArrayType(of, true)))
        .repartition(4)
        .persist(StorageLevel.MEMORY_AND_DISK());
  }
}
