package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perennial.acceptance.CommandRunner.CommandResult;
import io.perennial.customers.CustomersTable;
import io.perennial.ingest.OrderLinesTable;
import io.perennial.ingest.RejectsTable;
import io.perennial.lake.LakeException;
import io.perennial.lake.LakeOnDisk;
import io.perennial.lake.LakeOnDisk.Ingested;
import io.perennial.months.CustomerDaysTable;
import io.perennial.rfm.RfmTable;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad input is tolerated, or refused with location, reason and remedy; no record is lost. */
class BadInputTest {

  private static final String HEADER = "order_id,customer_id,ordered_at,quantity,unit_price";
  private static final String LINE = "o1,c1,2024-01-31,1,10";
  private static final byte[] PNG = {
    (byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R'
  };
  private static final String REPAIR =
      ". Repair or remove the file, or set lake.on-unreadable-file = skip.";

  @TempDir private Path directory;

  private LakeOnDisk lake() {
    return LakeOnDisk.in(directory);
  }

  /** The message of a failed command without its last line, the state of the tables. */
  private static String failure(int code, CommandResult result) {
    assertThat(result.code()).as(result.err() + result.out()).isEqualTo(code);
    return result.err().stripTrailing().replaceFirst("\\nNothing was [^\\n]*$", "");
  }

  @Test
  void missingOrEmptyLakeIsNamed() {
    LakeOnDisk lake = lake();
    Path none = directory.resolve("none");
    assertThat(failure(1, lake.set("lake.path", none).run("check")))
        .isEqualTo(
            "Cannot find the lake: nothing is at '"
                + none
                + "'. Set lake.path to a file, a directory or a glob.");
    assertThat(failure(1, lake.set("lake.path", "a:b").run("check")))
        .startsWith("Cannot find the lake: 'a:b' is not a path (");
    String empty =
        "Cannot read the lake: '"
            + lake.files()
            + "' holds no files with records. Files whose names begin with _ or . do not count."
            + " Check lake.path.";
    lake.set("lake.path", lake.files());
    assertThat(failure(1, lake.run("check"))).isEqualTo(empty);
    lake.file("_SUCCESS", HEADER, LINE);
    assertThat(failure(1, lake.run("check"))).isEqualTo(empty);
    lake.file("empty.csv", new byte[0]);
    assertThat(failure(1, lake.run("check")).replaceAll("^.*\n", "")).isEqualTo(empty);
    assertThat(failure(1, lake.run("ingest"))).isEqualTo(empty);
    lake.file("heading.csv", HEADER);
    assertThat(failure(1, lake.run("check")).replaceAll("^.*\n", "")).isEqualTo(empty);
  }

  @Test
  void fileWithAWrongExtensionIsNamed() {
    LakeOnDisk lake = lake().file("a.csv", HEADER, LINE);
    assertThat(failure(1, lake.file("b.csv.gz", HEADER).run("check")))
        .startsWith(
            "Cannot read file 'b.csv.gz' of the lake: its heading cannot be read (IOException: ")
        .endsWith(REPAIR);
    assertThat(failure(1, lake.gzip("b.csv.gz", HEADER, LINE).file("c.csv", PNG).run("check")))
        .isEqualTo(
            "Cannot read file 'c.csv' of the lake: it is not a CSV file: its first line is not"
                + " text"
                + REPAIR);
    lake.set("lake.format", "parquet").set("lake.path", lake.files() + "/*.parquet");
    assertThat(failure(1, lake.file("d.parquet", HEADER, LINE).run("check")))
        .startsWith("Cannot read file 'd.parquet' of the lake: ")
        .contains("not a Parquet file")
        .endsWith(REPAIR);
    lake.set("lake.format", "orc").set("lake.path", lake.files() + "/*.orc");
    assertThat(failure(1, lake.file("e.orc", HEADER, LINE).run("check")))
        .startsWith("Cannot read file 'e.orc' of the lake: ")
        .endsWith(REPAIR);
  }

  @Test
  void truncatedGzipFailsTheRunOrIsSkippedAndReadLater() {
    byte[] whole = LakeOnDisk.gzipped(HEADER + "\n" + manyLines("b", 6_000));
    LakeOnDisk lake =
        lake()
            .file("a.csv", HEADER, LINE)
            .file("b.csv.gz", Arrays.copyOf(whole, whole.length / 2))
            .file("c.csv.gz", HEADER, "no gzip at all");
    assertThat(failure(1, lake.set("lake.path", lake.files() + "/[ab]*").run("ingest")))
        .startsWith("Cannot read file 'b.csv.gz' of the lake: EOFException: ")
        .endsWith(REPAIR);
    assertThat(lake.run("tables").out()).startsWith("Nothing is published in ");

    lake.set("lake.path", lake.files()).set("lake.on-unreadable-file", "skip");
    Ingested first = lake.ingest();
    assertThat(first.messages())
        .hasSize(2)
        .anySatisfy(
            line -> assertThat(line).startsWith("Skipped: Cannot read file 'b.csv.gz' of the lake"))
        .anySatisfy(
            line ->
                assertThat(line).startsWith("Skipped: Cannot read file 'c.csv.gz' of the lake"));
    assertThat(first.orders()).containsExactly("o1");
    assertThat(first.result().files()).hasSize(1);

    Ingested again = lake.ingest();
    assertThat(again.messages()).as("nothing else is new").hasSize(2);
    assertThat(again.result().filesRead()).isZero();
    assertThat(again.orders()).containsExactly("o1");

    lake.file("b.csv.gz", whole).gzip("c.csv.gz", HEADER, "c1,c1,2024-02-01,1,1");
    Ingested second = lake.ingest();
    assertThat(second.messages()).isEmpty();
    assertThat(second.result().filesRead()).as("only those that were skipped").isEqualTo(2);
    assertThat(second.lines().count()).isEqualTo(6_002);

    Ingested third = lake.file("d-empty.csv", new byte[0]).ingest();
    assertThat(third.result().filesRead()).isEqualTo(1);
    assertThat(third.lines().count()).isEqualTo(6_002);

    Ingested fourth = lake.file("e-heading.csv", HEADER).ingest();
    assertThat(fourth.result().filesRead()).isEqualTo(1);
    assertThat(fourth.lines().count()).isEqualTo(6_002);
  }

  @Test
  void fileWhoseRecordsAreNeededAgainIsNotSkipped() throws IOException {
    LakeOnDisk lake =
        lake()
            .set("lake.on-unreadable-file", "skip")
            .file("a.csv", HEADER, LINE)
            .gzip("b.csv.gz", HEADER, "o1,c1,2024-01-31,2,7");
    lake.ingest();
    Path shared = lake.files().resolve("b.csv.gz");
    FileTime modified = Files.getLastModifiedTime(shared);
    lake.file("b.csv.gz", new byte[(int) Files.size(shared)]);
    Files.setLastModifiedTime(shared, modified);
    assertThat(lake.ingest().result().filesRead()).as("it seems to be as it was").isZero();

    lake.file("a.csv", HEADER, LINE, "o2,c2,2024-01-31,1,1");
    assertThatThrownBy(lake::ingest)
        .isInstanceOf(LakeException.class)
        .hasMessageStartingWith("Cannot read file 'b.csv.gz' of the lake: ")
        .hasMessageEndingWith(
            ". It cannot be skipped: it was read before, and its records are needed again, as where"
                + " a file that shares orders with it changed or a customer in it is erased. Repair"
                + " or remove the file.");
    assertThat(lake.table(OrderLinesTable.TABLE).count()).as("as they were").isEqualTo(2);
  }

  private static String manyLines(String prefix, int n) {
    Random random = new Random(7);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < n; i++) {
      text.append(prefix).append(i).append(",c").append(random.nextInt());
      text.append(",2024-01-15,1,").append(random.nextInt(10_000)).append('\n');
    }
    return text.toString();
  }

  @Test
  void mappingOfAnUnknownColumnListsTheColumns() {
    LakeOnDisk lake =
        lake()
            .set("lake.source", "odd")
            .source("odd", "format = csv\n" + LakeOnDisk.columns() + "columns.country = colour\n")
            .file("a.csv", HEADER, LINE);
    assertThat(failure(1, lake.run("check")))
        .isEqualTo(
            "Cannot read file 'a.csv' of the lake: the mapping of source odd names 'colour', which"
                + " the file does not have; its columns are 'order_id', 'customer_id',"
                + " 'ordered_at', 'quantity', 'unit_price'. Correct the mapping, repair or remove"
                + " the file, or set lake.on-unreadable-file = skip.");
    lake.file("b.csv", HEADER, LINE);
    assertThat(failure(2, lake.run("check")))
        .isEqualTo(
            "Cannot use the configuration: 1 problem\n"
                + "  - columns.country (source odd) is 'colour': names a column that the lake does"
                + " not have. There are 'order_id', 'customer_id', 'ordered_at', 'quantity',"
                + " 'unit_price'.");
  }

  @Test
  void allInvalidSqlExpressionsAreReported() {
    LakeOnDisk lake =
        lake()
            .file("a.csv", HEADER, LINE)
            .set("lake.source", "odd")
            .source(
                "odd",
                "format = csv\n"
                    + LakeOnDisk.columns()
                    + "columns { quantity = \"quantity +\", unit_price = \"((1)\" }\n"
                    + "ignore = \"order_id =\"\n");
    assertThat(failure(2, lake.run("check")))
        .startsWith("Cannot use the configuration: 3 problems\n")
        .contains(
            "  - columns.quantity (source odd) is 'quantity +': must be a Spark SQL expression: ",
            "  - columns.unit_price (source odd) is '((1)': must be a Spark SQL expression: ",
            "  - ignore (source odd) is 'order_id =': must be a Spark SQL expression: ");
    lake.source(
        "odd",
        "format = csv\n"
            + LakeOnDisk.columns()
            + "columns { quantity = \"no_such_function(quantity)\", unit_price = \"date_add()\""
            + " }\n");
    assertThat(failure(2, lake.run("check")))
        .startsWith("Cannot use the configuration: 2 problems\n")
        .contains(
            "columns.quantity (source odd) is 'no_such_function(quantity)': cannot be computed from"
                + " the lake's columns: ",
            "columns.unit_price (source odd) is 'date_add()': cannot be computed");
  }

  @Test
  void duplicateColumnFailsOnlyIfMapped() {
    LakeOnDisk lake = lake().file("a.csv", HEADER + ",note,Note", LINE + ",x,y");
    assertThat(lake.run("check").out())
        .contains("not used by the mapping: note, Note (2)", "All of 1 records");
    assertThat(failure(1, lake.file("b.csv", HEADER + ",Quantity", LINE + ",2").run("check")))
        .isEqualTo(
            "Cannot read file 'b.csv' of the lake: its heading has more than one column 'quantity',"
                + " which the mapping of source plain names"
                + REPAIR);
  }

  @Test
  void usageErrorsNameTheWrongInput() {
    LakeOnDisk lake = lake().file("a.csv", HEADER, LINE);
    assertThat(failure(2, lake.run("run", "--as-of", "31.01.2024")))
        .contains("Invalid value for option '--as-of'", "31.01.2024", "YYYY-MM-DD");
    assertThat(failure(2, lake.run("run", "--as-of", "2024-02-30"))).contains("2024-02-30");
    assertThat(failure(2, CommandRunner.run(List.of("cohort"))))
        .contains("Unmatched argument", "'cohort'", "cohorts");
    assertThat(failure(2, CommandRunner.run(List.of()))).contains("Usage: perennial", "ingest");
    assertThat(failure(2, lake.set("lake.max-gap", "3").set("shop.time-zone", "Mars").run("run")))
        .isEqualTo(
            "Cannot use the configuration: 2 problems\n"
                + "  - shop.time-zone (--set shop.time-zone) is 'Mars': must be a time zone such as"
                + " Europe/London or UTC\n"
                + "  - lake.max-gap (--set lake.max-gap) is '3': no such key. Did you mean"
                + " lake.max-gap-days?");
    assertThat(lake.warehouse()).as("nothing was begun").doesNotExist();
  }

  @Test
  void rejectedRecordsAreStoredWithEveryReason() {
    LakeOnDisk lake =
        lake()
            .set("lake.source", "odd")
            .source("odd", "format = csv\n" + LakeOnDisk.columns("currency", "email"))
            .set("shop.currency", "EUR")
            .set("lake.earliest", "1970-01-01")
            .set("lake.latest", "2999-06-30")
            .file(
                "a.csv",
                HEADER + ",currency,email",
                "good,c1,2024-01-31,1,10,eur,zoe@example.com",
                "first-day,c1,1970-01-01 00:00:00,1,10,EUR,",
                "last-day,c1,2999-06-30 23:59:59,1,10,,",
                "too-early,c1,1969-12-31 23:59:59,1,10,EUR,",
                "too-late,c1,2999-07-01 00:00:00,1,10,EUR,",
                "dollars,c1,2024-01-31,1,10,USD,zoe@example.com",
                "negative,c1,2024-01-31,1,-10,EUR,",
                "long," + "x".repeat(10_240) + ",2024-01-31,1,10,EUR,",
                "all-wrong,c1,1900-01-01,0,-0.01,GBP,zoe@example.com",
                "mail,c1,2024-01-31,zoe@example.com,1,EUR,");

    Ingested ingested = lake.ingest();

    assertThat(ingested.orders()).containsExactly("first-day", "good", "last-day");
    Map<String, List<String>> reasons = new TreeMap<>();
    for (Row row : ingested.rejects().collectAsList()) {
      reasons.put(
          row.getAs(RejectsTable.ORDER_ID.name()),
          row.getList(row.fieldIndex(RejectsTable.REASONS.name())));
      assertThat(row.<String>getAs(RejectsTable.RECORD.name())).doesNotContain("@");
    }
    String range = "ordered_at is not within 1970-01-01..2999-06-30: ";
    assertThat(reasons)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "too-early", List.of(range + "1969-12-31 23:59:59"),
                "too-late", List.of(range + "2999-07-01 00:00:00"),
                "dollars", List.of("currency must be EUR, is: USD"),
                "negative", List.of("unit_price is negative: -10.000000"),
                "long", List.of("customer_id has 10240 characters, at most 256 are allowed"),
                "all-wrong",
                    List.of(
                        range + "1900-01-01 00:00:00",
                        "quantity is 0",
                        "unit_price is negative: -0.010000",
                        "currency must be EUR, is: GBP"),
                "mail", List.of("quantity is not a number: ***")));
    Row longId = ingested.rejects().where("order_id = 'long'").select("record").first();
    assertThat(longId.getString(0)).as("no loss").contains("x".repeat(10_240));
    assertThat(
            ingested.rejects().where("order_id = 'dollars'").select("record").first().getString(0))
        .isEqualTo(
            "{\"order_id\":\"dollars\",\"customer_id\":\"c1\",\"ordered_at\":\"2024-01-31\","
                + "\"quantity\":\"1\",\"unit_price\":\"10\",\"currency\":\"USD\","
                + "\"email\":\"***\"}");
  }

  @Test
  void tooManyRejectsPreventPublication() {
    LakeOnDisk lake =
        lake()
            .set("lake.max-reject-share", "0.3")
            .file("a.csv", HEADER, LINE, "o2,c1,2024-01-31,1,1", "o3,c1,2024-01-31,1,1")
            .file(
                "b.csv",
                HEADER,
                "o4,zoe@example.com,2024-01-31,1,5",
                "o5,c1,2024-01-31,one,5",
                "o6,c1,2024-01-31,zoe@example.com,-5");
    CommandResult refused = lake.run("ingest");
    assertThat(refused.out() + refused.err()).as("no addresses").doesNotContain("@");
    assertThat(failure(3, refused))
        .isEqualTo(
            "Cannot publish: 2 of 3 records (66.7 %) of file 'b.csv' cannot be used"
                + " (lake.max-reject-share = 0.3; the lake: 2 of 6 records (33.3 %)). Most common"
                + " reasons: quantity is not a number: one (2 times); unit_price is negative:"
                + " -5.000000 (1 times). Correct the mapping or the file (`check` shows what"
                + " records become), or allow a greater share.");
    assertThat(lake.run("tables").out()).startsWith("Nothing is published in ");

    lake.file("a.csv", HEADER, "o1,c1,2024-01-31,1,0").file("b.csv", HEADER);
    assertThat(failure(1, lake.run("run")))
        .isEqualTo(
            "Cannot choose as_of: the lake '"
                + lake.files()
                + "' holds no valid order (a counted sale of more than 0). Check the mapping with"
                + " `check`, or say --as-of YYYY-MM-DD.");
    assertThat(lake.run("tables").out()).startsWith("Nothing is published in ");
  }

  @Test
  void anonymousOrdersGiveNoCustomersAndReconcile() {
    LakeOnDisk lake = lake().file("a.csv", HEADER, "o1,,2024-01-31,1,10", "o2, ,2024-02-01,2,10");
    CommandResult result = lake.run("run");
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains(
            "as_of 2024-02-02", "= customer_days + anonymous + uncounted: 30.00 = 0.00 + 30.00")
        .doesNotContain("FAILS");
    assertThat(lake.table(OrderLinesTable.TABLE).count()).isEqualTo(2);
    for (var table : List.of(CustomersTable.TABLE, CustomerDaysTable.TABLE, RfmTable.TABLE)) {
      assertThat(lake.table(table).count()).as(table.name()).isZero();
    }
  }

  /** 97 % of the customers have one order; one customer, such as a till, has most orders. */
  private static Stream<String> skewedOrders(int ordersOfOne) {
    Stream<String> once =
        IntStream.range(0, 194)
            .mapToObj(i -> "o" + i + ",c" + i + ",2024-01-" + (10 + i % 20) + ",1," + (i + 1));
    Stream<String> twice =
        IntStream.range(0, 10)
            .mapToObj(i -> "t" + i + ",t" + i % 5 + ",2024-02-0" + (1 + i / 5) + ",1,5");
    Stream<String> till =
        IntStream.range(0, ordersOfOne)
            .mapToObj(i -> "m" + i + ",till,2024-0" + (1 + i % 2) + "-1" + i % 10 + ",1,1.01");
    return Stream.of(Stream.of(HEADER), once, twice, till).flatMap(lines -> lines);
  }

  @ParameterizedTest
  @ValueSource(ints = 2_000)
  void skewedOrderCountsAreScored(int ordersOfOne) {
    LakeOnDisk lake = lake().file("a.csv", skewedOrders(ordersOfOne).toArray(String[]::new));
    for (String command : List.of("ingest", "rfm")) {
      CommandResult result = lake.run(command);
      assertThat(result.err()).isEmpty();
      assertThat(result.code()).isZero();
      assertThat(result.out()).doesNotContain("FAILS");
    }
    List<Row> scores =
        lake.table(RfmTable.TABLE).groupBy("frequency", "f_score").count().collectAsList();
    // n = 200: 1 + (5 * (2 * worse + equal)) div 400 for worse, equal = 0, 194; 194, 5; 199, 1.
    assertThat(scores)
        .extracting(row -> row.getLong(0) + " orders: " + row.get(1) + ", " + row.getLong(2))
        .containsExactlyInAnyOrder(
            "1 orders: 3, 194", "2 orders: 5, 5", ordersOfOne + " orders: 5, 1");
    Row till = lake.table(RfmTable.TABLE).where("customer_id = 'till'").first();
    assertThat(till.<BigDecimal>getAs("monetary"))
        .isEqualByComparingTo(new BigDecimal("1.01").multiply(new BigDecimal(ordersOfOne)));
  }

  @Test
  @Tag("slow")
  void customerWithAMillionOrdersIsScored() {
    skewedOrderCountsAreScored(1_000_000);
  }
}
