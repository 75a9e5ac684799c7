package io.perennial.orders;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/** Datasets that several passes read, dropped from memory when the ingest ends or starts over. */
final class Kept implements AutoCloseable {
  private final List<Dataset<Row>> datasets = new ArrayList<>();

  Dataset<Row> keep(Dataset<Row> dataset) {
    datasets.add(dataset.persist(StorageLevel.MEMORY_AND_DISK()));
    return dataset;
  }

  @Override
  public void close() {
    datasets.forEach(Dataset::unpersist);
  }
}
