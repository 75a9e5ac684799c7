package io.perennial.table;

import static org.apache.spark.sql.functions.lit;

import io.delta.tables.DeltaTable;
import io.delta.tables.DeltaTableBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The one class that reads and writes Delta. A table lives at {@code warehouse.path/<name>}; it is
 * created from its declaration the first time it is written.
 */
public final class TableStore {

  private static final String DELTA = "delta";

  private final SparkSession spark;
  private final String warehouse;
  private final int minorDigits;

  /**
   * @param warehouse directory of the tables, on any Hadoop filesystem
   * @param minorDigits decimal places of the shop's currency
   */
  public TableStore(SparkSession spark, String warehouse, int minorDigits) {
    this.spark = spark;
    this.warehouse = qualified(spark, warehouse);
    this.minorDigits = minorDigits;
  }

  public int minorDigits() {
    return minorDigits;
  }

  public String path(Table table) {
    return warehouse + "/" + table.name();
  }

  public boolean exists(Table table) {
    return DeltaTable.isDeltaTable(spark, path(table));
  }

  /** The table's newest version; an empty dataset of its schema where it was never written. */
  public Dataset<Row> read(Table table) {
    return exists(table)
        ? SmallTable.read(spark, path(table), Optional.empty())
            .orElseGet(() -> spark.read().format(DELTA).load(path(table)))
        : empty(table);
  }

  /** No rows of a table's schema. */
  Dataset<Row> empty(Table table) {
    return spark.createDataFrame(List.of(), table.schema(minorDigits));
  }

  /** One version of a table. */
  public Dataset<Row> read(Table table, long version) {
    return SmallTable.read(spark, path(table), Optional.of(version))
        .orElseGet(
            () -> spark.read().format(DELTA).option("versionAsOf", version).load(path(table)));
  }

  /** The rows of one as_of in a snapshot table. */
  public Dataset<Row> snapshot(Table table, LocalDate asOf) {
    return read(table).where(Table.AS_OF.col().equalTo(lit(asOf)));
  }

  /** Replaces everything the table holds. */
  public void overwrite(Table table, Dataset<Row> rows) {
    if (exists(table) && !hasDeclaredSchema(table)) {
      create(table, DeltaTable.createOrReplace(spark));
    }
    if (madeAnew(table)) {
      write(table, rows).mode("append").save(path(table));
    } else {
      write(table, rows)
          .mode("overwrite")
          .option("partitionOverwriteMode", "static")
          .save(path(table));
    }
  }

  /**
   * Replaces the rows that a predicate names, in one commit.
   *
   * @param predicate Spark SQL over the table's columns; the new rows must satisfy it
   */
  public void replaceWhere(Table table, String predicate, Dataset<Row> rows) {
    if (madeAnew(table)) {
      write(table, rows).mode("append").save(path(table));
    } else {
      write(table, rows).mode("overwrite").option("replaceWhere", predicate).save(path(table));
    }
  }

  /** Replaces the rows of one as_of in a snapshot table. */
  public void replaceSnapshot(Table table, LocalDate asOf, Dataset<Row> rows) {
    replaceWhere(table, Table.AS_OF + " = DATE '" + asOf + "'", rows);
  }

  public void append(Table table, Dataset<Row> rows) {
    madeAnew(table);
    write(table, rows).mode("append").save(path(table));
  }

  /** Makes the table, without rows, where it was never written. */
  public void prepare(Table table) {
    madeAnew(table);
  }

  /** Removes the rows that a predicate names. */
  public void delete(Table table, String predicate) {
    DeltaTable.forPath(spark, path(table)).delete(predicate);
  }

  /** The number of the newest version, or empty where the table was never written. */
  public Optional<Long> version(Table table) {
    return exists(table) ? Optional.of(DeltaCommits.newest(spark, path(table))) : Optional.empty();
  }

  /** Rows that the last commit wrote, where it says so. */
  public Optional<Long> rowsLastWritten(Table table) {
    return version(table).flatMap(version -> DeltaCommits.rowsWritten(spark, path(table), version));
  }

  /** Makes an earlier version the newest again, as a version of its own. */
  public void restore(Table table, long version) {
    DeltaTable.forPath(spark, path(table)).restoreToVersion(version);
  }

  /**
   * Commits a note and no rows. Afterwards the newest commit is none that removed files: such a one
   * holds the smallest and largest values of what it removed.
   *
   * @param note value of the table property {@code perennial.settled}
   */
  public void settle(Table table, String note) {
    spark.sql(
        "ALTER TABLE delta.`"
            + path(table).replace("`", "``")
            + "` SET TBLPROPERTIES ('perennial.settled' = '"
            + note
            + "')");
  }

  /**
   * Removes every version but the newest for good: data files, log entries and their statistics.
   * Settle the table first.
   */
  public void forgetHistory(Table table) {
    new DeltaHistory(spark, path(table)).forget();
  }

  /** Delta takes a relative path for a table's name. */
  static String qualified(SparkSession spark, String directory) {
    try {
      Path path = new Path(directory);
      return path.getFileSystem(spark.sparkContext().hadoopConfiguration())
          .makeQualified(path)
          .toString();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot reach the warehouse '" + directory + "'", e);
    }
  }

  private DataFrameWriter<Row> write(Table table, Dataset<Row> rows) {
    return table.conform(rows, minorDigits).write().format(DELTA);
  }

  /**
   * Makes the table where it is not there yet.
   *
   * @return whether it was made: nothing has to be looked up to append to an empty table
   */
  private boolean madeAnew(Table table) {
    if (!exists(table)) {
      create(table, DeltaTable.createIfNotExists(spark));
      return true;
    }
    if (!hasDeclaredSchema(table)) {
      throw new IllegalStateException(
          "Cannot write table "
              + path(table)
              + ": its columns are those of another version of Perennial or of another currency. "
              + "Run `run --rebuild`, or choose another warehouse.path.");
    }
    return false;
  }

  private boolean hasDeclaredSchema(Table table) {
    StructType actual = spark.read().format(DELTA).load(path(table)).schema();
    return signature(actual).equals(signature(table.schema(minorDigits)));
  }

  private static Map<String, String> signature(StructType schema) {
    Map<String, String> types = new LinkedHashMap<>();
    for (StructField field : schema.fields()) {
      types.put(field.name(), field.dataType().catalogString());
    }
    return types;
  }

  private void create(Table table, DeltaTableBuilder builder) {
    builder =
        builder
            .location(path(table))
            .comment("One row per " + table.grain() + ". " + table.doc())
            .property("delta.dataSkippingNumIndexedCols", Integer.toString(table.indexed()));
    for (Field field : table.fields()) {
      builder =
          builder.addColumn(
              DeltaTable.columnBuilder(spark, field.name())
                  .dataType(field.type(minorDigits))
                  .nullable(field.nullable())
                  .comment(field.doc())
                  .build());
    }
    for (Invariant invariant : table.invariants()) {
      builder = builder.property("delta.constraints." + invariant.name(), invariant.predicate());
    }
    if (!table.partitioning().isEmpty()) {
      builder =
          builder.partitionedBy(
              table.partitioning().stream().map(Field::name).toArray(String[]::new));
    }
    builder.execute();
  }
}
