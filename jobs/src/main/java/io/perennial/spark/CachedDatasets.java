package io.perennial.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.columnar.InMemoryRelation;
import org.apache.spark.storage.StorageLevel;

/** Caches datasets that are read several times, and drops them when closed. */
public final class CachedDatasets implements AutoCloseable {
  private final List<Runnable> drops = new ArrayList<>();

  /**
   * Caches a dataset when it is first read.
   *
   * @return the same rows as one leaf of a plan: their own plan is not planned again by every query
   *     on them
   */
  public Dataset<Row> keep(Dataset<Row> dataset) {
    return keep(dataset, StorageLevel.MEMORY_AND_DISK());
  }

  /**
   * Caches a dataset on disk only: for rows that may be many times what memory holds, where their
   * use needs memory that Spark does not account for, as the writing of files does.
   */
  public Dataset<Row> keepOnDisk(Dataset<Row> dataset) {
    return keep(dataset, StorageLevel.DISK_ONLY());
  }

  private Dataset<Row> keep(Dataset<Row> dataset, StorageLevel where) {
    dataset.persist(where);
    LogicalPlan leaf = dataset.queryExecution().withCachedData();
    drops.add(dataset::unpersist);
    if (leaf instanceof InMemoryRelation rows) {
      // Spark drops the cached rows of a table that is written; rows cached since stay.
      drops.add(() -> rows.cacheBuilder().clearCache(false));
    }
    return org.apache.spark.sql.classic.Dataset.ofRows((SparkSession) dataset.sparkSession(), leaf);
  }

  @Override
  public void close() {
    drops.forEach(Runnable::run);
  }
}
