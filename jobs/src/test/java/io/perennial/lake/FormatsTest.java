package io.perennial.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perennial.ingest.OrderLinesTable;
import io.perennial.lake.LakeOnDisk.Ingested;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However a lake is stored and laid out, the same records give the same lines. */
class FormatsTest {

  private static final String HEAD = "order_id,customer_id,ordered_at,quantity,unit_price,country";

  private static final List<String> LINES =
      List.of(
          "o1,c1,2024-01-31 23:30:00,1,10.00,Österreich",
          "o1,c1,2024-01-31 23:30:00,2,2.50,Österreich",
          "o2,,2024-02-01 00:00:00,1,0.005,",
          "o3,c2,2024-02-29T12:00:00+02:00,-1,7,GB",
          "o4,c3,2024-03-01,three,7,GB");

  private static final String PLAIN = LakeOnDisk.columns("country");

  @TempDir private Path directory;

  /** A way to store the lines. */
  private interface Layout {
    void write(LakeOnDisk lake);
  }

  private static Stream<org.junit.jupiter.params.provider.Arguments> layouts() {
    return Stream.of(
        layout(
            "sub-directories, odd names, gzip",
            "csv",
            lake ->
                lake.file("2024/01 jan/o+p 100%.csv", csv(0, 2))
                    .file("2024/02/Größe é 日本.csv", csv(2, 3))
                    .file("2024/02/a%20b,c=d;#1?.csv", csv(3, 4))
                    .gzip("jan[1]{2}*.csv.gz", csv(4, 5))
                    .file("_SUCCESS", "not,a,record")
                    .file(".hidden/x.csv", "not,a,record")),
        layout(
            "a glob",
            "csv",
            lake ->
                lake.set("lake.path", lake.files() + "/*/orders-*.csv")
                    .file("a b/orders-1.csv", csv(0, 3))
                    .file("c/orders-2.csv", csv(3, 5))
                    .file("c/other.csv", "order_id\nnot of the lake")),
        layout(
            "json lines",
            "json",
            lake -> lake.file("a.jsonl", json(0, 3)).gzip("b/c.jsonl.gz", json(3, 5))),
        layout("parquet", "parquet", lake -> written(lake, "parquet")),
        layout("orc", "orc", lake -> written(lake, "orc")),
        layout("delta", "delta", lake -> written(lake, "delta")));
  }

  private static org.junit.jupiter.params.provider.Arguments layout(
      String name, String format, Layout layout) {
    return org.junit.jupiter.params.provider.Arguments.of(name, format, layout);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layouts")
  void everyLayoutGivesTheSameLines(String name, String format, Layout layout) {
    LakeOnDisk lake = LakeOnDisk.in(directory).source("plain", "format = csv\n" + PLAIN);
    lake.set("lake.format", format);
    layout.write(lake);

    Ingested ingested = lake.ingest();

    assertThat(texts(ingested))
        .containsExactly(
            "o1 c1 2024-01-31 23:30:00 sale 1.000 10.00 Österreich",
            "o1 c1 2024-01-31 23:30:00 sale 2.000 5.00 Österreich",
            "o2 null 2024-02-01 00:00:00 sale 1.000 0.01 null",
            "o3 c2 2024-02-29 10:00:00 refund -1.000 -7.00 GB");
    assertThat(ingested.reasons()).containsExactly("quantity is not a number: three");
    assertThat(ingested.result().files().stream().mapToLong(file -> file.records()).sum())
        .isEqualTo(5);
    assertThat(
            lake
                .session()
                .read()
                .format("delta")
                .load(lake.warehouse() + "/ingested_files")
                .select("path")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0)))
        .containsExactlyInAnyOrderElementsOf(files(name, lake));
    assertThat(lake.session().conf().get("spark.sql.ansi.enabled"))
        .as("expressions of the mapping are lenient, the session is not")
        .isEqualTo("true");
  }

  /** Every file of the lake by its path below the lake's root; a Delta table is one. */
  private static List<String> files(String name, LakeOnDisk lake) {
    if (name.equals("delta")) {
      return List.of("lake");
    }
    try (Stream<Path> files = Files.walk(lake.files())) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> lake.files().relativize(file).toString())
          .filter(file -> !file.matches("(.*/)?[._].*|c/other.csv"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void csvFilesMayDifferInTheirColumnsAndHaveAwkwardCells() {
    LakeOnDisk lake =
        LakeOnDisk.in(directory)
            .source("plain", "format = csv\noptions { multiline = true, sep = \",\" }\n" + PLAIN)
            .file("a.csv", HEAD + ",note", "a1,c1,2024-01-01,1,1.00,GB,first")
            .file(
                "b.csv",
                "unit_price,Country,note,customer_id,ordered_at,quantity,order_id",
                "2.00,\"G\nB\",\"two\r\nlines, \"\"quoted\"\"\",c1,2024-01-02,2,b1",
                "3.00,,,c1,2024-01-03,3,b2")
            .file(
                "c.csv",
                "\uFEFF" + HEAD,
                "c1,c1,2024-01-04,4,4.00,GB",
                "c2, c1 ,2024-01-05,5,5.00,  ")
            .file("#.csv", "#," + HEAD, "1,#1,c1,2024-01-07,7,7.00,GB")
            .file(
                "d.csv",
                HEAD,
                "d1,c1,2024-01-06,6",
                "d2,c1,2024-01-06,6,6.00,GB,too,many",
                "d3,c1,2024-01-06,6,6.00,GB");

    Ingested ingested = lake.ingest();

    assertThat(texts(ingested))
        .containsExactly(
            "#1 c1 2024-01-07 00:00:00 sale 7.000 49.00 GB",
            "a1 c1 2024-01-01 00:00:00 sale 1.000 1.00 GB",
            "b1 c1 2024-01-02 00:00:00 sale 2.000 4.00 G\nB",
            "b2 c1 2024-01-03 00:00:00 sale 3.000 9.00 null",
            "c1 c1 2024-01-04 00:00:00 sale 4.000 16.00 GB",
            "c2 c1 2024-01-05 00:00:00 sale 5.000 25.00 null",
            "d3 c1 2024-01-06 00:00:00 sale 6.000 36.00 GB");
    assertThat(ingested.rejects().collectAsList())
        .as("a wrong number of fields is not guessed at")
        .extracting(row -> row.getString(1) + " " + row.getList(2))
        .containsExactlyInAnyOrder(
            "d1,c1,2024-01-06,6 [the record cannot be parsed]",
            "d2,c1,2024-01-06,6,6.00,GB,too,many [the record cannot be parsed]");
  }

  @Test
  void localTimesAreTheShopsAndOffsetsAreRespected() {
    LakeOnDisk lake =
        LakeOnDisk.in(directory)
            .set("shop.time-zone", "Europe/Berlin")
            .set("lake.path", directory.resolve("lake/a.csv"))
            .file(
                "a.csv",
                HEAD,
                "gap,c,2024-03-31 02:30:00,1,1,",
                "overlap,c,2024-10-27 02:30:00,1,1,",
                "summer,c,2024-07-01 00:30:00,1,1,",
                "winter,c,2024-01-01 00:30:00,1,1,",
                "offset,c,2024-07-01T00:30:00-05:00,1,1,",
                "zulu,c,2024-07-01T00:30:00.250Z,1,1,");
    Ingested ingested = lake.ingest();
    assertThat(ingested.result().files())
        .as("a lake may be one file")
        .extracting(file -> file.path())
        .containsExactly("a.csv");
    Map<String, String> times = new TreeMap<>();
    ingested
        .lines()
        .collectAsList()
        .forEach(
            row ->
                times.put(
                    row.getAs("order_id"),
                    row.<Timestamp>getAs("ordered_at").toInstant()
                        + " "
                        + row.getAs("order_month")));
    assertThat(times)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "gap", "2024-03-31T01:30:00Z 2024-03-01",
                "overlap", "2024-10-27T00:30:00Z 2024-10-01",
                "summer", "2024-06-30T22:30:00Z 2024-07-01",
                "winter", "2023-12-31T23:30:00Z 2024-01-01",
                "offset", "2024-07-01T05:30:00Z 2024-07-01",
                "zulu", "2024-07-01T00:30:00.250Z 2024-07-01"));
  }

  @Test
  void whatAnExpressionCannotComputeRejectsTheRecordAndNotTheRun() {
    LakeOnDisk lake =
        LakeOnDisk.in(directory)
            .source(
                "plain",
                """
                format = csv
                columns {
                  order_id = order_id
                  customer_id = customer_id
                  ordered_at = "CAST(ordered_at AS TIMESTAMP)"
                  quantity = "CAST(quantity AS INT)"
                  unit_price = "CAST(unit_price AS DECIMAL(18,6)) / CAST(quantity AS INT)"
                  country = "array(country)[CAST(customer_id AS INT)]"
                }
                """)
            .file(
                "a.csv",
                HEAD,
                "fine,0,2024-01-01,4,10,GB",
                "word,0,2024-01-01,four,10,GB",
                "zero,0,2024-01-01,0,10,GB",
                "huge,0,2024-01-01,99999999999,10,GB",
                "date,0,2024-02-30,1,10,GB",
                "index,7,2024-01-01,1,10,GB");

    Ingested ingested = lake.ingest();

    assertThat(texts(ingested))
        .containsExactly(
            "fine 0 2024-01-01 00:00:00 sale 4.000 10.00 GB",
            "index 7 2024-01-01 00:00:00 sale 1.000 10.00 null");
    assertThat(ingested.rejects().collectAsList())
        .extracting(row -> row.getAs("order_id") + " " + row.getList(2))
        .containsExactlyInAnyOrder(
            "word [quantity is missing, unit_price is missing]",
            "zero [quantity is 0, unit_price is missing]",
            "huge [quantity is missing, unit_price is missing]",
            "date [ordered_at is missing on all of the order]");
    assertThat(lake.session().conf().get("spark.sql.ansi.enabled")).isEqualTo("true");
  }

  @Test
  void aDirectoryThatIsNoDeltaTableIsSaidToBeNone() {
    LakeOnDisk lake = LakeOnDisk.in(directory).set("lake.format", "delta").file("a.csv", HEAD);
    assertThatThrownBy(lake::ingest)
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("it is not a Delta table")
        .hasMessageContaining(lake.files().toString());
  }

  private static String[] csv(int from, int to) {
    return Stream.concat(Stream.of(HEAD), LINES.subList(from, to).stream()).toArray(String[]::new);
  }

  private static String[] json(int from, int to) {
    String[] names = HEAD.split(",");
    return LINES.subList(from, to).stream()
        .map(
            line -> {
              String[] cells = line.split(",", -1);
              StringBuilder text = new StringBuilder("{\"extra\": [1, {\"x\": null}]");
              for (int i = 0; i < names.length; i++) {
                boolean isNumber = cells[i].matches("-?[0-9.]+");
                text.append(", \"").append(names[i]).append("\": ");
                text.append(isNumber ? cells[i] : "\"" + cells[i] + "\"");
              }
              return text.append("}").toString();
            })
        .toArray(String[]::new);
  }

  private static void written(LakeOnDisk lake, String format) {
    SparkSession spark = lake.session();
    StructType schema = new StructType();
    for (String name : HEAD.split(",")) {
      schema = schema.add(name, "string");
    }
    Dataset<Row> rows =
        spark.createDataFrame(
            LINES.stream().map(line -> RowFactory.create((Object[]) line.split(",", -1))).toList(),
            schema);
    rows.coalesce(1).write().format(format).mode(SaveMode.Overwrite).save(lake.files().toString());
  }

  private static List<String> texts(Ingested ingested) {
    return ingested
        .lines()
        .orderBy(OrderLinesTable.ORDER_ID.col(), OrderLinesTable.QUANTITY.col())
        .collectAsList()
        .stream()
        .map(
            row ->
                String.join(
                    " ",
                    Arrays.asList(
                        row.getAs("order_id"),
                        text(row, "customer_id"),
                        row.getAs("ordered_at").toString().replaceAll("[.]0$", ""),
                        row.getAs("kind"),
                        text(row, "quantity"),
                        text(row, "amount"),
                        text(row, "country"))))
        .toList();
  }

  private static String text(Row row, String column) {
    return String.valueOf(row.get(row.fieldIndex(column)));
  }
}
