package io.perennial.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.config.Settings;
import io.perennial.config.SourceColumn;
import io.perennial.lake.LakeOnDisk;
import io.perennial.testing.TableRows;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.DynamicTest;

/**
 * Examples of what becomes of the records of an order. Each is a test of its own; all of one object
 * go through the same few Spark jobs.
 *
 * <p>Records and expected rows are text tables: a heading of columns, then rows, cells separated by
 * {@code |}. Records are of the file {@code a.csv} and of an order of their own, by customer {@code
 * c1} at {@code 2024-05-02 10:00}, one unit at 10, unless a column says otherwise. A blank cell is
 * blank text, {@code null} is no value, quotes keep spaces: {@code ' a '}. Of expected rows only
 * the columns named are compared, in any order of rows; what an example does not expect (records
 * set aside, rejects) must not be there.
 *
 * <p>Whatever the example, every record must end as a line, set aside or rejected, and the result
 * must not depend on the order of files, on the number of partitions, or on whether an order is
 * found to need a comparison of its records.
 */
final class OrderExamples {

  private static final String FILE = "file";

  /** Column of records for the text of one that cannot be parsed. */
  private static final String UNPARSED = "unparsed";

  /** Columns that a record may have. */
  private static final Set<String> KNOWN =
      Stream.concat(
              Arrays.stream(SourceColumn.values()).map(SourceColumn::label),
              Stream.of(FILE, UNPARSED))
          .collect(Collectors.toSet());

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

  /** Cells of a record that says nothing else. */
  private static final Map<SourceColumn, String> USUAL =
      Map.of(
          SourceColumn.CUSTOMER_ID, "c1",
          SourceColumn.ORDERED_AT, "2024-05-02 10:00",
          SourceColumn.QUANTITY, "1",
          SourceColumn.UNIT_PRICE, "10");

  private final Path directory;
  private final Map<SourceColumn, String> mapping = new EnumMap<>(SourceColumn.class);
  private final Map<String, String> keys = new LinkedHashMap<>();
  private final List<Example> examples = new ArrayList<>();
  private String updates = "none";

  private OrderExamples(Path directory) {
    this.directory = directory;
    for (SourceColumn column : SourceColumn.values()) {
      mapping.put(column, column.label());
    }
    mapping.remove(SourceColumn.LINE_ID);
  }

  /**
   * Examples of a source without updates that maps every column but line_id.
   *
   * @param directory for the configuration
   */
  static OrderExamples in(Path directory) {
    return new OrderExamples(directory);
  }

  /** Maps line_id. */
  OrderExamples withLineIds() {
    return mapping(SourceColumn.LINE_ID, SourceColumn.LINE_ID.label());
  }

  /** Maps a column by an expression over the records' text. */
  OrderExamples mapping(SourceColumn column, String expression) {
    mapping.put(column, expression);
    return this;
  }

  /** Maps nothing but what a source must map. */
  OrderExamples mappingOnlyWhatIsRequired() {
    mapping.keySet().removeIf(column -> !column.required());
    return this;
  }

  /** Sets {@code updates} of the source: none, line or order. */
  OrderExamples updates(String meaning) {
    updates = meaning;
    return this;
  }

  /** Sets a key of the configuration. */
  OrderExamples set(String key, String value) {
    keys.put(key, value);
    return this;
  }

  /** Begins the next example. */
  OrderExamples example(String name) {
    examples.add(new Example(name, "%03d".formatted(examples.size())));
    return this;
  }

  /** The records of the example's order. */
  OrderExamples records(String table) {
    rows(table).forEach(this::add);
    return this;
  }

  /** One record, by the cells that are not the usual ones: {@code quantity = 2}. */
  OrderExamples record(String... cells) {
    Map<String, String> record = new LinkedHashMap<>();
    for (String cell : cells) {
      String[] nameAndValue = cell.split("=", 2);
      record.put(nameAndValue[0].strip(), nameAndValue[1].strip());
    }
    add(record);
    return this;
  }

  private void add(Map<String, String> record) {
    assertThat(record.keySet()).as("columns of a record").isSubsetOf(KNOWN);
    last().records.add(record);
  }

  /** All lines that the example's records give. */
  OrderExamples lines(String table) {
    last().lines = rows(table);
    return this;
  }

  /** All records that are set aside, with the reason: duplicate or superseded. */
  OrderExamples setAside(String table) {
    last().setAside = rows(table);
    return this;
  }

  /** One record is rejected by itself, for these reasons in this order. */
  OrderExamples rejected(String... reasons) {
    last().rejects.add(String.join("; ", reasons));
    return this;
  }

  /** So many records are rejected with their whole order, for this reason. */
  OrderExamples rejectedWhole(int records, String reason) {
    last().wholeRejects.addAll(Collections.nCopies(records, reason));
    return this;
  }

  private Example last() {
    return examples.get(examples.size() - 1);
  }

  /** One test for each example. */
  Stream<DynamicTest> tests() {
    LakeOnDisk lake =
        LakeOnDisk.in(directory).source("examples", sourceConf()).set("lake.source", "examples");
    keys.forEach(lake::set);
    Settings settings = lake.settings();
    SparkSession spark = lake.session();
    List<Row> raw = raw();
    Results screened =
        inPartitions(
            spark,
            1,
            () ->
                new Results(
                    RecordsToLines.screened(records(spark, raw), raw.size(), settings), settings));
    Results unscreened =
        inPartitions(
            spark,
            3,
            () ->
                new Results(
                    RecordsToLines.unscreened(records(spark, byFileBackwards(raw)), settings),
                    settings));
    return examples.stream()
        .map(
            example ->
                DynamicTest.dynamicTest(
                    example.name,
                    () -> {
                      example.check(screened);
                      screened.checkSame(example, unscreened);
                    }));
  }

  private String sourceConf() {
    return mapping.entrySet().stream()
        .map(entry -> "  %s = \"%s\"\n".formatted(entry.getKey().label(), entry.getValue()))
        .collect(
            Collectors.joining("", "format = csv\nupdates = " + updates + "\ncolumns {\n", "}\n"));
  }

  /** Raw records as text, with their file last. */
  private List<Row> raw() {
    List<Row> raw = new ArrayList<>();
    for (Example example : examples) {
      for (Map<String, String> cells : example.records) {
        List<Object> row = new ArrayList<>();
        for (SourceColumn column : SourceColumn.values()) {
          String usual =
              column == SourceColumn.ORDER_ID ? "order-" + example.key : USUAL.get(column);
          String cell = cells.getOrDefault(column.label(), usual);
          row.add("null".equals(cell) ? null : unquoted(cell));
        }
        row.add(example.key + "/" + cells.getOrDefault(FILE, "a.csv"));
        row.add(cells.get(UNPARSED));
        raw.add(RowFactory.create(row.toArray()));
      }
    }
    return raw;
  }

  private static String unquoted(String cell) {
    boolean isQuoted = cell != null && cell.length() > 1 && cell.matches("'.*'");
    return isQuoted ? cell.substring(1, cell.length() - 1) : cell;
  }

  /** The same records, read from the last file to the first. */
  private static List<Row> byFileBackwards(List<Row> raw) {
    Map<String, List<Row>> byFile = new TreeMap<>(Collections.reverseOrder());
    raw.forEach(
        row ->
            byFile
                .computeIfAbsent(
                    row.getString(SourceColumn.values().length), f -> new ArrayList<>())
                .add(row));
    return byFile.values().stream().flatMap(List::stream).toList();
  }

  private static Dataset<Row> records(SparkSession spark, List<Row> raw) {
    StructType schema = new StructType();
    for (SourceColumn column : SourceColumn.values()) {
      schema = schema.add(column.label(), DataTypes.StringType);
    }
    return spark.createDataFrame(
        raw,
        schema
            .add("_perennial_file", DataTypes.StringType)
            .add("_perennial_corrupt", DataTypes.StringType));
  }

  private static Results inPartitions(SparkSession spark, int number, Supplier<Results> work) {
    String before = spark.conf().get("spark.sql.shuffle.partitions");
    spark.conf().set("spark.sql.shuffle.partitions", number);
    spark.conf().set("spark.sql.leafNodeDefaultParallelism", number);
    try {
      return work.get();
    } finally {
      spark.conf().set("spark.sql.shuffle.partitions", before);
      spark.conf().unset("spark.sql.leafNodeDefaultParallelism");
    }
  }

  /** The rows of a text table by its heading. */
  private static List<Map<String, String>> rows(String table) {
    List<List<String>> lines =
        table
            .lines()
            .filter(line -> !line.isBlank())
            .map(line -> Arrays.stream(line.split("\\|", -1)).map(String::strip).toList())
            .toList();
    List<String> names = lines.get(0);
    List<Map<String, String>> rows = new ArrayList<>();
    for (List<String> cells : lines.subList(1, lines.size())) {
      assertThat(cells).as("cells of the heading " + names).hasSameSizeAs(names);
      Map<String, String> row = new LinkedHashMap<>();
      for (int i = 0; i < names.size(); i++) {
        row.put(names.get(i), cells.get(i));
      }
      rows.add(row);
    }
    return rows;
  }

  /** What is given and expected of one order. */
  private static final class Example {

    final String name;
    final String key;
    final List<Map<String, String>> records = new ArrayList<>();
    List<Map<String, String>> lines = List.of();
    List<Map<String, String>> setAside = List.of();
    final List<String> rejects = new ArrayList<>();
    final List<String> wholeRejects = new ArrayList<>();

    Example(String name, String key) {
      this.name = name;
      this.key = key;
    }

    void check(Results results) {
      Map<Boolean, List<String>> rejected =
          results.of(results.rejects, this).stream()
              .collect(
                  Collectors.partitioningBy(
                      row -> row.get(RejectsTable.IS_ORDER_REJECT.name()).equals("true"),
                      Collectors.mapping(
                          row -> row.get(RejectsTable.REASONS.name()), Collectors.toList())));
      assertThat(rejected.get(false))
          .as("reasons of records rejected by themselves")
          .containsExactlyInAnyOrderElementsOf(rejects);
      assertThat(rejected.get(true))
          .as("reasons of records rejected with their order")
          .containsExactlyInAnyOrderElementsOf(wholeRejects);
      same("lines", lines, results.of(results.lines, this));
      same("records set aside", setAside, results.of(results.setAside, this));
      assertThat(results.of(results.lines, this))
          .as("keys of the lines")
          .allSatisfy(row -> assertThat(row.get(OrderLinesTable.LINE_ID.name())).isNotBlank())
          .extracting(
              row ->
                  row.get(OrderLinesTable.ORDER_ID.name())
                      + " "
                      + row.get(OrderLinesTable.LINE_ID.name()))
          .doesNotHaveDuplicates();
      long recordsOfLines =
          results.of(results.lines, this).stream()
              .filter(row -> row.get(OrderLinesTable.IS_DERIVED.name()).equals("false"))
              .count();
      assertThat(recordsOfLines + setAside.size() + rejects.size() + wholeRejects.size())
          .as("records that ended somewhere")
          .isEqualTo(records.size());
    }

    private static void same(
        String what, List<Map<String, String>> expected, List<Map<String, String>> actual) {
      Set<String> columns = expected.isEmpty() ? new LinkedHashSet<>() : expected.get(0).keySet();
      assertThat(actual)
          .as(what + ": " + columns)
          .extracting(row -> text(row, columns))
          .containsExactlyInAnyOrderElementsOf(
              expected.stream().map(row -> text(row, columns)).toList());
    }

    private static String text(Map<String, String> row, Set<String> columns) {
      return columns.stream()
          .map(
              column -> {
                assertThat(row).containsKey(column);
                return row.get(column);
              })
          .collect(Collectors.joining(" | "));
    }
  }

  /** Rows as text, by the key of the example whose files they are of. */
  private static final class Results {

    final Map<String, List<Map<String, String>>> lines;
    final Map<String, List<Map<String, String>>> setAside;
    final Map<String, List<Map<String, String>>> rejects;

    Results(RecordsToLines results, Settings settings) {
      ZoneId zone = settings.shop().timeZone();
      lines = byExample(results.lines(), zone);
      setAside = byExample(results.setAside(), zone);
      rejects = byExample(results.rejects(), zone);
    }

    List<Map<String, String>> of(Map<String, List<Map<String, String>>> rows, Example example) {
      return rows.getOrDefault(example.key, List.of());
    }

    void checkSame(Example example, Results other) {
      assertThat(other.of(other.lines, example))
          .as("lines, files read backwards, every order compared")
          .containsExactlyInAnyOrderElementsOf(of(lines, example));
      assertThat(other.of(other.setAside, example))
          .as("records set aside, files read backwards, every order compared")
          .containsExactlyInAnyOrderElementsOf(of(setAside, example));
      assertThat(other.of(other.rejects, example))
          .as("rejects, files read backwards, every order compared")
          .containsExactlyInAnyOrderElementsOf(of(rejects, example));
    }

    private static Map<String, List<Map<String, String>>> byExample(
        Dataset<Row> rows, ZoneId zone) {
      return TableRows.of(rows).stream()
          .map(row -> plain(row, zone))
          .collect(Collectors.groupingBy(row -> row.remove("example")));
    }

    private static Map<String, String> plain(Map<String, Object> row, ZoneId zone) {
      Map<String, String> plain = new LinkedHashMap<>();
      row.forEach((column, value) -> plain.put(column, plain(column, value, zone)));
      String[] exampleAndFile = plain.remove(OrderLinesTable.SOURCE_FILE.name()).split("/", 2);
      plain.put("example", exampleAndFile[0]);
      plain.put(FILE, exampleAndFile[1]);
      return plain;
    }

    private static String plain(String column, Object value, ZoneId zone) {
      if (value == null) {
        return "";
      }
      if (value instanceof Instant time) {
        return TIME.format(time.atZone(zone));
      }
      if (value instanceof List<?> reasons) {
        return reasons.stream().map(String::valueOf).collect(Collectors.joining("; "));
      }
      boolean isMeasure =
          column.equals(OrderLinesTable.QUANTITY.name())
              || column.equals(OrderLinesTable.UNIT_PRICE.name());
      if (value instanceof BigDecimal number) {
        return (isMeasure ? number.stripTrailingZeros() : number).toPlainString();
      }
      return value.toString();
    }
  }
}
