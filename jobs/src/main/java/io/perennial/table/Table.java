package io.perennial.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A published table as declared: the source of its Delta schema, comments and constraints, of the
 * page jobs/docs/tables.md and of what tests expect.
 *
 * @param name directory below {@code warehouse.path}, and name in the catalog
 * @param grain what one row is
 * @param doc what the table is for, in a sentence or two
 * @param fields columns in order
 * @param key columns that identify a row
 * @param partitioning columns that the files are cut by
 * @param invariants rules that every row keeps
 * @param indexed how many of the first columns files keep their smallest and largest values of
 */
public record Table(
    String name,
    String grain,
    String doc,
    List<Field> fields,
    List<Field> key,
    List<Field> partitioning,
    List<Invariant> invariants,
    int indexed) {

  /** Keys and times come first in every declaration, and nobody looks for a sum. */
  private static final int USUALLY_INDEXED = 4;

  /** The day at whose local midnight a snapshot's knowledge ends. */
  public static final Field AS_OF =
      Field.date(
          "as_of", "Local day at whose midnight knowledge ends: what happened before it counts.");

  /** Starts a declaration. */
  public static Builder named(String name) {
    return new Builder(name);
  }

  /** Whether the table holds a picture per {@code as_of} instead of everything ingested. */
  public boolean isSnapshot() {
    return fields.contains(AS_OF);
  }

  public StructType schema(int minorDigits) {
    return new StructType(
        fields.stream()
            .map(
                field ->
                    DataTypes.createStructField(
                            field.name(), field.type(minorDigits), field.nullable())
                        .withComment(field.doc()))
            .toArray(StructField[]::new));
  }

  /**
   * The declared columns of {@code rows} in the declared order.
   *
   * @throws IllegalStateException where a column has another type than declared, since a silent
   *     cast would hide a lost digit
   */
  public Dataset<Row> conform(Dataset<Row> rows, int minorDigits) {
    Dataset<Row> ordered = rows.select(fields.stream().map(Field::col).toArray(Column[]::new));
    List<String> faults = new ArrayList<>();
    for (Field field : fields) {
      String actual = ordered.schema().apply(field.name()).dataType().catalogString();
      String declared = field.type(minorDigits).catalogString();
      if (!actual.equals(declared)) {
        faults.add(field + " is " + actual + ", declared " + declared);
      }
    }
    if (!faults.isEmpty()) {
      throw new IllegalStateException(
          "Cannot write table " + name + ": " + String.join("; ", faults));
    }
    return ordered;
  }

  /** The fields' columns, for {@code select}. */
  public static Column[] columns(Field... fields) {
    return Arrays.stream(fields).map(Field::col).toArray(Column[]::new);
  }

  @Override
  public String toString() {
    return name;
  }

  /** Collects a declaration. */
  public static final class Builder {
    private final String name;
    private String grain = "";
    private String doc = "";
    private List<Field> fields = List.of();
    private List<Field> key = List.of();
    private List<Field> partitioning = List.of();
    private final List<Invariant> invariants = new ArrayList<>();
    private int indexed = USUALLY_INDEXED;

    private Builder(String name) {
      this.name = name;
    }

    public Builder oneRowPer(String grain) {
      this.grain = grain;
      return this;
    }

    public Builder doc(String doc) {
      this.doc = doc;
      return this;
    }

    public Builder fields(Field... fields) {
      this.fields = List.of(fields);
      return this;
    }

    public Builder key(Field... key) {
      this.key = List.of(key);
      return this;
    }

    public Builder partitionedBy(Field... partitioning) {
      this.partitioning = List.of(partitioning);
      return this;
    }

    public Builder invariant(String invariantName, String predicate) {
      this.invariants.add(new Invariant(invariantName, predicate));
      return this;
    }

    /** Smallest and largest values stand in Delta's log, and in what Delta logs: no address may. */
    public Builder indexed(int columns) {
      this.indexed = columns;
      return this;
    }

    public Table build() {
      String names = fields.stream().map(Field::name).collect(Collectors.joining(", "));
      for (Field field : key) {
        if (!fields.contains(field)) {
          throw new IllegalArgumentException(name + " has no key column " + field + ": " + names);
        }
      }
      return new Table(
          name, grain, doc, fields, key, partitioning, List.copyOf(invariants), indexed);
    }
  }
}
