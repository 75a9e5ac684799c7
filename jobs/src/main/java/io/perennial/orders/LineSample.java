package io.perennial.orders;

import io.perennial.config.Settings;
import io.perennial.lake.Mapping;
import io.perennial.lake.RawRecords;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What the first records of a lake become, for the eyes of who writes a mapping.
 *
 * @param records records looked at
 * @param examples usable records as read, each with the lines it gives
 * @param faults reasons of unusable ones, with an example record each
 */
public record LineSample(int records, List<Example> examples, Map<String, Fault> faults) {

  /** A record and its lines. */
  public record Example(String record, List<String> lines) {}

  /** A reason, how often it was met, and the first record that has it. */
  public record Fault(int times, String record) {}

  private static final List<String> SHOWN =
      List.of(
          "order_id",
          "line_id",
          "customer_id",
          "ordered_at",
          "kind",
          "product_id",
          "category",
          "quantity",
          "unit_price",
          "amount",
          "status",
          "channel",
          "country");

  /**
   * @param mapped typed records of a sample
   * @param examples how many usable records to show
   */
  public static LineSample of(Dataset<Row> mapped, Settings settings, int examples) {
    Dataset<Row> checked = RecordRules.check(mapped, settings).cache();
    try {
      List<Row> faulty =
          checked
              .where(Mapping.FAULTS.isNotNull())
              .select(Mapping.FAULTS, Mapping.RECORD)
              .collectAsList();
      Map<String, Fault> faults = new TreeMap<>();
      for (Row row : faulty) {
        for (String reason : row.getString(0).split(Mapping.SEPARATOR)) {
          faults.merge(
              reason.replaceAll(": .*", ""),
              new Fault(1, reason + " in " + row.getString(1)),
              (known, more) -> new Fault(known.times() + 1, known.record()));
        }
      }
      Dataset<Row> usable = checked.where(Mapping.FAULTS.isNull()).limit(examples);
      Dataset<Row> lines =
          Candidates.of(
              usable.withColumn("source_file", Mapping.RECORD),
              settings.source(),
              settings.shop().minorDigits());
      Map<String, List<String>> byRecord =
          lines.collectAsList().stream()
              .collect(
                  Collectors.groupingBy(
                      row -> row.<String>getAs("source_file"),
                      java.util.LinkedHashMap::new,
                      Collectors.mapping(LineSample::text, Collectors.toList())));
      return new LineSample(
          (int) checked.count(),
          byRecord.entrySet().stream()
              .map(entry -> new Example(entry.getKey(), entry.getValue()))
              .toList(),
          faults);
    } finally {
      checked.unpersist();
    }
  }

  private static String text(Row line) {
    return SHOWN.stream()
        .filter(name -> line.getAs(name) != null)
        .map(name -> name + "=" + line.getAs(name))
        .collect(Collectors.joining(", "));
  }

  /** The columns that expressions may name. */
  public String columnsOf(Dataset<Row> raw) {
    return Arrays.stream(raw.columns())
        .filter(name -> !name.equals(RawRecords.FILE) && !name.equals(RawRecords.CORRUPT))
        .collect(Collectors.joining(", "));
  }

  /** Prints examples, then the share of unusable records with their reasons. */
  public void print(PrintWriter out) {
    for (Example example : examples) {
      out.println();
      out.println("record " + example.record());
      example.lines().forEach(line -> out.println("  line " + line));
    }
    int unusable = faults.values().stream().mapToInt(Fault::times).sum();
    out.println();
    out.printf(
        Locale.ROOT,
        "Of the first %,d records %s.%n",
        records,
        unusable == 0 ? "all can be used" : "some cannot be used, for these reasons");
    faults.forEach(
        (reason, fault) ->
            out.printf(Locale.ROOT, "  %,6d x %s%n           e.g. %s%n", fault.times(), reason, fault.record()));
  }
}
