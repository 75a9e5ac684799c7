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
 * A table as declared: the source of its Delta schema, comments and constraints, of the page
 * jobs/docs/tables.md and of what tests expect.
 *
 * @param name directory below {@code warehouse.path}, and name in the catalog
 * @param grain what one row is
 * @param doc what the table is for, in a sentence or two
 * @param fields columns in order
 * @param key columns that identify a row
 * @param partitioning columns that partition the files
 * @param withoutDictionary columns that Parquet files hold no dictionary of
 * @param invariants rules that every row satisfies
 * @param indexed how many of the first columns Delta keeps minimum and maximum of, per file
 */
public record Table(
    String name,
    String grain,
    String doc,
    List<Field> fields,
    List<Field> key,
    List<Field> partitioning,
    List<Field> withoutDictionary,
    List<Invariant> invariants,
    int indexed) {

  /** Keys and times come first in every declaration; no query filters by a sum. */
  private static final int USUALLY_INDEXED = 4;

  /** The local day of a snapshot: only what happened before its midnight counts. */
  public static final Field AS_OF =
      Field.date(
          "as_of", "Local day at whose midnight knowledge ends: what happened before it counts.");

  /** Begins the declaration of a table that holds everything ingested. */
  public static Builder named(String name) {
    return new Builder(name);
  }

  /** Begins the declaration of a table that is partitioned by its first column, {@link #AS_OF}. */
  public static Builder snapshot(String name) {
    return new Builder(name).fields(AS_OF).partitionedBy(AS_OF);
  }

  /** Whether the table holds a snapshot per {@code as_of} instead of everything ingested. */
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
    Dataset<Row> ordered = rows.select(columns());
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

  /** All columns in the declared order, for {@code select}. */
  public Column[] columns() {
    return columns(fields.toArray(Field[]::new));
  }

  /** The fields' columns, for {@code select}. */
  public static Column[] columns(Field... fields) {
    return Arrays.stream(fields).map(Field::col).toArray(Column[]::new);
  }

  @Override
  public String toString() {
    return name;
  }

  /** Collects a declaration: its columns in the order in which they are added. */
  public static final class Builder implements Columns {
    private final String name;
    private String grain = "";
    private String doc = "";
    private final List<Field> fields = new ArrayList<>();
    private List<Field> key = List.of();
    private List<Field> partitioning = List.of();
    private List<Field> withoutDictionary = List.of();
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

    /** The columns from one to another, both included, that were added so far. */
    public List<Field> added(Field first, Field last) {
      return List.copyOf(fields.subList(fields.indexOf(first), fields.indexOf(last) + 1));
    }

    @Override
    public Field add(Field field) {
      fields.add(field);
      return field;
    }

    /** Adds the next columns: those that other tables declare. */
    public Builder fields(Field... fields) {
      this.fields.addAll(List.of(fields));
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

    /**
     * Columns whose values hardly repeat: Parquet would drop their dictionaries after much work.
     */
    public Builder withoutDictionary(Field... columns) {
      this.withoutDictionary = List.of(columns);
      return this;
    }

    public Builder invariant(String invariantName, String predicate) {
      this.invariants.add(new Invariant(invariantName, predicate));
      return this;
    }

    /** Minimum and maximum are in Delta's log and log messages, where no address may be. */
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
          name,
          grain,
          doc,
          List.copyOf(fields),
          key,
          partitioning,
          withoutDictionary,
          List.copyOf(invariants),
          indexed);
    }
  }
}
