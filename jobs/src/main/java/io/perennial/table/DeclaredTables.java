package io.perennial.table;

import io.delta.tables.DeltaTable;
import io.delta.tables.DeltaTableBuilder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Makes tables of their declarations, and tells whether one is as its declaration has it. */
final class DeclaredTables {

  /** Longer than any {@code warehouse.keep-versions}: Delta forgets nothing that is still kept. */
  private static final String RETENTION = "interval 31 days";

  private final SparkSession spark;
  private final int minorDigits;

  DeclaredTables(SparkSession spark, int minorDigits) {
    this.spark = spark;
    this.minorDigits = minorDigits;
  }

  /**
   * The newest version of a table, which is made where it is not there yet.
   *
   * @throws IllegalStateException if it is not as declared
   */
  NewestVersion made(Table table, String path) {
    Optional<NewestVersion> newest = NewestVersion.of(spark, path);
    if (newest.isEmpty()) {
      create(table, path, DeltaTable.createIfNotExists(spark));
      return NewestVersion.of(spark, path).orElseThrow();
    }
    if (!holds(table, newest.get())) {
      throw new IllegalStateException(
          "Cannot write table "
              + path
              + ": its columns are those of another version of Perennial or of another currency. "
              + "Run `run --rebuild`, or choose another warehouse.path.");
    }
    return newest.get();
  }

  /** The same; one that is not as declared is made anew, without rows. */
  NewestVersion madeOrRemade(Table table, String path) {
    if (NewestVersion.of(spark, path).filter(newest -> !holds(table, newest)).isPresent()) {
      create(table, path, DeltaTable.createOrReplace(spark));
    }
    return made(table, path);
  }

  /** Whether a version has the columns and partitions of the declaration. */
  boolean holds(Table table, NewestVersion newest) {
    return hasColumns(table, newest.schema())
        && newest.partitioning().equals(table.partitioning().stream().map(Field::name).toList());
  }

  boolean hasColumns(Table table, StructType actual) {
    return signature(actual).equals(signature(table.schema(minorDigits)));
  }

  private static Map<String, String> signature(StructType schema) {
    Map<String, String> types = new LinkedHashMap<>();
    for (StructField field : schema.fields()) {
      types.put(field.name(), field.dataType().catalogString());
    }
    return types;
  }

  private void create(Table table, String path, DeltaTableBuilder builder) {
    builder =
        builder
            .location(path)
            .comment("One row per " + table.grain() + ". " + table.doc())
            .property("delta.dataSkippingNumIndexedCols", Integer.toString(table.indexed()))
            .property("delta.deletedFileRetentionDuration", RETENTION)
            .property("delta.logRetentionDuration", RETENTION);
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
