package io.perennial.audiences;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.Problem;
import io.perennial.config.SourceColumn;
import io.perennial.customers.ContactsTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Files of people whom nobody may address: unsubscribed, staff, fraud. An address in them is hashed
 * as it is read and compared with hashes of {@code contacts}; of several ways to write an address
 * the one that matches more counts.
 */
public final class SuppressionLists {

  private static final String KEY = "audiences.suppression-lists";
  private static final String HASH = "^[0-9a-fA-F]{64}$";
  private static final String PHONE = "^\\+[0-9 ()./-]{7,}$";

  private static final int SUBSCRIBER_DIGITS = 8;

  private SuppressionLists() {}

  /** Files that are not there or cannot be read: nobody may be addressed by mistake. */
  public static List<Problem> problems(SparkSession spark, List<String> lists) {
    List<Problem> problems = new ArrayList<>();
    for (String list : lists) {
      Optional<String> fault = Optional.empty();
      try {
        if (files(spark, list).isEmpty()) {
          fault = Optional.of("no such file");
        }
      } catch (IOException e) {
        fault = Optional.of("cannot be read: " + e.getMessage());
      }
      fault.ifPresent(
          text ->
              problems.add(
                  new Problem(
                      KEY,
                      "configuration",
                      list,
                      text,
                      "Put the list there, or take it out of the configuration.")));
    }
    return problems;
  }

  /** Changes with the files: their paths, sizes and times of change. */
  public static String stamp(SparkSession spark, List<String> lists) {
    StringBuilder stamp = new StringBuilder();
    for (String list : lists) {
      try {
        for (FileStatus file : files(spark, list)) {
          stamp
              .append(file.getPath())
              .append(' ')
              .append(file.getLen())
              .append(' ')
              .append(file.getModificationTime())
              .append('\n');
        }
      } catch (IOException e) {
        throw new IllegalStateException(
            "Cannot read the suppression list '" + list + "': " + e.getMessage(), e);
      }
    }
    return stamp.toString();
  }

  private static List<FileStatus> files(SparkSession spark, String list) throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    Path path = new Path(list);
    FileSystem files = path.getFileSystem(hadoop);
    FileStatus[] found = files.globStatus(path);
    List<FileStatus> result = new ArrayList<>();
    if (found != null) {
      for (FileStatus status : found) {
        if (status.isDirectory()) {
          result.addAll(List.of(files.listStatus(status.getPath())));
        } else {
          result.add(status);
        }
      }
    }
    return result;
  }

  /** The lines of the lists, in a column {@code value}. */
  public static Dataset<Row> read(SparkSession spark, List<String> lists) {
    return spark.read().text(lists.toArray(String[]::new));
  }

  /**
   * The customers that lists name.
   *
   * @param lines a column {@code value}: a customer id, an address, or the SHA-256 of one
   * @param contacts rows of contacts, where they are kept
   * @return customer_id, each once
   */
  public static Dataset<Row> customers(Dataset<Row> lines, Optional<Dataset<Row>> contacts) {
    Column first = split(regexp_replace(col("value"), "^\\uFEFF", ""), "[,;\\t]", 2).getItem(0);
    Dataset<Row> entries =
        lines
            .select(trim(regexp_replace(trim(first), "^\"|\"$", "")).as("entry"))
            .where(col("entry").notEqual("").and(col("entry").startsWith("#").unary_$bang()));
    Dataset<Row> ids = entries.select(col("entry").as(CustomerProfileTable.CUSTOMER_ID.name()));
    return contacts.map(rows -> ids.unionByName(byAddress(entries, rows))).orElse(ids).distinct();
  }

  private static Dataset<Row> byAddress(Dataset<Row> entries, Dataset<Row> contacts) {
    Column entry = col("entry");
    Dataset<Row> hashes =
        entries
            .select(
                when(entry.rlike(HASH), lower(entry))
                    .when(entry.contains("@"), hash(mailbox(entry)))
                    .when(entry.rlike(PHONE), hash(subscriber(entry)))
                    .as("hash"))
            .where(col("hash").isNotNull())
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
                .as("hash"))
        .join(hashes, "hash")
        .select(CustomerProfileTable.CUSTOMER_ID.col());
  }

  private static Column hash(Column text) {
    return sha2(text.cast("binary"), 256);
  }

  /**
   * The last digits of a number, which are the same with and without a country code. Somebody else
   * may share them: better one too many left out.
   */
  private static Column subscriber(Column phone) {
    return right(digits(phone), lit(SUBSCRIBER_DIGITS));
  }

  private static Column digits(Column phone) {
    return regexp_replace(phone, "[^0-9]", "");
  }

  /** One mailbox has one form: Google's ignores dots and what follows a plus. */
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
