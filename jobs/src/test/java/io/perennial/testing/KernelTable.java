package io.perennial.testing;

import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.Table;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.actions.Protocol;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/** One version of a Delta table, read by Delta Kernel, the library of engines other than Spark. */
public final class KernelTable {

  private static final Engine ENGINE = DefaultEngine.create(new Configuration());

  private final Snapshot snapshot;

  private KernelTable(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  public static KernelTable at(String path, long version) {
    return new KernelTable(Table.forPath(ENGINE, path).getSnapshotAsOfVersion(ENGINE, version));
  }

  /** The features that readers and writers must support. */
  public Protocol protocol() {
    return snapshot.getProtocol();
  }

  public ColumnSums sums() {
    ColumnSums sums = new ColumnSums(new TreeMap<>());
    Scan scan = snapshot.getScanBuilder().build();
    Row state = scan.getScanState(ENGINE);
    try (CloseableIterator<FilteredColumnarBatch> files = scan.getScanFiles(ENGINE)) {
      while (files.hasNext()) {
        try (CloseableIterator<Row> rows = files.next().getRows()) {
          while (rows.hasNext()) {
            addFile(state, rows.next(), sums);
          }
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("Delta Kernel cannot read " + snapshot.getPath(), e);
    }
    return sums;
  }

  private static void addFile(Row state, Row file, ColumnSums sums) throws IOException {
    CloseableIterator<FileReadResult> read =
        ENGINE
            .getParquetHandler()
            .readParquetFiles(
                Utils.singletonCloseableIterator(InternalScanFileUtils.getAddFileStatus(file)),
                ScanStateRow.getPhysicalDataReadSchema(state),
                Optional.empty());
    try (CloseableIterator<FilteredColumnarBatch> batches =
        Scan.transformPhysicalData(ENGINE, state, file, read.map(FileReadResult::getData))) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> rows = batches.next().getRows()) {
          rows.forEachRemaining(row -> add(row, sums));
        }
      }
    }
  }

  private static void add(Row row, ColumnSums sums) {
    StructType schema = row.getSchema();
    for (int i = 0; i < schema.length(); i++) {
      if (!row.isNullAt(i)) {
        sums.add(schema.at(i).getName(), number(row, i, schema.at(i).getDataType()));
      }
    }
    sums.addRow();
  }

  private static BigDecimal number(Row row, int i, DataType type) {
    if (type instanceof DecimalType) {
      return row.getDecimal(i);
    } else if (type instanceof LongType) {
      return BigDecimal.valueOf(row.getLong(i));
    } else if (type instanceof IntegerType) {
      return BigDecimal.valueOf(row.getInt(i));
    } else if (type instanceof DoubleType) {
      return new BigDecimal(row.getDouble(i));
    }
    return BigDecimal.ZERO;
  }
}
