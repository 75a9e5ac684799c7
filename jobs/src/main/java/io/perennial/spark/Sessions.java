package io.perennial.spark;

import io.perennial.config.Settings;
import io.perennial.table.Table;
import java.nio.file.Path;
import java.util.Collection;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RuntimeConfig;
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
   * The session of spark-submit, or an embedded one on all cores where no master is set. Adds only
   * settings that the submitter has not made.
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
      // Spark always creates this directory, by default in the working directory.
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
      if (System.getProperty("log4j2.configurationFile") == null) {
        spark.sparkContext().setLogLevel("ERROR");
      }
    }
    return spark;
  }

  /** Sets what results and Perennial's queries depend on, whatever the cluster's defaults are. */
  public static void configure(SparkSession spark, Settings settings) {
    RuntimeConfig conf = spark.conf();
    conf.set("spark.sql.session.timeZone", settings.shop().timeZone().getId());
    conf.set("spark.sql.ansi.enabled", "true");
    conf.set("spark.sql.caseSensitive", "false");
    conf.set("spark.sql.legacy.timeParserPolicy", "CORRECTED");
    conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
    conf.set("spark.sql.sources.partitionOverwriteMode", "static");
    conf.set("spark.sql.maxConcurrentOutputFileWriters", "64");
    conf.set("spark.sql.maxPlanStringLength", "8192");
    // Delta lists a table's files in the checksum of each commit, by default for up to fifty files.
    // Without the list it finds files by Spark jobs, and versions cannot be compared by files.
    // Tables partitioned by month have more files: each task writes one per month. In zones other
    // than UTC Delta verifies the list by two jobs, and sometimes drops it, since timestamps that
    // partition a table might be read otherwise. Perennial partitions by dates only.
    conf.set("spark.databricks.delta.allFilesInCrc.thresholdNumFiles", "5000");
    conf.set(
        "spark.databricks.delta.allFilesInCrc.verificationMode.forceOnNonUTC.enabled", "false");
    // Cached datasets are read many times: adaptive execution may merge their small partitions.
    conf.set("spark.sql.optimizer.canChangeCachedPlanOutputPartitioning", "true");
    // Java's case mappings suffice; the library that Spark uses instead takes a second to load.
    conf.set("spark.sql.icu.caseMappings.enabled", "false");
    // Constraints are inferred over every combination of aliases; for records with forty columns
    // and as many rules the optimizer would not finish.
    conf.set("spark.sql.constraintPropagation.enabled", "false");
    // Beyond 8000 bytes of bytecode the JIT leaves a method to the interpreter; Spark's own limit
    // is eight times that, which makes wide projections slow.
    conf.set("spark.sql.codegen.hugeMethodLimit", "8000");
  }

  /** Applies what tables declare of their files to every write of the session. */
  public static void configureWrites(SparkSession spark, Collection<Table> tables) {
    tables.stream()
        .flatMap(table -> table.withoutDictionary().stream())
        .forEach(field -> spark.conf().set("parquet.enable.dictionary#" + field, "false"));
  }

  /**
   * Rows in fewer partitions, to be written to a table that is partitioned by month: each task may
   * write a file for every month, and rows that were shuffled by customer or order have all months
   * in every task. The number depends on the size of the lake. Adds no shuffle.
   */
  public static Dataset<Row> inFewFilesPerMonth(Dataset<Row> rows) {
    String files = rows.sparkSession().conf().get(FILES_PER_MONTH, "");
    return files.isEmpty() ? rows : rows.coalesce(Integer.parseInt(files));
  }

  /**
   * Fits the session to the size of the lake. Leaves alone what the submitter has set.
   *
   * @param lakeBytes bytes of the lake's files
   */
  public static void fit(SparkSession spark, long lakeBytes) {
    SparkConf given = spark.sparkContext().getConf();
    // For a few megabytes, compiling a hundred small plans takes far longer than interpreting them,
    // and so does starting more than one task for each.
    boolean compile = lakeBytes > INTERPRETED_BYTES;
    if (!given.contains("spark.sql.shuffle.partitions")) {
      long partitions = compile ? Math.max(4, Math.min(400, lakeBytes / BYTES_PER_PARTITION)) : 1;
      spark.conf().set("spark.sql.shuffle.partitions", Long.toString(partitions));
    }
    if (!given.contains("spark.sql.codegen.wholeStage")) {
      spark.conf().set("spark.sql.codegen.wholeStage", Boolean.toString(compile));
      spark.conf().set("spark.sql.codegen.factoryMode", compile ? "FALLBACK" : "NO_CODEGEN");
    }
    long files =
        Math.max(
            2L * spark.sparkContext().defaultParallelism(), lakeBytes / BYTES_PER_FILE_OF_A_MONTH);
    spark.conf().set(FILES_PER_MONTH, Long.toString(compile ? files : 1));
    // Replanning after every stage, and describing each plan, costs more than small stages.
    if (!given.contains("spark.sql.adaptive.enabled")) {
      spark.conf().set("spark.sql.adaptive.enabled", Boolean.toString(compile));
    }
    if (!given.contains("spark.sql.ui.explainMode")) {
      spark.conf().set("spark.sql.ui.explainMode", compile ? "formatted" : "simple");
    }
  }
}
