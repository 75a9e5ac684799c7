package io.perennial.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.columnar.InMemoryRelation;
import org.apache.spark.storage.StorageLevel;

/** Datasets that several passes read, dropped in the end. */
public final class CachedDatasets implements AutoCloseable {
  private final List<Runnable> drops = new ArrayList<>();

  /**
   * Keeps a dataset from when it is first read.
   *
   * @return the same rows, as one leaf of a plan: how they came about is planned once, not again by
   *     everything that is made of them
   */
  public Dataset<Row> keep(Dataset<Row> dataset) {
    return keep(dataset, StorageLevel.MEMORY_AND_DISK());
  }

  /**
   * As {@link #keep}, but leaves the memory to what is made of them: for rows that may be many
   * times what memory holds, where what is made of them wants memory that Spark does not account
   * for, as files do that are being written.
   */
  public Dataset<Row> keepOnDisk(Dataset<Row> dataset) {
    return keep(dataset, StorageLevel.DISK_ONLY());
  }

  private Dataset<Row> keep(Dataset<Row> dataset, StorageLevel where) {
    dataset.persist(where);
    LogicalPlan leaf = dataset.queryExecution().withCachedData();
    drops.add(dataset::unpersist);
    if (leaf instanceof InMemoryRelation rows) {
      // Spark forgets rows of a table that is written; those read since are in nobody's list.
      drops.add(() -> rows.cacheBuilder().clearCache(false));
    }
    return org.apache.spark.sql.classic.Dataset.ofRows((SparkSession) dataset.sparkSession(), leaf);
  }

  @Override
  public void close() {
    drops.forEach(Runnable::run);
  }
}
