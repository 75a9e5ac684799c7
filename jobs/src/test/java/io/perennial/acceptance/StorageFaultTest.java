package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.acceptance.CommandRunner.CommandResult;
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
 * Storage faults: a run exits with code 1 and a message with cause, location and remedy. After the
 * fault is removed, the next run recovers.
 */
class StorageFaultTest {

  private static final String HEADER = "order_id,customer_id,ordered_at,quantity,unit_price";
  private static final String REMEDY =
      "Nothing was published: readers see the run before this one. When the cause is gone, run the"
          + " same command again; --stacktrace says where it came from.";
  private static final List<Table> TABLES =
      List.of(OrderLinesTable.TABLE, OrdersTable.TABLE, CustomerMonthsTable.TABLE);

  @TempDir private Path folder;

  private LakeOnDisk lake;
  private int files;

  @BeforeEach
  void publish() {
    Faults.register(SharedSpark.session().sparkContext().hadoopConfiguration());
    lake = shop(folder.resolve("faulty")).set("warehouse.path", Faults.uri(warehouse()));
    lake.set("lake.path", Faults.uri(lake.files()));
    newFile();
    assertThat(lake.run("ingest").code()).isZero();
  }

  @AfterEach
  void removeFaults() {
    Faults.none();
  }

  @Test
  @Tag("slow")
  void storageFaultsAreReportedAndTheNextRunRecovers() throws IOException {
    diskFull("/orders/.*part-.*", "data");
    diskFull("/customers/_delta_log/.*json.*", "log");
    readOnlyFileSystem();
    deletedFile();
    damagedFile();
    newerProtocol();
    assertSameAsNewShop();
  }

  /** Hadoop reports a full local disk by an error and other full storage by an exception. */
  private void diskFull(String place, String target) {
    newFile();
    boolean isError = target.equals("data");
    Faults.install(
        (when, kind, file) -> {
          if (kind == Kind.WRITE && file.toString().matches(".*" + place)) {
            IOException diskFull = new IOException("No space left on device");
            if (isError) {
              throw new Error(diskFull.toString(), diskFull);
            }
            throw diskFull;
          }
        });
    assertThat(failure())
        .startsWith("Cannot write ")
        .contains(isError ? "/wh/orders'" : "table '" + Faults.uri(warehouse()).replace("///", "/"))
        .contains("the disk is full (")
        .contains("Make room there and run again.");
    assertNextRunSucceeds();
  }

  private void readOnlyFileSystem() {
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
    assertNextRunSucceeds();
  }

  /** The file exists for the listing and the header, and is deleted before its records are read. */
  private void deletedFile() throws IOException {
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
    assertNextRunSucceeds();
  }

  private void damagedFile() throws IOException {
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
    assertNextRunSucceeds();
  }

  private void newerProtocol() throws IOException {
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
    assertNextRunSucceeds();
  }

  private String failure() {
    CommandResult result = lake.run("ingest");
    Faults.none();
    assertThat(result.code()).as(result.out() + result.err()).isEqualTo(1);
    String message = result.err().stripTrailing();
    assertThat(message.lines()).hasSize(2);
    assertThat(message).endsWith("\n" + REMEDY);
    return message.lines().findFirst().orElseThrow();
  }

  private void assertNextRunSucceeds() {
    CommandResult result = lake.run("ingest");
    assertThat(result.code()).as(result.out() + result.err()).isZero();
  }

  private void assertSameAsNewShop() throws IOException {
    LakeOnDisk expected = shop(folder.resolve("anew")).set("lake.path", lake.files());
    assertThat(expected.run("ingest").code()).isZero();
    for (Table table : TABLES) {
      assertThat(TableRows.differences(rows(expected, table), rows(lake, table), List.of()))
          .as(table.name())
          .isEmpty();
    }
  }

  private static List<Map<String, Object>> rows(LakeOnDisk shop, Table table) {
    return TableRows.without(TableRows.of(shop.table(table)), "ingest_id");
  }

  private static LakeOnDisk shop(Path folder) {
    return LakeOnDisk.in(folder).set("lake.max-gap-days", 400);
  }

  private Path warehouse() {
    return folder.resolve("faulty/wh");
  }

  /** Writes the file of another month, with an order of a known customer. */
  private String newFile() {
    files++;
    String name = "month%d.csv".formatted(files);
    lake.file(
        name,
        HEADER,
        "a%d,anna,2024-%02d-03 10:00:00,1,10.50".formatted(files, files),
        "b%d,ben%d,2024-%02d-05 10:00:00,2,3.25".formatted(files, files, files));
    return name;
  }

  /** The newest file with a suffix below a folder, excluding the folder's own log. */
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
