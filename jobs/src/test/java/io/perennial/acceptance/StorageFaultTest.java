package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.acceptance.Perennial.Answer;
import io.perennial.ingest.OrderLinesTable;
import io.perennial.lake.LakeOnDisk;
import io.perennial.months.CustomerMonthsTable;
import io.perennial.orders.OrdersTable;
import io.perennial.spark.Faults;
import io.perennial.spark.Faults.Kind;
import io.perennial.spark.Faults.When;
import io.perennial.table.Table;
import io.perennial.testing.SharedSpark;
import io.perennial.testing.TableRows;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Storage fails: a run over a new file says what, where and what to do, with exit code 1, and when
 * the fault is gone the next run makes what it should have been.
 */
class StorageFaultTest {

  private static final String HEAD = "order_id,customer_id,ordered_at,quantity,unit_price";
  private static final String NEXT =
      "Nothing was published: readers see the run before this one. When the cause is gone, run the"
          + " same command again; --stacktrace says where it came from.";
  private static final List<Table> TABLES =
      List.of(OrderLinesTable.TABLE, OrdersTable.TABLE, CustomerMonthsTable.TABLE);

  @TempDir private Path folder;

  private LakeOnDisk lake;
  private int files;

  @BeforeEach
  void publishedOnce() {
    Faults.register(SharedSpark.session().sparkContext().hadoopConfiguration());
    lake = shop(folder.resolve("faulty")).set("warehouse.path", Faults.uri(warehouse()));
    lake.set("lake.path", Faults.uri(lake.files()));
    newFile();
    assertThat(lake.run("ingest").code()).isZero();
  }

  @AfterEach
  void noMoreFaults() {
    Faults.none();
  }

  @Test
  @Tag("slow")
  void whateverStorageDoesIsToldAndTheNextRunMakesItGood() throws IOException {
    full("/orders/.*part-.*", "data");
    full("/customers/_delta_log/.*json.*", "log");
    readOnly();
    vanishing();
    damaged();
    newer();
    assertSameAsAnewShop();
  }

  /** Hadoop tells of a full local disk by an error, and others by an exception. */
  private void full(String place, String what) {
    newFile();
    boolean isError = what.equals("data");
    Faults.install(
        (when, kind, file) -> {
          if (kind == Kind.WRITE && file.toString().matches(".*" + place)) {
            IOException full = new IOException("No space left on device");
            if (isError) {
              throw new Error(full.toString(), full);
            }
            throw full;
          }
        });
    assertThat(failure())
        .startsWith("Cannot write ")
        .contains(isError ? "/wh/orders'" : "table '" + Faults.uri(warehouse()).replace("///", "/"))
        .contains("the disk is full (")
        .contains("Make room there and run again.");
    goesWellNow();
  }

  private void readOnly() {
    newFile();
    Faults.install(
        (when, kind, file) -> {
          if (when == When.BEFORE
              && kind == Kind.CREATE
              && file.toString().contains("/wh/orders/")) {
            throw new FileNotFoundException(file.toUri().getPath() + " (Read-only file system)");
          }
        });
    assertThat(failure())
        .startsWith("Cannot write or read '")
        .contains("/wh/orders/")
        .contains("(Read-only file system)")
        .contains("choose another warehouse.path");
    goesWellNow();
  }

  /** It is there for the listing and the heading, and gone for the records. */
  private void vanishing() throws IOException {
    String name = newFile();
    Path file = lake.files().resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    AtomicInteger opened = new AtomicInteger();
    Faults.install(
        (when, kind, path) -> {
          if (kind == Kind.OPEN && path.getName().equals(name) && opened.incrementAndGet() > 1) {
            Files.deleteIfExists(file);
          }
        });
    assertThat(failure())
        .startsWith("Cannot read file '" + name + "' of the lake: ")
        .contains("FileNotFound")
        .endsWith("Repair or remove the file, or set lake.on-unreadable-file = skip.");
    Files.write(file, bytes);
    goesWellNow();
  }

  private void damaged() throws IOException {
    newFile();
    Path data = newest(warehouse().resolve("order_lines"), ".parquet");
    byte[] bytes = Files.readAllBytes(data);
    Path checksum = data.resolveSibling("." + data.getFileName() + ".crc");
    byte[] sum = Files.readAllBytes(checksum);
    Files.delete(checksum);
    Files.write(data, Arrays.copyOf(bytes, bytes.length - 9));
    assertThat(failure())
        .startsWith("Cannot read file '")
        .contains(data.getFileName() + "': it is damaged (")
        .contains("`run --rebuild`");
    Files.write(data, bytes);
    Files.write(checksum, sum);
    goesWellNow();
  }

  private void newer() throws IOException {
    newFile();
    Path log = warehouse().resolve("orders/_delta_log");
    String newest = newest(log, ".json").getFileName().toString();
    Path next = log.resolve("%020d.json".formatted(Long.parseLong(newest.substring(0, 20)) + 1));
    Files.writeString(
        next,
        "{\"protocol\":{\"minReaderVersion\":99,\"minWriterVersion\":99,\"readerFeatures\":[\"tomorrow\"],\"writerFeatures\":[\"tomorrow\"]}}\n");
    DeltaLog.clearCache();
    assertThat(failure())
        .startsWith("Cannot use table '")
        .contains("orders': a newer version of Delta wrote it (")
        .contains("99");
    Files.delete(next);
    DeltaLog.clearCache();
    goesWellNow();
  }

  private String failure() {
    Answer answer = lake.run("ingest");
    Faults.none();
    assertThat(answer.code()).as(answer.out() + answer.err()).isEqualTo(1);
    String told = answer.err().stripTrailing();
    assertThat(told.lines()).hasSize(2);
    assertThat(told).endsWith("\n" + NEXT);
    return told.lines().findFirst().orElseThrow();
  }

  private void goesWellNow() {
    Answer answer = lake.run("ingest");
    assertThat(answer.code()).as(answer.out() + answer.err()).isZero();
  }

  private void assertSameAsAnewShop() throws IOException {
    LakeOnDisk anew = shop(folder.resolve("anew")).set("lake.path", lake.files());
    assertThat(anew.run("ingest").code()).isZero();
    for (Table table : TABLES) {
      assertThat(TableRows.differences(rows(anew, table), rows(lake, table), List.of()))
          .as(table.name())
          .isEmpty();
    }
  }

  private static List<Map<String, Object>> rows(LakeOnDisk of, Table table) {
    return TableRows.without(TableRows.of(of.table(table)), "ingest_id");
  }

  private static LakeOnDisk shop(Path folder) {
    return LakeOnDisk.in(folder).set("lake.max-gap-days", 400);
  }

  private Path warehouse() {
    return folder.resolve("faulty/wh");
  }

  /** One more month, with an order of a customer who is known. */
  private String newFile() {
    files++;
    String name = "month%d.csv".formatted(files);
    lake.file(
        name,
        HEAD,
        "a%d,anna,2024-%02d-03 10:00:00,1,10.50".formatted(files, files),
        "b%d,ben%d,2024-%02d-05 10:00:00,2,3.25".formatted(files, files, files));
    return name;
  }

  /** A table's newest file of data, or that of its log: a checkpoint is none of both. */
  private static Path newest(Path folder, String suffix) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(path -> path.toString().endsWith(suffix))
          .filter(path -> !folder.relativize(path).startsWith("_delta_log"))
          .max(
              Comparator.<Path>comparingLong(path -> path.toFile().lastModified())
                  .thenComparing(Path::toString))
          .orElseThrow();
    }
  }
}
