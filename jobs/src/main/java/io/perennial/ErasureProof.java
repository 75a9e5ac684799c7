package io.perennial;

import static org.apache.spark.sql.functions.col;

import io.perennial.customers.ContactsTable;
import io.perennial.customers.CustomersTable;
import io.perennial.lake.RejectsTable;
import io.perennial.table.Table;
import io.perennial.table.TableStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Shows that no file below a table's directory holds people any more: every data file that is there
 * is read, whether a version names it or not, and every commit and checkpoint.
 */
final class ErasureProof {

  /** Delta cuts texts in statistics after so many characters. */
  private static final int STATISTICS_LENGTH = 32;

  private final SparkSession spark;
  private final TableStore store;
  private final Set<String> ids;
  private final Set<String> addresses;

  private ErasureProof(
      SparkSession spark, TableStore store, Set<String> ids, Set<String> addresses) {
    this.spark = spark;
    this.store = store;
    this.ids = ids;
    this.addresses = addresses;
  }

  /** What to look for, noted while contacts still has it. */
  static ErasureProof of(SparkSession spark, TableStore store, Set<String> ids) {
    Set<String> addresses = new TreeSet<>();
    store
        .read(ContactsTable.TABLE)
        .join(
            PeopleInTables.wanted(spark, ids),
            ContactsTable.CUSTOMER_ID.col().equalTo(col("wanted_id")))
        .select(
            ContactsTable.ADDRESSES.get(0).value().col(),
            ContactsTable.ADDRESSES.get(1).value().col())
        .collectAsList()
        .forEach(
            row -> {
              for (int i = 0; i < row.length(); i++) {
                if (!row.isNullAt(i)) {
                  addresses.add(row.getString(i));
                }
              }
            });
    return new ErasureProof(spark, store, ids, addresses);
  }

  /**
   * @return what was read, in words
   * @throws IllegalStateException naming the first file that holds one of them
   */
  String give() {
    List<Table> tables = Erasing.tables().stream().filter(store::exists).toList();
    long data = 0;
    long log = 0;
    for (Table table : tables) {
      List<Path> files = files(table);
      List<Path> parquet = files.stream().filter(file -> !isLog(file) && isParquet(file)).toList();
      requireNobodyInData(table, parquet);
      for (Path file : files) {
        if (isLog(file)) {
          requireNobodyInLog(file);
          log++;
        }
      }
      data += parquet.size();
    }
    return String.format(
        Locale.ROOT,
        "%d data files and %d log files of %d tables were read; none of them has the ids%s.",
        data,
        log,
        tables.size(),
        addresses.isEmpty() ? "" : " or the addresses");
  }

  private void requireNobodyInData(Table table, List<Path> files) {
    if (files.isEmpty() || table.equals(RejectsTable.TABLE)) {
      return;
    }
    Dataset<Row> rows =
        spark.read().parquet(files.stream().map(Path::toString).toArray(String[]::new));
    boolean isClean =
        rows.select(CustomersTable.CUSTOMER_ID.col())
            .join(
                PeopleInTables.wanted(spark, ids),
                CustomersTable.CUSTOMER_ID.col().equalTo(col("wanted_id")),
                "left_semi")
            .isEmpty();
    if (!isClean) {
      throw failed("a data file of " + table);
    }
  }

  private void requireNobodyInLog(Path file) {
    Collection<String> texts =
        isParquet(file)
            ? spark.read().parquet(file.toString()).toJSON().collectAsList()
            : List.of(text(file));
    Pattern sought = sought();
    if (texts.stream().anyMatch(text -> sought.matcher(text).find())) {
      throw failed("log file " + file);
    }
  }

  /** As a text in JSON, or in JSON within JSON: a bare number is no id. */
  private Pattern sought() {
    List<String> all = new ArrayList<>(ids);
    all.addAll(addresses);
    return Pattern.compile(
        all.stream()
            .map(
                text ->
                    text.length() < STATISTICS_LENGTH
                        ? Pattern.quote(text) + "\\\\*\""
                        : Pattern.quote(text.substring(0, STATISTICS_LENGTH)))
            .collect(Collectors.joining("|", "\"(", ")")));
  }

  private String text(Path file) {
    try (FSDataInputStream in = fileSystem(file).open(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  private List<Path> files(Table table) {
    Path directory = new Path(store.path(table));
    try {
      List<Path> files = new ArrayList<>();
      RemoteIterator<LocatedFileStatus> all = fileSystem(directory).listFiles(directory, true);
      while (all.hasNext()) {
        files.add(all.next().getPath());
      }
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + directory, e);
    }
  }

  private FileSystem fileSystem(Path path) throws IOException {
    return path.getFileSystem(spark.sparkContext().hadoopConfiguration());
  }

  private static boolean isLog(Path file) {
    return file.toString().contains("/_delta_log/");
  }

  private static boolean isParquet(Path file) {
    return file.getName().endsWith(".parquet");
  }

  private IllegalStateException failed(String where) {
    return new IllegalStateException(
        "Cannot prove the erasure: "
            + where
            + " still holds one of the people. They are in the ledger and kept out; run `erase`"
            + " again, and report it.");
  }
}
