package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perennial.orders.OrdersTable;
import io.perennial.pipeline.Pipeline;
import io.perennial.pipeline.RunRequest;
import io.perennial.pipeline.Steps;
import io.perennial.spark.Sessions;
import io.perennial.step.Step;
import io.perennial.table.RunRecord;
import io.perennial.table.Table;
import io.perennial.table.TableStore;
import io.perennial.testing.SharedSpark;
import io.perennial.testing.TableRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps tables tidy: files written together, old versions removed, and nobody disturbed. */
class UpkeepTest {

  private static final String HEADER = "order_id,customer_id,ordered_at,quantity,unit_price\n";
  private static final Pattern TIMESTAMP = Pattern.compile("\"deletionTimestamp\":(\\d+)");

  @TempDir private Path folder;

  @Test
  @Tag("slow")
  void filesOfVersionsLeaveThatWereReplacedLongAgo() throws IOException {
    Shop shop = Shop.in(folder).mapping("none", List.of(HEADER.strip().split(",")));
    Instant now = Instant.now();
    shop.write(
        "a.csv", HEADER + "1,anna,2024-01-03 10:00:00,1,10\n2,ben,2024-01-05 10:00:00,1,7\n");
    RunRecord first = run(shop, now.minus(Duration.ofDays(20)));
    // Orders that are there already change: what is only new is written beside them.
    shop.write(
        "b.csv", HEADER + "3,anna,2024-01-13 10:00:00,1,20\n1,anna,2024-01-03 10:00:00,1,5\n");
    RunRecord second = run(shop, now.minus(Duration.ofDays(19)));
    age(folder.resolve("warehouse"), Duration.ofDays(19));
    List<Map<String, Object>> orders = shop.rows(OrdersTable.TABLE, second);
    shop.write(
        "c.csv", HEADER + "4,cleo,2024-01-19 10:00:00,1,30\n2,ben,2024-01-05 10:00:00,1,8\n");

    RunRecord third = run(shop, now);

    assertThat(said)
        .filteredOn(line -> line.startsWith("  upkeep: "))
        .singleElement()
        .asString()
        .matches(
            "  upkeep: \\d+ files of old versions of \\d+ tables removed \\(0.\\d MB\\) in .* s");
    assertThatThrownBy(() -> shop.rows(OrdersTable.TABLE, first))
        .as("replaced 19 days ago")
        .hasStackTraceContaining("does not exist");
    assertThat(shop.rows(OrdersTable.TABLE, second)).as("replaced just now").isEqualTo(orders);
    assertThat(shop.rows(OrdersTable.TABLE, third)).hasSize(4);
    assertThat(third.tables().get("orders"))
        .as("a vacuum makes no version")
        .isEqualTo(shop.store().version(OrdersTable.TABLE).orElseThrow());

    RunRecord fourth = run(shop, now.plusSeconds(60));
    assertThat(fourth.tables()).isEqualTo(third.tables());
    assertThat(said).noneMatch(line -> line.startsWith("  upkeep: "));
  }

  @Test
  void smallFilesAreWrittenTogether() {
    SparkSession spark = SharedSpark.session();
    Perennial.session(
        Shop.in(folder).mapping("none", List.of(HEADER.strip().split(","))).settings());
    TableStore store = new TableStore(spark, folder.resolve("warehouse").toString(), 2);
    Table table =
        Table.named("days")
            .oneRowPer("day")
            .doc("Of a test.")
            .fields(
                io.perennial.table.Field.text("name", "Which."),
                io.perennial.table.Field.text("part", "Where."))
            .partitionedBy(io.perennial.table.Field.text("part", "Where."))
            .build();
    for (int i = 0; i < 20; i++) {
      store.append(
          table,
          spark
              .createDataFrame(
                  List.of(RowFactory.create("n" + i, i % 5 == 0 ? "few" : "many")), table.schema(2))
              .coalesce(1));
      assertThat(store.rowsLastWritten(table)).as("append %d", i).contains(1L);
    }
    assertThat(store.read(table).inputFiles().length)
        .as("16 appends, 12 of them to `many`")
        .isEqualTo(20);
    for (int i = 20; i < 36; i++) {
      store.append(
          table,
          spark
              .createDataFrame(List.of(RowFactory.create("n" + i, "many")), table.schema(2))
              .coalesce(1));
    }
    assertThat(store.read(table).inputFiles().length).isLessThan(12);
    assertThat(TableRows.of(store.read(table))).hasSize(36).doesNotHaveDuplicates();
    assertThat(store.takeUpkeep().line().orElseThrow())
        .matches("  upkeep: \\d+ small files of 1 table written together as 1 \\(.* MB\\) in .* s");
  }

  /** Files keep the smallest and largest values of what people look for. */
  @Test
  void keysAreAmongTheColumnsWithStatistics() {
    List<String> without = new ArrayList<>();
    for (Table table : Steps.tables()) {
      List<String> indexed =
          table.fields().stream()
              .filter(field -> !table.partitioning().contains(field))
              .limit(table.indexed())
              .map(Object::toString)
              .toList();
      table.key().stream()
          .filter(field -> !table.partitioning().contains(field))
          .map(Object::toString)
          .filter(field -> !indexed.contains(field))
          .forEach(field -> without.add(table.name() + "." + field));
    }
    assertThat(without).isEmpty();
  }

  private final List<String> said = new ArrayList<>();

  private RunRecord run(Shop shop, Instant at) {
    said.clear();
    SparkSession spark = SharedSpark.session();
    Sessions.configure(spark, shop.settings());
    List<Step> steps =
        Stream.of(Steps.LAKE_STEPS, Steps.COHORT_STEPS).flatMap(List::stream).toList();
    return new Pipeline(spark, shop.settings(), Clock.fixed(at, ZoneOffset.UTC), said::add)
        .run(RunRequest.of("run", steps))
        .run();
  }

  private static boolean isNoChecksum(Path path) {
    return Files.isRegularFile(path) && !path.toString().endsWith(".crc");
  }

  /** Makes a warehouse look as if it had been written so long ago. */
  private static void age(Path warehouse, Duration by) throws IOException {
    try (Stream<Path> all = Files.walk(warehouse)) {
      for (Path file : all.filter(UpkeepTest::isNoChecksum).toList()) {
        FileTime time = FileTime.from(Files.getLastModifiedTime(file).toInstant().minus(by));
        if (file.toString().matches(".*/_delta_log/\\d{20}\\.json")) {
          Files.writeString(
              file,
              TIMESTAMP
                  .matcher(Files.readString(file))
                  .replaceAll(
                      match ->
                          "\"deletionTimestamp\":"
                              + (Long.parseLong(match.group(1)) - by.toMillis())));
          Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
        }
        Files.setLastModifiedTime(file, time);
      }
    }
    DeltaLog.clearCache();
  }
}
