package io.perennial.table;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/** Datasets that several passes read, dropped from memory in the end. */
public final class Kept implements AutoCloseable {
  private final List<Dataset<Row>> datasets = new ArrayList<>();

  public Dataset<Row> keep(Dataset<Row> dataset) {
    datasets.add(dataset.persist(StorageLevel.MEMORY_AND_DISK()));
    return dataset;
  }

  @Override
  public void close() {
    datasets.forEach(Dataset::unpersist);
  }
}
