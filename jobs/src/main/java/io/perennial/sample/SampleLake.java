package io.perennial.sample;

import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Writes a synthetic lake and its ground truth: the one place of this package that runs Spark jobs.
 */
public final class SampleLake {

  private SampleLake() {}

  /**
   * Writes the lake to the path of the settings and its true parameters beside it.
   *
   * @throws IllegalArgumentException if the path or the ground-truth path holds anything
   */
  public static SampleReport write(SparkSession spark, SampleSettings settings) {
    return write(spark, settings, FilePlan.LINES_PER_FILE);
  }

  static SampleReport write(SparkSession spark, SampleSettings settings, long linesPerFile) {
    FlatFiles lake = FlatFiles.empty(spark.sparkContext().hadoopConfiguration(), settings.path());
    FlatFiles groundTruth =
        FlatFiles.empty(spark.sparkContext().hadoopConfiguration(), settings.truthPath());
    ShopClock clock = new ShopClock(settings);
    FilePlan plan = FilePlan.of(settings, new Seasonality(settings, clock), clock, linesPerFile);
    int tasks = SampleRows.tasks(settings, spark.sparkContext().defaultParallelism());
    SparkSession session = writing(spark);
    Dataset<Long> numbers = session.range(0, Customer.buyers(settings), 1, tasks);

    Observation counts = new Observation("sample lake");
    Dataset<Row> counted =
        SampleRows.of(numbers, settings, plan)
            .observe(
                counts,
                functions.count(functions.lit(1)).as("lines"),
                functions.count_if(functions.col(RecordEncoder.IS_DIRTY)).as("dirty"),
                functions.min(RecordEncoder.AT).as("first"),
                functions.max(RecordEncoder.AT).as("last"));
    Dataset<Row> rows = RecordEncoder.written(counted, settings.isText());
    int files;
    if (settings.format().equals("delta")) {
      rows.write().format("delta").save(settings.path());
      files = plan.files();
    } else {
      files = lake.write(rows, settings.format(), plan::name);
    }
    GroundTruth.write(session, settings, groundTruth);

    return report(counts, files);
  }

  /**
   * A session for the write alone. The method that whole-stage code generation makes of so many
   * columns is too big for the JVM to compile; the split ones it makes without are compiled.
   */
  private static SparkSession writing(SparkSession spark) {
    SparkSession session = spark.newSession();
    session.conf().set("spark.sql.codegen.wholeStage", false);
    session.conf().set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
    return session;
  }

  private static SampleReport report(Observation counts, int files) {
    Map<String, Object> counted;
    try {
      counted = counts.getAsJava();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while the sample lake was counted", e);
    }
    return new SampleReport(
        (Long) counted.get("lines"),
        (Long) counted.get("dirty"),
        files,
        ShopClock.date((Long) counted.get("first")),
        ShopClock.date((Long) counted.get("last")));
  }
}
