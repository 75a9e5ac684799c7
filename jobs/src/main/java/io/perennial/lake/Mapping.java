package io.perennial.lake;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.ConfigurationException;
import io.perennial.config.Problem;
import io.perennial.config.SourceColumn;
import io.perennial.config.SourceColumn.Kind;
import io.perennial.config.SourceSettings;
import io.perennial.spark.EmailMask;
import io.perennial.spark.SqlExpressions;
import io.perennial.table.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Turns raw records into typed ones by a source's expressions.
 *
 * <p>A typed record has every {@link SourceColumn} by its name (null where it is not mapped), its
 * {@link #FILE}, {@link #UNPARSED}, {@link #IS_FAULTY}, {@link #FAULTS} and {@link #RECORD}. Only
 * what cannot be typed is a fault here; whether a typed value makes sense is the orders' business.
 * Contacts and consents that cannot be typed are blank.
 */
public final class Mapping {

  /** File of the record, relative to the lake's root. */
  public static final Column FILE = col("source_file");

  /** Why the record cannot be typed, separated by {@link #SEPARATOR}; null where it can. */
  public static final Column FAULTS = col("faults");

  /** Whether the record has faults; cheaper than {@link #FAULTS}, whose words few records need. */
  public static final Column IS_FAULTY = col("is_faulty");

  /** The text of a record that could not be parsed; null where it could. */
  public static final Column UNPARSED = col("unparsed");

  /**
   * The record as read, as JSON with contact fields masked; costly, so select it only if needed.
   */
  public static final Column RECORD = col("record");

  /** Between reasons; no text of a lake is expected to hold it, and it is removed where it does. */
  public static final String SEPARATOR = "\u001f";

  private static final String ANSI = "spark.sql.ansi.enabled";
  private static final int SHOWN = 60;

  private final SparkSession spark;
  private final SourceSettings source;
  private final int minorDigits;

  public Mapping(SparkSession spark, SourceSettings source, int minorDigits) {
    this.spark = spark;
    this.source = source;
    this.minorDigits = minorDigits;
  }

  /**
   * @param parts raw records, each part with columns of its own
   * @throws ConfigurationException naming every expression that Spark cannot resolve
   */
  public Dataset<Row> apply(List<Dataset<Row>> parts) {
    return lenient(
        spark, () -> parts.stream().map(this::typed).reduce(Dataset::union).orElseThrow());
  }

  /**
   * Resolves expressions of a mapping. What one cannot compute is null, and then a fault of that
   * record: one bad cell must not kill the run. Expressions take the mode of the moment they are
   * resolved.
   */
  static <T> T lenient(SparkSession spark, Supplier<T> work) {
    String ansi = spark.conf().get(ANSI);
    spark.conf().set(ANSI, "false");
    try {
      return work.get();
    } finally {
      spark.conf().set(ANSI, ansi);
    }
  }

  private Dataset<Row> typed(Dataset<Row> raw) {
    Map<SourceColumn, DataType> types = types(raw);
    List<Column> first = new ArrayList<>();
    for (SourceColumn column : SourceColumn.values()) {
      if (source.maps(column)) {
        first.add(asRead(column, types.get(column)).as(readName(column)));
      }
    }
    first.add(col(RawRecords.FILE).as("source_file"));
    first.add(col(RawRecords.CORRUPT));
    first.add(record(raw).as("record"));
    Dataset<Row> read = raw.select(first.toArray(Column[]::new));

    List<Column> second = new ArrayList<>();
    List<Column> faults = new ArrayList<>();
    Column faulty = col(RawRecords.CORRUPT).isNotNull();
    faults.add(when(col(RawRecords.CORRUPT).isNotNull(), lit("the record cannot be parsed")));
    for (SourceColumn column : SourceColumn.values()) {
      DataType target = targetType(column);
      if (!source.maps(column)) {
        second.add(lit(null).cast(target).as(column.label()));
        continue;
      }
      Column value = col(readName(column));
      boolean alwaysFits =
          column.kind() == Kind.TEXT || SqlExpressions.isLosslessCast(types.get(column), target);
      Column typed = alwaysFits ? value.cast(target) : value.try_cast(target);
      second.add(typed.as(column.label()));
      // An order is no less true for a birth date that is none: such a cell is blank.
      if (!alwaysFits && !column.isPersonal()) {
        Column fault = value.isNotNull().and(typed.isNull());
        faulty = faulty.or(fault);
        faults.add(
            when(
                fault.and(col(RawRecords.CORRUPT).isNull()),
                concat(
                    lit(column.label() + " is not " + column.kind().words() + ": "),
                    shown(value))));
      }
    }
    second.add(FILE);
    second.add(col(RawRecords.CORRUPT).as("unparsed"));
    second.add(faulty.as("is_faulty"));
    second.add(when(faulty, concat_ws(SEPARATOR, faults.toArray(Column[]::new))).as("faults"));
    second.add(RECORD);
    return read.select(second.toArray(Column[]::new));
  }

  /** A value for a reason: cut short, without the separator. */
  public static Column shown(Column value) {
    return translate(substring(value.cast(DataTypes.StringType), 1, SHOWN), SEPARATOR, " ");
  }

  /** What each expression gives; all that fail to resolve are reported at once. */
  private Map<SourceColumn, DataType> types(Dataset<Row> raw) {
    Map<SourceColumn, DataType> types = new EnumMap<>(SourceColumn.class);
    try {
      List<SourceColumn> columns = List.copyOf(source.columns().keySet());
      StructType all =
          raw.select(
                  columns.stream()
                      .map(column -> expr(source.columns().get(column)).as(column.label()))
                      .toArray(Column[]::new))
              .schema();
      for (int i = 0; i < columns.size(); i++) {
        types.put(columns.get(i), all.fields()[i].dataType());
      }
      return types;
    } catch (Exception e) { // AnalysisException is checked; Scala does not declare it.
      return typesOneByOne(raw);
    }
  }

  private Map<SourceColumn, DataType> typesOneByOne(Dataset<Row> raw) {
    Map<SourceColumn, DataType> types = new EnumMap<>(SourceColumn.class);
    List<Problem> problems = new ArrayList<>();
    source
        .columns()
        .forEach(
            (column, text) -> {
              try {
                types.put(column, raw.select(expr(text)).schema().fields()[0].dataType());
              } catch (Exception e) { // AnalysisException is checked; Scala does not declare it.
                problems.add(unresolved(source, "columns." + column.label(), text, e));
              }
            });
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return types;
  }

  /** Why Spark cannot make sense of an expression of a source, in its words. */
  static Problem unresolved(SourceSettings source, String key, String text, Exception e) {
    return new Problem(
        key,
        "source " + source.name(),
        text.strip(),
        "cannot be computed from the lake's columns: "
            + String.valueOf(e.getMessage()).strip().split("\\R", 2)[0],
        "");
  }

  private Column asRead(SourceColumn column, DataType type) {
    Column value = expr(source.columns().get(column));
    boolean isText = type.equals(DataTypes.StringType);
    if (isText || column.kind() == Kind.TEXT) {
      return nullif(trim(value.cast(DataTypes.StringType)), lit(""));
    }
    return value;
  }

  private Column record(Dataset<Row> raw) {
    MappedNames names = MappedNames.of(source);
    Set<String> masked = new HashSet<>();
    for (SourceColumn column : SourceColumn.values()) {
      if (column.role() == SourceColumn.Role.CONTACT) {
        names.of(column).forEach(name -> masked.add(name.toLowerCase(Locale.ROOT)));
      }
    }
    Column[] columns =
        Arrays.stream(raw.columns())
            .filter(name -> !name.equals(RawRecords.FILE) && !name.equals(RawRecords.CORRUPT))
            .map(
                name -> {
                  Column value = col("`" + name.replace("`", "``") + "`");
                  return masked.contains(name.toLowerCase(Locale.ROOT))
                      ? when(value.isNotNull(), lit("***")).as(name)
                      : value.as(name);
                })
            .toArray(Column[]::new);
    return EmailMask.masked(coalesce(col(RawRecords.CORRUPT), to_json(struct(columns))));
  }

  private DataType targetType(SourceColumn column) {
    return switch (column.kind()) {
      case TEXT -> DataTypes.StringType;
      case TIMESTAMP -> DataTypes.TimestampType;
      case DATE -> DataTypes.DateType;
      case QUANTITY -> Field.QUANTITY;
      case PRICE -> Field.PRICE;
      case MONEY -> DataTypes.createDecimalType(18, minorDigits);
      case BOOLEAN -> DataTypes.BooleanType;
    };
  }

  private static String readName(SourceColumn column) {
    return "read_" + column.label();
  }
}
