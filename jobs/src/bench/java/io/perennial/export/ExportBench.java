package io.perennial.export;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.AudienceSettings.Platform;
import io.perennial.config.ExportSettings;
import io.perennial.config.ExportSettings.FileFormat;
import io.perennial.config.ExportSettings.Property;
import io.perennial.spark.InProcessFileSystem;
import io.perennial.spark.InProcessFs;
import io.perennial.state.PrivateState;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Measures two exports of many customers: the first, and one after some members changed.
 *
 * <pre>{@code
 * mvn -q test-compile exec:exec -Dscope=test -Dmain=io.perennial.export.ExportBench \
 *   -Dargs="DIR 1500000" -Ddriver.memory=4g
 * }</pre>
 */
public final class ExportBench {

  private static final int AUDIENCES = 18;
  private static final LocalDate FIRST = LocalDate.of(2024, 1, 1);

  /** Platforms in the mix of the shipped audiences: many for e-mail, some for ads. */
  private static final List<Set<Platform>> PLATFORMS =
      List.of(
          EnumSet.of(Platform.KLAVIYO, Platform.GENERIC),
          EnumSet.of(Platform.KLAVIYO, Platform.GENERIC),
          EnumSet.of(Platform.KLAVIYO, Platform.META, Platform.GOOGLE, Platform.GENERIC),
          EnumSet.of(Platform.GOOGLE, Platform.META, Platform.TIKTOK, Platform.GENERIC));

  private ExportBench() {}

  /**
   * @param args directory, customers, and the percentage of them in each audience (default 15)
   */
  public static void main(String[] args) throws Exception {
    String directory = args[0];
    long customers = Long.parseLong(args[1]);
    int percent = args.length > 2 ? Integer.parseInt(args[2]) : 15;
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "16")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.local.dir", directory + "/tmp")
            .config("spark.hadoop.fs.file.impl", InProcessFileSystem.class.getName())
            .config("spark.hadoop.fs.AbstractFileSystem.file.impl", InProcessFs.class.getName())
            .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
            .config(
                "spark.sql.catalog.spark_catalog",
                "org.apache.spark.sql.delta.catalog.DeltaCatalog")
            .config("spark.databricks.delta.snapshotPartitions", "2")
            .getOrCreate();
    ExportSettings settings =
        new ExportSettings(
            Optional.of(directory + "/exports"),
            List.of(Platform.values()),
            new ExportSettings.Google(true, 500),
            Optional.empty(),
            new ExportSettings.Klaviyo(
                List.of(new Property("segment", "Segment"), new Property("net", "Net")),
                50_000_000),
            new ExportSettings.Generic(List.of(), EnumSet.of(FileFormat.CSV)));
    PrivateState state = new PrivateState(spark, directory + "/state", 2);
    Export export = new Export(spark, settings, "US", state);
    write(spark, customers, directory + "/contacts");
    for (int round = 0; round < 2; round++) {
      long begun = System.nanoTime();
      String run = "run-" + round;
      PreparedExport made =
          export.prepare(inputs(spark, directory, percent, round), FIRST.plusMonths(round), run);
      long prepared = System.nanoTime();
      export.publish(run);
      System.out.printf(
          Locale.ROOT,
          "export %d: prepared in %.1f s, published in %.1f s%n",
          round + 1,
          (prepared - begun) / 1e9,
          (System.nanoTime() - prepared) / 1e9);
      made.summary().forEach(System.out::println);
    }
    spark.stop();
  }

  private static void write(SparkSession spark, long customers, String path) {
    spark
        .range(0, customers, 1, 16)
        .select(
            expr("concat('C', lpad(id, 8, '0'))").as("customer_id"),
            expr("concat('Person.', id, '+shop@', element_at(array('gmail.com','example.com','web.de'), cast(id % 3 as int) + 1))")
                .as("email"),
            expr("if(id % 3 = 0, null, concat('(650) ', lpad(200 + id % 700, 3, '0'), '-', lpad(id % 10000, 4, '0')))")
                .as("phone"),
            expr("concat('First', id % 5000)").as("first_name"),
            expr("concat('Last', id % 20000)").as("last_name"),
            expr("concat('Town ', id % 3000)").as("city"),
            lit("California").as("state"),
            expr("lpad(id % 90000, 5, '0')").as("zip"),
            lit("US").as("country"),
            expr("date_add(DATE '1950-01-01', cast(id % 18000 as int))").as("birth_date"),
            expr("element_at(array('Loyal','Champions','Hibernating'), cast(id % 3 as int) + 1)")
                .as("segment"),
            expr("cast(id % 1000 as decimal(18,2))").as("net"))
        .write()
        .mode("overwrite")
        .parquet(path);
  }

  private static ExportInputs inputs(SparkSession spark, String directory, int percent, int round) {
    Dataset<Row> people = spark.read().parquet(directory + "/contacts");
    List<ExportAudience> audiences = new ArrayList<>();
    for (int i = 0; i < AUDIENCES; i++) {
      String name = "audience-" + i;
      audiences.add(
          new ExportAudience(name, name, PLATFORMS.get(i % PLATFORMS.size()), name, true));
    }
    // Each round replaces two percent of the customers of every audience.
    Dataset<Row> members =
        people
            .select(
                expr("customer_id"),
                expr("explode(sequence(0, " + (AUDIENCES - 1) + "))").as("number"))
            .where(
                "pmod(xxhash64(customer_id, number), 100) BETWEEN "
                    + 2 * round
                    + " AND "
                    + (percent - 1 + 2 * round))
            .select(
                expr("concat('audience-', number)").as("audience"),
                expr("customer_id"),
                expr("if(pmod(xxhash64(number, customer_id), 10) = 0, 'control', 'target')")
                    .as("arm"));
    return new ExportInputs(
        audiences,
        members,
        spark.sql("SELECT '' AS experiment, '' AS customer_id WHERE false"),
        people,
        people,
        people.select("customer_id").withColumn("email_consent", lit(true)),
        people.select("customer_id", "segment", "net"),
        Map.of());
  }
}
