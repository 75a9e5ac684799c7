package io.perennial.spark;

import io.perennial.config.Settings;
import io.perennial.ingest.OrderLinesTable;
import io.perennial.months.CustomerDaysTable;
import io.perennial.table.Field;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The one class that opens a Spark session. */
public final class Sessions {

  private static final String DELTA_EXTENSION = "io.delta.sql.DeltaSparkSessionExtension";

  private static final long BYTES_PER_PARTITION = 16L << 20;
  private static final long BYTES_PER_FILE_OF_A_MONTH = 128L << 20;
  private static final String FILES_PER_MONTH = "spark.perennial.files-per-month";
  private static final long INTERPRETED_BYTES = 4L << 20;

  private Sessions() {}

  /**
   * The session of spark-submit, or an embedded one on all cores where no master is set. What the
   * submitter has set is left alone; only what Delta and exact figures need is added.
   */
  public static SparkSession open(boolean onTerminal) {
    SparkConf conf = new SparkConf();
    boolean isEmbedded = !conf.contains("spark.master");
    if (isEmbedded) {
      conf.setMaster("local[*]")
          .setIfMissing("spark.ui.enabled", "false")
          .setIfMissing("spark.driver.bindAddress", "127.0.0.1")
          .setIfMissing("spark.driver.host", "127.0.0.1")
          .setIfMissing("spark.hadoop.fs.file.impl", InProcessFileSystem.class.getName())
          .setIfMissing(
              "spark.hadoop.fs.AbstractFileSystem.file.impl", InProcessFs.class.getName());
    }
    conf.setIfMissing("spark.app.name", "perennial")
        .setIfMissing("spark.ui.showConsoleProgress", Boolean.toString(onTerminal))
        .setIfMissing(
            "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
        .setIfMissing("spark.databricks.delta.snapshotPartitions", "2");
    String extensions = conf.get("spark.sql.extensions", "");
    if (!extensions.contains(DELTA_EXTENSION)) {
      conf.set(
          "spark.sql.extensions",
          extensions.isEmpty() ? DELTA_EXTENSION : extensions + "," + DELTA_EXTENSION);
    }
    boolean isHive = conf.get("spark.sql.catalogImplementation", "in-memory").equals("hive");
    if (isEmbedded && !isHive) {
      // Spark makes this directory whether it needs it or not: not where the user stands.
      conf.setIfMissing(
          "spark.sql.warehouse.dir",
          Path.of(System.getProperty("java.io.tmpdir"), "spark-warehouse").toString());
    }
    SparkSession.Builder builder = SparkSession.builder().config(conf);
    if (isHive) {
      builder = builder.enableHiveSupport();
    }
    SparkSession spark = builder.getOrCreate();
    if (isEmbedded) {
      HadoopDefaults.removeFrom(spark);
    }
    if (isEmbedded && System.getProperty("log4j2.configurationFile") == null) {
      spark.sparkContext().setLogLevel("ERROR");
    }
    return spark;
  }

  /** Settings that results depend on are pinned, whatever the cluster's defaults are. */
  public static void configure(SparkSession spark, Settings settings) {
    spark.conf().set("spark.sql.session.timeZone", settings.shop().timeZone().getId());
    spark.conf().set("spark.sql.ansi.enabled", "true");
    spark.conf().set("spark.sql.caseSensitive", "false");
    spark.conf().set("spark.sql.legacy.timeParserPolicy", "CORRECTED");
    spark.conf().set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
    spark.conf().set("spark.sql.sources.partitionOverwriteMode", "static");
    spark.conf().set("spark.sql.maxConcurrentOutputFileWriters", "64");
    spark.conf().set("spark.sql.maxPlanStringLength", "8192");
    // Beside a commit Delta lists the table's files, of tables with up to fifty, without which it
    // takes jobs to find them, and no two versions can be compared by their files: five tables are
    // cut by month, with as many files in each as tasks wrote it. In zones other than UTC Delta
    // proves the list by two jobs, and loses it now and then: timestamps that cut a table might be
    // read otherwise. Only dates cut ours.
    spark.conf().set("spark.databricks.delta.allFilesInCrc.thresholdNumFiles", "5000");
    spark
        .conf()
        .set(
            "spark.databricks.delta.allFilesInCrc.verificationMode.forceOnNonUTC.enabled", "false");
    // What is kept is read again and again: not as the hundreds of crumbs that a shuffle may give.
    spark.conf().set("spark.sql.optimizer.canChangeCachedPlanOutputPartitioning", "true");
    // Keys and times hardly repeat: Parquet gives up a dictionary of them after much work.
    for (Field field :
        List.of(
            OrderLinesTable.ORDER_ID,
            OrderLinesTable.CUSTOMER_ID,
            OrderLinesTable.ORDERED_AT,
            OrderLinesTable.UPDATED_AT,
            CustomerDaysTable.FIRST_ORDER_AT,
            CustomerDaysTable.LAST_ORDER_AT)) {
      spark.conf().set("parquet.enable.dictionary#" + field, "false");
    }
    // Java's own case mappings serve; the library that Spark asks instead takes a second to load.
    spark.conf().set("spark.sql.icu.caseMappings.enabled", "false");
    // Constraints are inferred over every combination of aliases; for records with forty columns
    // and as many rules the optimizer would never come back.
    spark.conf().set("spark.sql.constraintPropagation.enabled", "false");
    // Beyond 8000 bytes of bytecode the JIT leaves a method to the interpreter; Spark's own limit
    // is eight times that, which makes wide projections crawl.
    spark.conf().set("spark.sql.codegen.hugeMethodLimit", "8000");
  }

  /**
   * Rows to be written to a table that is cut by month, as fitted to the lake: each task may write
   * a file for every month, and rows that were shuffled by customer or order are of all months in
   * every task. Tasks are joined without another shuffle.
   */
  public static Dataset<Row> inFewFilesPerMonth(Dataset<Row> rows) {
    String files = rows.sparkSession().conf().get(FILES_PER_MONTH, "");
    return files.isEmpty() ? rows : rows.coalesce(Integer.parseInt(files));
  }

  /**
   * Fits the session to the size of the lake. What the submitter has set is left alone.
   *
   * @param lakeBytes bytes of the lake's files
   */
  public static void fit(SparkSession spark, long lakeBytes) {
    SparkConf given = spark.sparkContext().getConf();
    // Compiling a hundred small plans takes far longer than interpreting them over a few megabytes,
    // and so does starting more than one task for them.
    boolean compile = lakeBytes > INTERPRETED_BYTES;
    if (!given.contains("spark.sql.shuffle.partitions")) {
      long partitions = compile ? Math.max(4, Math.min(400, lakeBytes / BYTES_PER_PARTITION)) : 1;
      spark.conf().set("spark.sql.shuffle.partitions", Long.toString(partitions));
    }
    if (!given.contains("spark.sql.codegen.wholeStage")) {
      spark.conf().set("spark.sql.codegen.wholeStage", Boolean.toString(compile));
      spark.conf().set("spark.sql.codegen.factoryMode", compile ? "FALLBACK" : "NO_CODEGEN");
    }
    spark
        .conf()
        .set(
            FILES_PER_MONTH,
            Long.toString(
                compile
                    ? Math.max(
                        2L * spark.sparkContext().defaultParallelism(),
                        lakeBytes / BYTES_PER_FILE_OF_A_MONTH)
                    : 1));
    // Planning anew after every stage, and describing each plan, is dearer than the stages are.
    if (!given.contains("spark.sql.adaptive.enabled")) {
      spark.conf().set("spark.sql.adaptive.enabled", Boolean.toString(compile));
    }
    if (!given.contains("spark.sql.ui.explainMode")) {
      spark.conf().set("spark.sql.ui.explainMode", compile ? "formatted" : "simple");
    }
  }
}
