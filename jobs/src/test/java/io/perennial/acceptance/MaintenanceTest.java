package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perennial.orders.OrdersTable;
import io.perennial.pipeline.Steps;
import io.perennial.table.Field;
import io.perennial.table.RunRecord;
import io.perennial.table.Table;
import io.perennial.table.TableStore;
import io.perennial.testing.SharedSpark;
import io.perennial.testing.TableRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
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

/** Table maintenance: compaction of small files and vacuum of old versions. */
class MaintenanceTest {

  private static final String HEADER = "order_id,customer_id,ordered_at,quantity,unit_price\n";
  private static final Pattern TIMESTAMP = Pattern.compile("\"deletionTimestamp\":(\\d+)");

  @TempDir private Path folder;

  @Test
  @Tag("slow")
  void vacuumRemovesFilesOfVersionsReplacedLongAgo() throws IOException {
    Shop shop =
        Shop.in(folder)
            .mapping("none", HEADER)
            .withSteps(Shop.steps(Steps.LAKE_STEPS, Steps.COHORT_STEPS));
    Instant now = Instant.now();
    shop.write(
        "a.csv", HEADER + "1,anna,2024-01-03 10:00:00,1,10\n2,ben,2024-01-05 10:00:00,1,7\n");
    RunRecord first = shop.runAt(now.minus(Duration.ofDays(20)));
    // Correcting existing orders replaces files; new orders alone would only add files.
    shop.write(
        "b.csv", HEADER + "3,anna,2024-01-13 10:00:00,1,20\n1,anna,2024-01-03 10:00:00,1,5\n");
    RunRecord second = shop.runAt(now.minus(Duration.ofDays(19)));
    age(folder.resolve("warehouse"), Duration.ofDays(19));
    List<Map<String, Object>> orders = shop.rows(OrdersTable.TABLE, second);
    shop.write(
        "c.csv", HEADER + "4,cleo,2024-01-19 10:00:00,1,30\n2,ben,2024-01-05 10:00:00,1,8\n");

    RunRecord third = shop.runAt(now);

    assertThat(shop.messages())
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

    RunRecord fourth = shop.runAt(now.plusSeconds(60));
    assertThat(fourth.tables()).isEqualTo(third.tables());
    assertThat(shop.messages()).noneMatch(line -> line.startsWith("  upkeep: "));
  }

  @Test
  void smallFilesAreCompacted() {
    SparkSession spark = SharedSpark.session();
    CommandRunner.session(Shop.in(folder).mapping("none", HEADER).settings());
    TableStore store = new TableStore(spark, folder.resolve("warehouse").toString(), 2);
    Table table =
        Table.named("days")
            .oneRowPer("day")
            .doc("Of a test.")
            .fields(Field.text("name", "Which."), Field.text("part", "Where."))
            .partitionedBy(Field.text("part", "Where."))
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

  private static boolean isDataOrLogFile(Path path) {
    return Files.isRegularFile(path) && !path.toString().endsWith(".crc");
  }

  /** Moves the timestamps of a warehouse into the past. */
  private static void age(Path warehouse, Duration by) throws IOException {
    try (Stream<Path> all = Files.walk(warehouse)) {
      for (Path file : all.filter(MaintenanceTest::isDataOrLogFile).toList()) {
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
