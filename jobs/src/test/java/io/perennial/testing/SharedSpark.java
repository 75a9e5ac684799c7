package io.perennial.testing;

import io.perennial.spark.HadoopDefaults;
import io.perennial.spark.InProcessFileSystem;
import io.perennial.spark.InProcessFs;
import org.apache.spark.sql.SparkSession;

/**
 * The session that all tests of this JVM share, with two threads and the settings of a session that
 * the job opens.
 */
public final class SharedSpark {

  /** Few partitions for few rows. A test that sets another number resets it. */
  public static final int SHUFFLE_PARTITIONS = 4;

  private SharedSpark() {}

  public static SparkSession session() {
    SparkSession session = Holder.SESSION;
    SparkSession.setActiveSession(session);
    return session;
  }

  private static final class Holder {
    private static final SparkSession SESSION = open();
  }

  private static SparkSession open() {
    SparkSession session =
        SparkSession.builder()
            .appName("perennial-tests")
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
            .config(
                "spark.sql.catalog.spark_catalog",
                "org.apache.spark.sql.delta.catalog.DeltaCatalog")
            .config("spark.databricks.delta.snapshotPartitions", "1")
            // The default starts a process for each permission that it reads.
            .config("spark.hadoop.fs.file.impl", InProcessFileSystem.class.getName())
            .config("spark.hadoop.fs.AbstractFileSystem.file.impl", InProcessFs.class.getName())
            // Caches the compiled code of steps that run many times.
            .config("spark.sql.codegen.cache.maxEntries", "2000")
            .getOrCreate();
    HadoopDefaults.removeFrom(session);
    session.conf().set("spark.sql.shuffle.partitions", SHUFFLE_PARTITIONS);
    return session;
  }
}
