package io.perennial.table.delta;

import static java.util.stream.Collectors.toSet;

import io.perennial.table.Field;
import io.perennial.table.Table;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.spark.sql.delta.actions.Format;
import org.apache.spark.sql.delta.actions.Metadata;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The Delta metadata of a declared table.
 *
 * @param minorDigits decimal places of the shop's currency
 */
public record DeltaTableDefinition(Table table, int minorDigits) {

  /** Longer than any {@code warehouse.keep-versions}, so that Delta removes no version before. */
  private static final String RETENTION = "interval 31 days";

  /** The metadata of a new table. */
  Metadata metadata() {
    return new Metadata(
        UUID.randomUUID().toString(),
        null,
        "One row per " + table.grain() + ". " + table.doc(),
        new Format("parquet", scala.collection.immutable.Map$.MODULE$.empty()),
        table.schema(minorDigits).json(),
        CollectionConverters.asScala(partitioning()).toSeq(),
        scala.collection.immutable.Map.from(CollectionConverters.asScala(properties())),
        Option.apply(System.currentTimeMillis()));
  }

  private Map<String, String> properties() {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("delta.dataSkippingNumIndexedCols", Integer.toString(table.indexed()));
    properties.put("delta.deletedFileRetentionDuration", RETENTION);
    properties.put("delta.logRetentionDuration", RETENTION);
    table
        .invariants()
        .forEach(rule -> properties.put("delta.constraints." + rule.name(), rule.predicate()));
    return properties;
  }

  /** Whether a version has the columns and partitions of the declaration. */
  public boolean isAs(TableSnapshot version) {
    return hasColumns(version.schema()) && version.partitioning().equals(partitioning());
  }

  private List<String> partitioning() {
    return table.partitioning().stream().map(Field::name).toList();
  }

  public boolean hasColumns(StructType actual) {
    return signature(actual).equals(signature(table.schema(minorDigits)));
  }

  private static Set<String> signature(StructType schema) {
    return Arrays.stream(schema.fields())
        .map(field -> field.name() + " " + field.dataType().catalogString())
        .collect(toSet());
  }
}
