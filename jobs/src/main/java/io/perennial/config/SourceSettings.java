package io.perennial.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The mapping of a lake to raw lines: the content of {@code conf/sources/NAME.conf}.
 *
 * @param name name of the file without extension
 * @param format storage format
 * @param options options of the Spark reader of the format
 * @param names for CSV, column names in order instead of the header; may be empty
 * @param schema for JSON Lines, the type of a record as Spark DDL; empty: every mapped top-level
 *     field is text
 * @param explode an array expression and a name ({@code line_items as item}): one raw record per
 *     element
 * @param ignore a predicate over the raw record for lines that are not records and are not counted,
 *     such as a heading or a line of totals
 * @param updates the meaning of a record that is delivered again
 * @param columns Spark SQL expressions over the raw record
 */
public record SourceSettings(
    String name,
    Format format,
    Map<String, String> options,
    List<String> names,
    Optional<String> schema,
    Optional<Explode> explode,
    Optional<String> ignore,
    Updates updates,
    Map<SourceColumn, String> columns) {

  /** Storage formats of a lake. */
  public enum Format {
    CSV,
    JSON,
    PARQUET,
    DELTA,
    ORC
  }

  /** Which of several versions counts; see "Which record counts" in the definitions. */
  public enum Updates {
    NONE,
    LINE,
    ORDER
  }

  /** An array of the raw record whose elements become one raw record each. */
  public record Explode(String array, String as) {}

  /**
   * The same mapping of a lake in another storage format, which the reader options of this one do
   * not apply to.
   */
  SourceSettings storedAs(Format other) {
    return other == format
        ? this
        : new SourceSettings(
            name, other, Map.of(), List.of(), schema, explode, ignore, updates, columns);
  }

  public boolean maps(SourceColumn column) {
    return columns.containsKey(column);
  }
}
