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
 * What some records of a lake become, for the eyes of who writes a mapping.
 *
 * @param records records looked at
 * @param unusable those of them that would be rejected
 * @param cells what each mapped column gives, in the order of {@link SourceColumn}
 * @param examples usable records as read, each with the lines it gives
 * @param faults reasons of unusable ones, with an example record each
 */
public record MappingPreview(
    long records,
    long unusable,
    List<Cell> cells,
    List<Example> examples,
    Map<String, Fault> faults) {

  /** A mapped column: in how many records it has a value, and the first of them. */
  public record Cell(SourceColumn column, String expression, long filled, String value) {}

  /** A record and its lines. */
  public record Example(String record, List<String> lines) {}

  /** A reason, how often it was met, and the first record that has it. */
  public record Fault(int times, String reason, String file, String record) {}

  private static final int NUMBER_WIDTH = 20;

  /** Cells of a line that are worth a look; the others say little before all is read. */
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
   * @param examples how many usable records to show
   * @throws LakeException if there are no records
   */
  public static MappingPreview of(Dataset<Row> mapped, Settings settings, int examples) {
    try (CachedDatasets kept = new CachedDatasets()) {
      Dataset<Row> checked = kept.keep(RecordRules.check(mapped, settings));
      List<SourceColumn> columns = List.copyOf(settings.source().columns().keySet());
      Row sums = sums(checked, columns);
      if (sums.getLong(0) == 0) {
        throw LakeException.noRecords(settings.lake().path());
      }
      List<Cell> cells = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        SourceColumn column = columns.get(i);
        boolean isPrivate = column.role() == SourceColumn.Role.CONTACT;
        String value = sums.getString(3 + 2 * i);
        cells.add(
            new Cell(
                column,
                settings.source().columns().get(column),
                sums.getLong(2 + 2 * i),
                isPrivate && value != null ? "***" : value));
      }
      return new MappingPreview(
          sums.getLong(0),
          sums.getLong(1),
          cells,
          examples(checked, settings, examples),
          faults(checked));
    }
  }

  private static Row sums(Dataset<Row> checked, List<SourceColumn> columns) {
    List<Column> sums = new ArrayList<>();
    sums.add(count(Mapping.FAULTS));
    for (SourceColumn column : columns) {
      sums.add(count(col(column.label())));
      sums.add(first(col(column.label()).cast(DataTypes.StringType), true));
    }
    return checked.agg(count(lit(1)), sums.toArray(Column[]::new)).first();
  }

  private static Map<String, Fault> faults(Dataset<Row> checked) {
    Map<String, Fault> faults = new TreeMap<>();
    for (Row row :
        checked
            .where(Mapping.IS_FAULTY)
            .select(Mapping.FAULTS, Mapping.FILE, Mapping.RECORD)
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

  /** Lines are traced to their record by its number and text in the place of the file. */
  private static List<Example> examples(Dataset<Row> checked, Settings settings, int examples) {
    Column number = format_string("%0" + NUMBER_WIDTH + "d", monotonically_increasing_id());
    Dataset<Row> usable =
        checked
            .where(not(Mapping.IS_FAULTY))
            .limit(examples)
            .withColumn("source_file", concat(number, Mapping.RECORD));
    Map<String, List<String>> byRecord = new LinkedHashMap<>();
    CandidateLines.of(usable, settings.source(), settings.shop().minorDigits())
        .select(shown())
        .collectAsList()
        .forEach(
            row ->
                byRecord
                    .computeIfAbsent(row.getAs("source_file"), any -> new ArrayList<>())
                    .add(text(row)));
    return byRecord.entrySet().stream()
        .map(entry -> new Example(entry.getKey().substring(NUMBER_WIDTH), entry.getValue()))
        .toList();
  }

  /** As text, so that times are the shop's. */
  private static Column[] shown() {
    return Stream.concat(
            Stream.of(col("source_file")),
            SHOWN.stream().map(field -> field.col().cast(DataTypes.StringType).as(field.name())))
        .toArray(Column[]::new);
  }

  private static String text(Row line) {
    return SHOWN.stream()
        .filter(field -> line.getAs(field.name()) != null)
        .map(field -> field + "=" + line.getAs(field.name()))
        .collect(Collectors.joining(", "));
  }

  /** Prints the mapping with what it gives, examples, and the unusable records' reasons. */
  public void print(PrintWriter out, double allowedShare) {
    out.printf("%n%-15s %8s  %-24s <- expression%n", "column", "filled", "for example");
    for (Cell cell : cells) {
      out.printf(
          Locale.ROOT,
          "%-15s %6.1f %%  %-24s <- %s%n",
          cell.column().label(),
          100.0 * cell.filled() / records,
          cut(cell.value() == null ? "-" : cell.value(), 24),
          cell.expression().strip().replaceAll("\\s+", " "));
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
