package io.perennial.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a lake becomes raw lines: the content of {@code conf/sources/NAME.conf}.
 *
 * @param name the file's name without its ending
 * @param format how records are stored
 * @param options options of Spark's reader for that format
 * @param names for CSV, the columns in order instead of the header's; may be empty
 * @param schema for JSON Lines, the record's type as Spark DDL; empty means that every mapped top
 *     level field is read as text
 * @param explode an array expression and a name ({@code line_items as item}): one raw record per
 *     element
 * @param ignore a predicate over the raw record: what is no record at all, such as a heading or a
 *     line of totals, and is not counted
 * @param updates what a record means that is delivered again
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

  /** Which of several versions counts: see "Which record counts" in the definitions. */
  public enum Updates {
    NONE,
    LINE,
    ORDER
  }

  /** An array of the raw record, one element of which becomes one raw record. */
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
