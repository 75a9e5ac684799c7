package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.Settings;
import io.perennial.config.SourceColumn;
import io.perennial.lake.LakeException;
import io.perennial.lake.Mapping;
import io.perennial.spark.CachedDatasets;
import io.perennial.table.Field;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Shows the author of a mapping what a sample of a lake's records becomes.
 *
 * @param records records in the sample
 * @param unusable records that would be rejected
 * @param columns the mapped columns, in the order of {@link SourceColumn}
 * @param examples usable records as read, each with its lines
 * @param faults reasons for rejecting the unusable records, by rule
 */
public record MappingPreview(
    long records,
    long unusable,
    List<MappedColumn> columns,
    List<Example> examples,
    Map<String, Fault> faults) {

  /** A mapped column with its number of values and the first of them. */
  public record MappedColumn(SourceColumn column, String expression, long filled, String value) {}

  /** A record and its lines. */
  public record Example(String record, List<String> lines) {}

  /** A reason with its number of records and the first of them. */
  public record Fault(int times, String reason, String file, String record) {}

  private static final int NUMBER_WIDTH = 20;

  private static final Field SOURCE_FILE = OrderLinesTable.SOURCE_FILE;

  /** Columns of a line that depend on the mapping alone. */
  private static final List<Field> SHOWN =
      List.of(
          OrderLinesTable.ORDER_ID,
          OrderLinesTable.LINE_ID,
          OrderLinesTable.CUSTOMER_ID,
          OrderLinesTable.ORDERED_AT,
          OrderLinesTable.KIND,
          OrderLinesTable.PRODUCT_ID,
          OrderLinesTable.CATEGORY,
          OrderLinesTable.QUANTITY,
          OrderLinesTable.UNIT_PRICE,
          OrderLinesTable.AMOUNT,
          OrderLinesTable.STATUS,
          OrderLinesTable.CHANNEL,
          OrderLinesTable.COUNTRY);

  /**
   * @param mapped typed records of a sample
   * @param examples number of usable records to show
   * @throws LakeException if there are no records
   */
  public static MappingPreview of(Dataset<Row> mapped, Settings settings, int examples) {
    try (CachedDatasets kept = new CachedDatasets()) {
      Dataset<Row> checked = kept.keep(RecordRules.check(mapped, settings));
      List<SourceColumn> mappedColumns = List.copyOf(settings.source().columns().keySet());
      Row sums = sums(checked, mappedColumns);
      if (sums.getLong(0) == 0) {
        throw LakeException.noRecords(settings.lake().path());
      }
      List<MappedColumn> columns = new ArrayList<>();
      for (int i = 0; i < mappedColumns.size(); i++) {
        SourceColumn column = mappedColumns.get(i);
        boolean isPrivate = column.role() == SourceColumn.Role.CONTACT;
        String value = sums.getString(3 + 2 * i);
        columns.add(
            new MappedColumn(
                column,
                settings.source().columns().get(column),
                sums.getLong(2 + 2 * i),
                isPrivate && value != null ? "***" : value));
      }
      return new MappingPreview(
          sums.getLong(0),
          sums.getLong(1),
          columns,
          examples(checked, settings, examples),
          faults(checked));
    }
  }

  private static Row sums(Dataset<Row> checked, List<SourceColumn> columns) {
    List<Column> sums = new ArrayList<>();
    sums.add(count(Mapping.FAULTS.col()));
    for (SourceColumn column : columns) {
      sums.add(count(Mapping.column(column)));
      sums.add(first(Mapping.column(column).cast(DataTypes.StringType), true));
    }
    return checked.agg(count(lit(1)), sums.toArray(Column[]::new)).first();
  }

  private static Map<String, Fault> faults(Dataset<Row> checked) {
    Map<String, Fault> faults = new TreeMap<>();
    for (Row row :
        checked
            .where(Mapping.IS_FAULTY.col())
            .select(Mapping.FAULTS.col(), Mapping.FILE.col(), Mapping.RECORD.col())
            .collectAsList()) {
      for (String reason : row.getString(0).split(Mapping.SEPARATOR)) {
        faults.merge(
            reason.replaceAll("(?s): .*", ""),
            new Fault(1, reason, row.getString(1), row.getString(2)),
            (known, more) ->
                new Fault(known.times() + 1, known.reason(), known.file(), known.record()));
      }
    }
    return faults;
  }

  /** Number and text of the record stand in for its file, so that lines lead to their record. */
  private static List<Example> examples(Dataset<Row> checked, Settings settings, int examples) {
    Column number = format_string("%0" + NUMBER_WIDTH + "d", monotonically_increasing_id());
    Dataset<Row> usable =
        checked
            .where(not(Mapping.IS_FAULTY.col()))
            .limit(examples)
            .withColumn(SOURCE_FILE.name(), concat(number, Mapping.RECORD.col()));
    Map<String, List<String>> byRecord = new LinkedHashMap<>();
    CandidateLines.of(usable, settings.source(), settings.shop().minorDigits())
        .select(shown())
        .collectAsList()
        .forEach(
            row ->
                byRecord
                    .computeIfAbsent(row.getAs(SOURCE_FILE.name()), any -> new ArrayList<>())
                    .add(text(row)));
    return byRecord.entrySet().stream()
        .map(entry -> new Example(entry.getKey().substring(NUMBER_WIDTH), entry.getValue()))
        .toList();
  }

  /** Casts to text in the shop's time zone. */
  private static Column[] shown() {
    return Stream.concat(
            Stream.of(SOURCE_FILE.col()),
            SHOWN.stream().map(field -> field.col().cast(DataTypes.StringType).as(field.name())))
        .toArray(Column[]::new);
  }

  private static String text(Row line) {
    return SHOWN.stream()
        .filter(field -> line.getAs(field.name()) != null)
        .map(field -> field + "=" + line.getAs(field.name()))
        .collect(Collectors.joining(", "));
  }

  /** Prints the mapped columns, the examples, and the reasons of unusable records. */
  public void print(PrintWriter out, double allowedShare) {
    out.printf("%n%-15s %8s  %-24s <- expression%n", "column", "filled", "for example");
    for (MappedColumn column : columns) {
      out.printf(
          Locale.ROOT,
          "%-15s %6.1f %%  %-24s <- %s%n",
          column.column().label(),
          100.0 * column.filled() / records,
          cut(column.value() == null ? "-" : column.value(), 24),
          column.expression().strip().replaceAll("\\s+", " "));
    }
    for (Example example : examples) {
      out.println();
      out.println("record " + example.record());
      example.lines().forEach(line -> out.println("  line " + line));
    }
    out.println();
    if (unusable == 0) {
      out.printf(Locale.ROOT, "All of %,d records looked at can be used.%n", records);
      return;
    }
    out.printf(
        Locale.ROOT,
        "Of %,d records looked at %,d (%.1f %%) cannot be used; lake.max-reject-share allows"
            + " %.1f %%. Reasons:%n",
        records,
        unusable,
        100.0 * unusable / records,
        100 * allowedShare);
    faults.values().stream()
        .sorted(Comparator.comparingInt(Fault::times).reversed())
        .forEach(
            fault ->
                out.printf(
                    Locale.ROOT,
                    "%,8d x %s%n           in '%s': %s%n",
                    fault.times(),
                    fault.reason(),
                    fault.file(),
                    fault.record()));
  }

  private static String cut(String text, int width) {
    String line = text.replaceAll("\\s+", " ");
    return line.length() <= width ? line : line.substring(0, width - 3) + "...";
  }
}
