package io.perennial.audiences;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.AudienceKeys;
import io.perennial.config.Problem;
import io.perennial.config.SourceColumn;
import io.perennial.customers.ContactsTable;
import io.perennial.table.Field;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Files that name customers who must not be addressed: unsubscribed, staff, fraud. An address is
 * hashed as it is read and compared with hashes of {@code contacts}, in the spelling that matches
 * more customers where there are several.
 */
public final class SuppressionLists {

  private static final String KEY = AudienceKeys.SUPPRESSION_LISTS.path();
  private static final String SHA_256 = "^[0-9a-fA-F]{64}$";
  private static final String PHONE = "^\\+[0-9 ()./-]{7,}$";

  private static final int SUBSCRIBER_DIGITS = 8;

  private static final Field LINE = Field.text("value", "A line, as Spark reads text.");
  private static final Field ENTRY = Field.text("entry", "The first cell of a line.");
  private static final Field HASH = Field.text("hash", "SHA-256 of an address or number.");

  private SuppressionLists() {}

  /** Lists that do not exist or cannot be read; a run without them would address too many. */
  public static List<Problem> problems(SparkSession spark, List<String> lists) {
    List<Problem> problems = new ArrayList<>();
    for (String list : lists) {
      try {
        if (files(spark, list).isEmpty()) {
          problems.add(problem(list, "no such file"));
        }
      } catch (IOException e) {
        problems.add(problem(list, "cannot be read: " + e.getMessage()));
      }
    }
    return problems;
  }

  private static Problem problem(String list, String fault) {
    return new Problem(
        KEY,
        "configuration",
        list,
        fault,
        "Put the list there, or take it out of the configuration.");
  }

  /** Paths, sizes and modification times of the files, as a text that changes with them. */
  public static String stamp(SparkSession spark, List<String> lists) {
    StringBuilder stamp = new StringBuilder();
    for (String list : lists) {
      try {
        for (FileStatus file : files(spark, list)) {
          stamp.append(file.getPath() + " " + file.getLen() + " ");
          stamp.append(file.getModificationTime() + "\n");
        }
      } catch (IOException e) {
        throw new IllegalStateException(
            "Cannot read the suppression list '" + list + "': " + e.getMessage(), e);
      }
    }
    return stamp.toString();
  }

  private static List<FileStatus> files(SparkSession spark, String list) throws IOException {
    Path path = new Path(list);
    FileSystem files = path.getFileSystem(spark.sparkContext().hadoopConfiguration());
    FileStatus[] found = files.globStatus(path);
    List<FileStatus> result = new ArrayList<>();
    for (FileStatus status : found == null ? new FileStatus[0] : found) {
      result.addAll(
          status.isDirectory() ? List.of(files.listStatus(status.getPath())) : List.of(status));
    }
    return result;
  }

  /** The lines of the lists, in the column {@code value}; no rows without lists. */
  public static Dataset<Row> read(SparkSession spark, List<String> lists) {
    return lists.isEmpty()
        ? spark.createDataFrame(List.of(), new StructType().add(LINE.name(), LINE.fixedType()))
        : spark.read().text(lists.toArray(String[]::new));
  }

  /**
   * The customers that lists name.
   *
   * @param lines lines that start with a customer id, an address, or the SHA-256 of one
   * @param contacts rows of contacts; without any, lists name customers by id alone
   * @return customer_id, each once
   */
  public static Dataset<Row> customers(Dataset<Row> lines, Dataset<Row> contacts) {
    Column first = split(regexp_replace(LINE.col(), "^\\uFEFF", ""), "[,;\\t]", 2).getItem(0);
    Dataset<Row> entries =
        lines
            .select(trim(regexp_replace(trim(first), "^\"|\"$", "")).as(ENTRY.name()))
            .where(ENTRY.col().notEqual("").and(not(ENTRY.col().startsWith("#"))));
    return entries
        .select(ENTRY.col().as(CustomerProfileTable.CUSTOMER_ID.name()))
        .unionByName(byAddress(entries, contacts))
        .distinct();
  }

  private static Dataset<Row> byAddress(Dataset<Row> entries, Dataset<Row> contacts) {
    Column entry = ENTRY.col();
    Dataset<Row> hashes =
        entries
            .select(
                when(entry.rlike(SHA_256), lower(entry))
                    .when(entry.contains("@"), hash(mailbox(entry)))
                    .when(entry.rlike(PHONE), hash(subscriber(entry)))
                    .as(HASH.name()))
            .where(HASH.col().isNotNull())
            .distinct();
    Column email = ContactsTable.value(SourceColumn.EMAIL).col();
    Column phone = ContactsTable.value(SourceColumn.PHONE).col();
    return contacts
        .select(
            CustomerProfileTable.CUSTOMER_ID.col(),
            explode(
                    array(
                        hash(mailbox(email)),
                        hash(lower(trim(email))),
                        hash(subscriber(phone)),
                        hash(concat(lit("+"), digits(phone))),
                        hash(digits(phone))))
                .as(HASH.name()))
        .join(hashes, HASH.name())
        .select(CustomerProfileTable.CUSTOMER_ID.col());
  }

  private static Column hash(Column text) {
    return sha2(text.cast("binary"), 256);
  }

  /**
   * The last digits of a number, which are the same with and without a country code. Other
   * customers may share them: leaving out one too many is the safer error.
   */
  private static Column subscriber(Column phone) {
    return right(digits(phone), lit(SUBSCRIBER_DIGITS));
  }

  private static Column digits(Column phone) {
    return regexp_replace(phone, "[^0-9]", "");
  }

  /** One spelling per mailbox: Gmail ignores dots and the suffix after a plus. */
  private static Column mailbox(Column email) {
    Column plain = lower(regexp_replace(email, "\\s", ""));
    Column local = regexp_replace(plain, "@.*$", "");
    return when(
            plain.rlike("@(gmail|googlemail)\\.com$"),
            concat(
                regexp_replace(regexp_replace(local, "\\+.*$", ""), "\\.", ""), lit("@gmail.com")))
        .otherwise(plain);
  }
}
