package io.perennial.erasure;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.SourceColumn;
import io.perennial.customers.ContactsTable;
import io.perennial.customers.CustomersTable;
import io.perennial.ingest.RejectsTable;
import io.perennial.table.Field;
import io.perennial.table.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Shows that no file below a table's directory holds people any more: every data file that is there
 * is read, whether a version names it or not, and every commit and checkpoint.
 */
public final class ErasureProof {

  /** Delta cuts texts in statistics after so many characters. */
  private static final int STATISTICS_LENGTH = 32;

  private final SparkSession spark;
  private final List<Erasure.Place> places;
  private final Set<String> ids;
  private final Set<String> addresses;

  private ErasureProof(
      SparkSession spark, List<Erasure.Place> places, Set<String> ids, Set<String> addresses) {
    this.spark = spark;
    this.places = places;
    this.ids = ids;
    this.addresses = addresses;
  }

  /** What to look for, noted while contacts still has it. */
  public static ErasureProof of(
      SparkSession spark, Dataset<Row> contacts, List<Erasure.Place> places, Set<String> ids) {
    Set<String> addresses = new TreeSet<>();
    contacts
        .join(
            CustomerSearch.wanted(spark, ids),
            ContactsTable.CUSTOMER_ID.col().equalTo(col("wanted_id")))
        .select(
            ContactsTable.value(SourceColumn.EMAIL).col(),
            ContactsTable.value(SourceColumn.PHONE).col())
        .collectAsList()
        .forEach(
            row -> {
              for (int i = 0; i < row.length(); i++) {
                if (!row.isNullAt(i)) {
                  addresses.add(row.getString(i));
                }
              }
            });
    return new ErasureProof(spark, places, ids, addresses);
  }

  /**
   * @return what was read, in words
   * @throws IllegalStateException naming the first file that holds one of them
   */
  public String give() {
    List<Path> data = new ArrayList<>();
    List<Path> contacts = new ArrayList<>();
    List<Path> log = new ArrayList<>();
    for (Erasure.Place place : places) {
      Table table = place.table();
      for (Path file : files(place)) {
        if (isLog(file)) {
          log.add(file);
        } else if (isParquet(file) && !table.equals(RejectsTable.TABLE)) {
          data.add(file);
          if (table.equals(ContactsTable.TABLE)) {
            contacts.add(file);
          }
        }
      }
    }
    requireNone(data, CustomersTable.CUSTOMER_ID, ids);
    requireNone(contacts, ContactsTable.value(SourceColumn.EMAIL), addresses);
    requireNone(contacts, ContactsTable.value(SourceColumn.PHONE), addresses);
    requireNobodyInLog(log);
    return String.format(
        Locale.ROOT,
        "%d data files and %d log files of %d tables were read; none of them has the ids%s.",
        data.size(),
        log.size(),
        places.size(),
        addresses.isEmpty() ? "" : " or the addresses");
  }

  /** Reads one column of files that may belong to several tables. */
  private void requireNone(List<Path> files, Field column, Set<String> words) {
    if (files.isEmpty() || words.isEmpty()) {
      return;
    }
    Dataset<Row> found =
        spark
            .read()
            .schema(new StructType().add(column.name(), DataTypes.StringType))
            .parquet(names(files))
            .select(column.col(), input_file_name().as("file"))
            .join(
                CustomerSearch.wanted(spark, words),
                column.col().equalTo(col("wanted_id")),
                "left_semi")
            .select("file")
            .limit(1);
    found.collectAsList().forEach(row -> fail(row.getString(0)));
  }

  private void requireNobodyInLog(List<Path> files) {
    Pattern sought = sought();
    List<Path> checkpoints = files.stream().filter(ErasureProof::isParquet).toList();
    Stream<String> actions =
        checkpoints.isEmpty()
            ? Stream.of()
            : spark
                .read()
                .option("mergeSchema", "true")
                .parquet(names(checkpoints))
                .toJSON()
                .collectAsList()
                .stream();
    if (actions.anyMatch(text -> sought.matcher(text).find())) {
      fail("a checkpoint below " + checkpoints.get(0).getParent().getParent().getParent());
    }
    for (Path file : files) {
      if (!isParquet(file) && sought.matcher(text(file)).find()) {
        fail(file.toString());
      }
    }
  }

  private static String[] names(List<Path> files) {
    return files.stream().map(Path::toString).toArray(String[]::new);
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

  private List<Path> files(Erasure.Place place) {
    Path directory = new Path(place.store().path(place.table()));
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

  private static void fail(String where) {
    throw new IllegalStateException(
        "Cannot prove the erasure: "
            + where
            + " still holds one of the people. They are in the ledger and kept out; run `erase`"
            + " again, and report it.");
  }
}
