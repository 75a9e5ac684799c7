package io.perennial.sample;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The true parameters of a lake, for tests: one row per customer with a key (csv for text formats,
 * Parquet for the others), and truth.json with the settings and the population that customers are
 * drawn from.
 */
final class GroundTruth {

  private static final long CUSTOMERS_PER_FILE = 1_000_000;

  private GroundTruth() {}

  static void write(SparkSession spark, SampleSettings settings, FlatFiles directory) {
    int parts = (int) ((settings.customers() - 1) / CUSTOMERS_PER_FILE + 1);
    Dataset<Row> rows = of(spark.range(0, settings.customers(), 1, parts), settings);
    directory.write(
        rows,
        settings.isText() ? "csv" : "parquet",
        part -> parts == 1 ? "customers" : String.format("customers-%03d", part));
    directory.writeText("truth.json", json(settings));
  }

  /** One row per customer; times are instants, or local text of the shop in csv. */
  static Dataset<Row> of(Dataset<Long> numbers, SampleSettings settings) {
    Dataset<Row> rows =
        numbers.mapPartitions(
            (MapPartitionsFunction<Long, Row>) part -> rows(part, settings),
            Encoders.row(schema(settings)));
    return settings.isText()
        ? rows
        : rows.withColumns(
            Map.of(
                "acquired_at", functions.timestamp_micros(functions.col("acquired_at")),
                "alive_until", functions.timestamp_micros(functions.col("alive_until"))));
  }

  private static StructType schema(SampleSettings settings) {
    DataType time = settings.isText() ? DataTypes.StringType : DataTypes.LongType;
    return new StructType()
        .add("customer_id", DataTypes.StringType)
        .add("kind", DataTypes.StringType)
        .add("orders_per_day", DataTypes.DoubleType)
        .add("dropout_probability", DataTypes.DoubleType)
        .add("is_discount_driven", DataTypes.BooleanType)
        .add("orders_placed", DataTypes.LongType)
        .add("acquired_at", time)
        .add("alive_until", time)
        .add("is_alive_at_end", DataTypes.BooleanType);
  }

  private static Iterator<Row> rows(Iterator<Long> numbers, SampleSettings settings) {
    OrderRecords orders = new OrderRecords(settings);
    return SampleRows.stream(numbers)
        .map(number -> row(orders, settings, orders.customer(number)))
        .iterator();
  }

  private static Row row(OrderRecords orders, SampleSettings settings, Customer customer) {
    Life life = orders.life(customer);
    boolean isAlive = life.aliveUntil() == ShopClock.NEVER;
    return RowFactory.create(
        customer.id(),
        customer.kind().name().toLowerCase(Locale.ROOT),
        customer.rate(),
        customer.dropout(),
        customer.isDiscountDriven(),
        (long) life.orders().length,
        time(orders, settings, life.orders()[0]),
        isAlive ? null : time(orders, settings, life.aliveUntil()),
        isAlive);
  }

  private static Object time(OrderRecords orders, SampleSettings settings, long local) {
    ShopClock clock = orders.clock();
    return settings.isText() ? clock.text(local) : (Object) clock.micros(local);
  }

  private static String json(SampleSettings settings) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("format", settings.format());
    values.put("customers", settings.customers());
    values.put("months", settings.months());
    values.put("start", settings.start().toString());
    values.put("seed", settings.seed());
    values.put("zone", settings.zone().getId());
    values.put("dirty_share", settings.dirtyShare());
    values.put("late_files", settings.lateFiles());
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("settings", values);
    all.put("population", Population.parameters());
    return ConfigValueFactory.fromMap(all).render(ConfigRenderOptions.concise().setFormatted(true));
  }
}
