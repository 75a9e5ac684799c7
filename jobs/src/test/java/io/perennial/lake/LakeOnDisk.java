package io.perennial.lake;

import io.perennial.acceptance.CommandRunner;
import io.perennial.acceptance.CommandRunner.CommandResult;
import io.perennial.config.Settings;
import io.perennial.ingest.Ingest;
import io.perennial.ingest.OrderLinesTable;
import io.perennial.ingest.OrderSpans;
import io.perennial.ingest.RejectsTable;
import io.perennial.state.Erasures;
import io.perennial.state.PrivateState;
import io.perennial.table.Table;
import io.perennial.table.TableStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A lake of a test with its configuration: {@code DIR/perennial.conf}, sources in {@code
 * DIR/sources}, files in {@code DIR/lake}, tables in {@code DIR/warehouse}.
 */
public final class LakeOnDisk {

  private final Path directory;
  private final List<String> keys = new ArrayList<>();

  private LakeOnDisk(Path directory) {
    this.directory = directory;
  }

  /** A lake of the source {@code plain}: columns by the names that they are mapped to, in UTC. */
  public static LakeOnDisk in(Path directory) {
    LakeOnDisk lake = new LakeOnDisk(directory);
    lake.write("perennial.conf", "lake.source = plain\n");
    lake.source("plain", "format = csv\n" + columns());
    try {
      Files.createDirectories(lake.files());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return lake.set("lake.path", lake.files())
        .set("warehouse.path", directory.resolve("wh"))
        .set("report.after-run", false);
  }

  /** The required columns and a few more, each from the raw column of its name. */
  public static String columns(String... more) {
    return "columns {\n"
        + Stream.concat(
                Stream.of("order_id", "customer_id", "ordered_at", "quantity", "unit_price"),
                Arrays.stream(more))
            .map(column -> "  " + column + " = " + column + "\n")
            .collect(Collectors.joining())
        + "}\n";
  }

  /** Writes {@code sources/NAME.conf}. */
  public LakeOnDisk source(String name, String conf) {
    return write("sources/" + name + ".conf", conf);
  }

  /** Adds to what every command is given by {@code --set}; a later value wins. */
  public LakeOnDisk set(String key, Object value) {
    keys.add(key + "=" + value);
    return this;
  }

  /** Writes a file of the lake. */
  public LakeOnDisk file(String name, String... lines) {
    return file(name, text(lines).getBytes(StandardCharsets.UTF_8));
  }

  /** Writes a gzipped file of the lake. */
  public LakeOnDisk gzip(String name, String... lines) {
    return file(name, gzipped(text(lines)));
  }

  /** Writes a file of the lake. */
  public LakeOnDisk file(String name, byte[] bytes) {
    return write("lake/" + name, bytes);
  }

  /** Writes what a query gives as a file of the lake, in a format of Spark's. */
  public LakeOnDisk query(String name, String format, String sql) {
    Path made = directory.resolve("made-" + name);
    session().sql(sql).coalesce(1).write().format(format).save(made.toString());
    try (Stream<Path> files = Files.list(made)) {
      Path part =
          files
              .filter(file -> file.getFileName().toString().startsWith("part-"))
              .findFirst()
              .orElseThrow();
      return file(name, Files.readAllBytes(part));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(String... lines) {
    return Arrays.stream(lines).map(line -> line + "\n").collect(Collectors.joining());
  }

  public static byte[] gzipped(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Writes a file outside the lake. */
  public LakeOnDisk write(String name, String text) {
    return write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private LakeOnDisk write(String name, byte[] bytes) {
    Path path = directory.resolve(name);
    try {
      Files.createDirectories(path.getParent());
      Files.write(path, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + path, e);
    }
    return this;
  }

  /** Where the lake's files are. */
  public Path files() {
    return directory.resolve("lake");
  }

  /** Where the tables are. */
  public Path warehouse() {
    return directory.resolve("wh");
  }

  /** Runs a command on the lake. */
  public CommandResult run(String command, String... more) {
    return CommandRunner.run(command, directory.resolve("perennial.conf"), keys, more);
  }

  public Settings settings() {
    return CommandRunner.settings(directory.resolve("perennial.conf"), keys);
  }

  public SparkSession session() {
    return CommandRunner.session(settings());
  }

  /** Ingests the lake, without the steps that follow. */
  public Ingested ingest() {
    Settings settings = settings();
    SparkSession spark = CommandRunner.session(settings);
    TableStore store = store(spark, settings);
    List<String> messages = new ArrayList<>();
    Erasures erasures =
        new Erasures(new PrivateState(spark, settings.statePath(), settings.shop().minorDigits()));
    Ingest ingest =
        new Ingest(
            new Ingest.Inputs(
                spark, settings, store, "test", erasures, OrderSpans.UNKNOWN, messages::add));
    return new Ingested(store, ingest.run(Ingest.Mode.REFRESH), messages);
  }

  private static TableStore store(SparkSession spark, Settings settings) {
    return new TableStore(spark, settings.warehouse().path(), settings.shop().minorDigits());
  }

  /** The rows of a table, written by whatever command. */
  public Dataset<Row> table(Table table) {
    return store(session(), settings()).read(table);
  }

  /** What an ingest made. */
  public record Ingested(TableStore store, Ingest.Result result, List<String> messages) {

    public Dataset<Row> lines() {
      return store.read(OrderLinesTable.TABLE);
    }

    public Dataset<Row> rejects() {
      return store.read(RejectsTable.TABLE);
    }

    /** Orders that were accepted, in order. */
    public List<String> orders() {
      return lines().select("order_id").distinct().orderBy("order_id").collectAsList().stream()
          .map(row -> row.getString(0))
          .toList();
    }

    /** Reasons of all rejected records, in order. */
    public List<String> reasons() {
      return rejects().collectAsList().stream()
          .flatMap(row -> row.<String>getList(row.fieldIndex("reasons")).stream())
          .sorted()
          .toList();
    }
  }
}
