package io.perennial.lake;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.ConfigurationException;
import io.perennial.config.Problem;
import io.perennial.config.SourceColumn;
import io.perennial.config.SourceColumn.Kind;
import io.perennial.config.SourceSettings;
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
 * <p>A typed record has every {@link SourceColumn} by its name (null if not mapped) and the fields
 * declared here. A value that cannot be typed is a fault; typed values are validated by the ingest.
 * Contacts and consents that cannot be typed are null.
 */
public final class Mapping {

  public static final Field FILE =
      Field.text("source_file", "File of the record, relative to the lake's root.");

  /** Reasons are separated by {@link #SEPARATOR}. */
  public static final Field FAULTS =
      Field.text("faults", "Why the record is rejected; null where it is usable.").orNull();

  /** Cheaper than {@link #FAULTS}, whose text few records need. */
  public static final Field IS_FAULTY = Field.flag("is_faulty", "Whether the record has faults.");

  public static final Field UNPARSED =
      Field.text("unparsed", "Text of a record that is not of the format; else null.").orNull();

  /** Costly: select it only if needed. */
  public static final Field RECORD =
      Field.text("record", "The record as read, as JSON with contact fields masked.");

  /** Separates reasons; it is removed from values. */
  public static final String SEPARATOR = "\u001f";

  private static final int SHOWN = 60;
  private static final String ADDRESS =
      "[^\\s\"'<>,;:|=@\\x00-\\x1f]+@[^\\s\"'<>,;:|=@\\x00-\\x1f]+";

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
    return SourceExpressions.lenient(
        spark, () -> parts.stream().map(this::typed).reduce(Dataset::union).orElseThrow());
  }

  private Dataset<Row> typed(Dataset<Row> raw) {
    Map<SourceColumn, DataType> types = types(raw);
    List<Column> first = new ArrayList<>();
    for (SourceColumn column : SourceColumn.values()) {
      if (source.maps(column)) {
        first.add(asRead(column, types.get(column)).as(readName(column)));
      }
    }
    first.add(RawReader.FILE.col().as(FILE.name()));
    first.add(RawReader.CORRUPT.col());
    first.add(record(raw).as(RECORD.name()));
    Dataset<Row> read = raw.select(first.toArray(Column[]::new));

    List<Column> second = new ArrayList<>();
    List<Column> faults = new ArrayList<>();
    Column faulty = RawReader.CORRUPT.col().isNotNull();
    faults.add(when(RawReader.CORRUPT.col().isNotNull(), lit("the record cannot be parsed")));
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
      // An invalid contact value does not make the order invalid: it becomes null.
      if (!alwaysFits && !column.isPersonal()) {
        Column fault = value.isNotNull().and(typed.isNull());
        faulty = faulty.or(fault);
        faults.add(
            when(
                fault.and(RawReader.CORRUPT.col().isNull()),
                concat(
                    lit(column.label() + " is not " + column.kind().words() + ": "),
                    shown(value))));
      }
    }
    second.add(FILE.col());
    second.add(RawReader.CORRUPT.col().as(UNPARSED.name()));
    second.add(faulty.as(IS_FAULTY.name()));
    second.add(when(faulty, concat_ws(SEPARATOR, faults.toArray(Column[]::new))).as(FAULTS.name()));
    second.add(RECORD.col());
    return read.select(second.toArray(Column[]::new));
  }

  /** The typed value of a column of a record. */
  public static Column column(SourceColumn column) {
    return col(column.label());
  }

  /** A value as text for a reason: cut short, without the separator. */
  public static Column shown(Column value) {
    return translate(substring(value.cast(DataTypes.StringType), 1, SHOWN), SEPARATOR, " ");
  }

  /**
   * Masks e-mail addresses in a text: a wrong mapping must not carry them into messages and
   * rejects.
   */
  public static Column masked(Column text) {
    return regexp_replace(text, lit(ADDRESS), lit("***"));
  }

  /** Masks e-mail addresses in a text outside the lake, such as an error message. */
  public static String masked(String text) {
    return text.replaceAll(ADDRESS, "***");
  }

  /** Types of all expressions; all unresolved ones are reported at once. */
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
                problems.add(
                    SourceExpressions.unresolved(source, "columns." + column.label(), text, e));
              }
            });
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return types;
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
    SourceExpressions names = SourceExpressions.of(source);
    Set<String> masked = new HashSet<>();
    for (SourceColumn column : SourceColumn.values()) {
      if (column.role() == SourceColumn.Role.CONTACT) {
        names.of(column).forEach(name -> masked.add(name.toLowerCase(Locale.ROOT)));
      }
    }
    Column[] columns =
        Arrays.stream(raw.columns())
            .filter(
                name ->
                    !name.equals(RawReader.FILE.name()) && !name.equals(RawReader.CORRUPT.name()))
            .map(
                name -> {
                  Column value = col("`" + name.replace("`", "``") + "`");
                  return masked.contains(name.toLowerCase(Locale.ROOT))
                      ? when(value.isNotNull(), lit("***")).as(name)
                      : value.as(name);
                })
            .toArray(Column[]::new);
    return masked(coalesce(RawReader.CORRUPT.col(), to_json(struct(columns))));
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
