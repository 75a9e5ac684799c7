package io.perennial.acceptance;

import static org.apache.spark.sql.functions.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.delta.kernel.internal.actions.Protocol;
import io.delta.kernel.internal.tablefeatures.TableFeature;
import io.delta.tables.DeltaTable;
import io.perennial.acceptance.CommandRunner.CommandResult;
import io.perennial.months.CustomerDaysTable;
import io.perennial.pipeline.Steps;
import io.perennial.rfm.RfmTable;
import io.perennial.table.Field;
import io.perennial.table.RunRecord;
import io.perennial.table.Table;
import io.perennial.testing.ColumnSums;
import io.perennial.testing.KernelTable;
import io.perennial.testing.SharedSpark;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Published tables as readers see them: comments, constraints, keys and catalog entries. */
class PublishedTablesTest {

  private static final String CATALOG = "perennial_test";

  /** Delta features that engines other than Spark support. */
  private static final Set<String> SUPPORTED_FEATURES =
      Set.of("appendOnly", "invariants", "checkConstraints");

  @TempDir static Path folder;

  private static SparkSession spark;
  private static Shop shop;
  private static RunRecord published;

  @BeforeAll
  static void run() {
    spark = SharedSpark.session();
    shop =
        Shop.in(folder)
            .set("warehouse.catalog", CATALOG)
            .withSteps(Steps.ALL)
            .mapping("none", "order_id,customer_id,ordered_at,quantity,unit_price,country");
    shop.write(
        "orders.csv",
        """
        order_id,customer_id,ordered_at,quantity,unit_price,country
        1,anna,2024-01-10 10:00:00,2,10.00,GB
        2,ben,2024-01-20 10:00:00,1,5.50,FR
        3,anna,2024-02-03 10:00:00,1,7.25,GB
        4,anna,2024-02-03 18:00:00,-1,7.25,GB
        """);
    published = shop.run();
  }

  @AfterAll
  static void dropSchemas() {
    spark.sql("DROP SCHEMA IF EXISTS " + CATALOG + " CASCADE");
    spark.sql("DROP SCHEMA IF EXISTS " + CATALOG + "_current CASCADE");
  }

  @Test
  void areUnchangedWithoutNewData() {
    RunRecord first = shop.run(); // Undoes what another test wrote without publishing it.
    RunRecord second = shop.run();
    assertThat(second.tables()).isEqualTo(first.tables());
    assertThat(shop.messages())
        .filteredOn(line -> line.contains("up to date"))
        .as("all but ingest")
        .hasSize(Steps.ALL.size() - 1);
  }

  @Test
  void areQueryableByNameWithACatalog() {
    Row row =
        spark
            .sql(
                "SELECT COUNT(*), SUM(monetary) FROM " + CATALOG + ".rfm WHERE segment IS NOT NULL")
            .first();

    assertThat(row.getLong(0)).isEqualTo(2);
    assertThat(row.getDecimal(1)).isEqualByComparingTo("25.50");
  }

  /** A written but unpublished version is in the table and not in its view. */
  @Test
  void areInViewsOnlyOncePublished() {
    String views = CATALOG + "_current";
    long before = spark.table(views + ".rfm").count();
    shop.store().delete(RfmTable.TABLE, "customer_id = 'ben'");

    assertThat(spark.table(CATALOG + ".rfm").count()).isEqualTo(1);
    assertThat(spark.table(views + ".rfm").count()).isEqualTo(before).isEqualTo(2);
    shop.store().restore(RfmTable.TABLE, published.tables().get(RfmTable.TABLE.name()));

    List<Row> described = spark.sql("DESCRIBE TABLE EXTENDED " + views + ".rfm").collectAsList();
    assertThat(described)
        .anyMatch(
            row ->
                row.getString(0).equals("segment")
                    && RfmTable.SEGMENT.doc().equals(row.getString(2)))
        .anyMatch(
            row ->
                row.getString(0).equals("Comment") && row.getString(1).startsWith("One row per "));
    assertThat(spark.sql("SHOW VIEWS IN " + views).count())
        .as("every published table, and runs")
        .isEqualTo(published.tables().size() + 1L);
    assertThat(
            spark
                .sql("SELECT run_id FROM " + views + ".runs WHERE state = 'published'")
                .first()
                .getString(0))
        .isEqualTo(published.runId());
  }

  /** Runs the documented queries on the views; .ci/run runs them on the sample. */
  @Test
  void answerTheDocumentedQueries() {
    List<String> queries =
        Stream.of("README.md", "notebooks/README.md")
            .map(
                path ->
                    Document.of(path).between("<!-- questions -->", "<!-- end of questions -->"))
            .flatMap(part -> Pattern.compile("(?s)```sql\n(.*?);\n```").matcher(part).results())
            .map(found -> found.group(1))
            .toList();
    assertThat(queries).hasSize(10).doesNotHaveDuplicates();

    String before = spark.catalog().currentDatabase();
    spark.sql("USE " + CATALOG + "_current");
    try {
      Map<String, List<Row>> answers = new LinkedHashMap<>();
      queries.forEach(sql -> answers.put(sql, spark.sql(sql).collectAsList()));
      assertThat(answers.values().stream().filter(rows -> !rows.isEmpty()).count())
          .as("questions that four records answer: %s", answers)
          .isGreaterThanOrEqualTo(4);
      BigDecimal net =
          answers.get(queries.get(1)).stream()
              .map(row -> row.getDecimal(2))
              .reduce(BigDecimal.ZERO, BigDecimal::add);
      assertThat(net).as("of all segments").isEqualByComparingTo("25.50");
    } finally {
      spark.sql("USE " + before);
    }
  }

  @Test
  void haveTheDeclaredComments() {
    for (Table table : Steps.tables()) {
      Map<String, StructField> actual =
          Arrays.stream(table(table).schema().fields())
              .collect(Collectors.toMap(StructField::name, field -> field));
      for (Field field : table.fields()) {
        assertThat(actual.get(field.name()).getComment().get())
            .as(table + "." + field)
            .isEqualTo(field.doc());
      }
      Row detail = DeltaTable.forPath(spark, path(table)).detail().first();
      assertThat(detail.<String>getAs("description")).contains(table.grain());
    }
  }

  @Test
  void rejectRowsThatViolateAConstraint() {
    Dataset<Row> days = table(CustomerDaysTable.TABLE);
    Dataset<Row> wrongNet =
        days.withColumn("net", days.col("net").plus(lit(1)).cast("decimal(18,2)"));
    Dataset<Row> nullKey = days.withColumn("customer_id", lit(null).cast("string"));

    assertThatThrownBy(() -> append(CustomerDaysTable.TABLE, wrongNet))
        .hasMessageContaining("net_adds_up");
    assertThatThrownBy(() -> append(CustomerDaysTable.TABLE, nullKey))
        .hasMessageContaining("customer_id");
  }

  @Test
  void haveUniqueKeys() {
    for (Table table : Steps.tables()) {
      if (!table.key().isEmpty()) {
        Column[] key = table.key().stream().map(Field::col).toArray(Column[]::new);
        assertThat(table(table).groupBy(key).count().where("count > 1").isEmpty())
            .as(table + " has each " + table.key() + " once")
            .isTrue();
      }
    }
  }

  /** Readers of the first Delta protocol can read the tables. */
  @Test
  void useAProtocolThatEveryEngineReads() {
    published
        .tables()
        .forEach(
            (table, version) -> {
              Protocol protocol = KernelTable.at(path(table), version).protocol();
              assertThat(protocol.getMinReaderVersion()).as(table).isEqualTo(1);
              assertThat(protocol.getMinWriterVersion()).as(table).isBetween(2, 7);
              assertThat(SUPPORTED_FEATURES)
                  .as(table)
                  .containsAll(
                      protocol.getImplicitlyAndExplicitlySupportedFeatures().stream()
                          .map(TableFeature::featureName)
                          .toList());
            });
  }

  @Test
  void areReadIdenticallyByDeltaKernel() {
    assumeTrue(
        spark.version().compareTo("4.1") >= 0,
        "Delta Kernel needs a newer Parquet than Spark " + spark.version() + " brings");
    long rows = 0;
    for (Map.Entry<String, Long> table : published.tables().entrySet()) {
      ColumnSums kernelSums = KernelTable.at(path(table.getKey()), table.getValue()).sums();
      assertThat(kernelSums)
          .as(table.getKey())
          .isEqualTo(
              ColumnSums.of(
                  spark
                      .read()
                      .format("delta")
                      .option("versionAsOf", table.getValue())
                      .load(path(table.getKey()))));
      rows += kernelSums.rows();
    }
    assertThat(rows).isGreaterThan(50);
  }

  @Test
  void areListedByTheTablesCommand() {
    CommandResult result = shop.command("tables", List.of());

    assertThat(result.code()).isZero();
    Steps.tables().forEach(table -> assertThat(result.out()).contains(table.grain()));
    assertThat(result.out()).contains("as of 2024-02-04").contains(RfmTable.TABLE.name());
  }

  @Test
  void areReportedInOneFile() throws IOException {
    Path file = folder.resolve("deep").resolve("report.html");

    CommandResult first = report(file);
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out()).contains("Report in ", file.toString());
    String page = Files.readString(file).replaceAll("(?s)<script.*", "").replace('\u00a0', ' ');
    assertThat(page.lines().filter(line -> line.contains("As of 4 February 2024"))).isNotEmpty();
    // January: 20.00 + 5.50 from two new customers. February is incomplete.
    assertThat(List.of("25,50 $", "Jan 2024", "Feb 2024 *", "100,0 %°", "50,0 %*°"))
        .allMatch(page::contains);
    assertThat(page.contains("has changed since this run")).as("report.locale is new").isTrue();
    assertThat(file.getParent().toFile().list())
        .isSubsetOf("report.html", ".report.html.crc")
        .contains("report.html");

    assertThat(report(file, "--run", "nobody").err())
        .contains("Cannot make a report of run 'nobody': no published run has that id.");
    CommandResult unwritable = report(folder.resolve("perennial.conf").resolve("report.html"));
    assertThat(unwritable.code()).isEqualTo(1);
    assertThat(unwritable.err())
        .contains("Cannot write the report to report.path")
        .contains("What was published stays so");
    CommandResult wrongExtension = report(folder.resolve("warehouse").resolve("runs"));
    assertThat(wrongExtension.code()).isEqualTo(2);
    assertThat(wrongExtension.err())
        .contains("report.path")
        .contains("must be a file ending in .html");
  }

  @Test
  void stayPublishedIfTheReportCannotBeWritten() {
    Path unwritable = folder.resolve("perennial.conf").resolve("report.html");

    CommandResult result = command("run", unwritable, "--json");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .contains("Cannot write the report to report.path")
        .containsPattern("The tables of run \\S+ are published all the same\\.");
    assertThat(result.out().lines().reduce((first, last) -> last).orElseThrow())
        .contains("\"event\":\"failed\",\"exit_code\":1", "\"run_id\":\"");
  }

  private static CommandResult report(Path file, String... args) {
    return command("report", file, args);
  }

  private static CommandResult command(String command, Path file, String... args) {
    return shop.command(command, List.of("report.path=" + file, "report.locale=de-DE"), args);
  }

  private static String path(Table table) {
    return path(table.name());
  }

  private static String path(String table) {
    return folder.resolve("warehouse").resolve(table).toString();
  }

  private static Dataset<Row> table(Table table) {
    return spark.read().format("delta").load(path(table));
  }

  private static void append(Table table, Dataset<Row> rows) {
    rows.write().format("delta").mode("append").save(path(table));
  }
}
