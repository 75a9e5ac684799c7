package io.perennial.ingest;

import static io.perennial.lake.Mapping.column;
import static org.apache.spark.sql.functions.*;

import io.perennial.config.SourceColumn;
import io.perennial.lake.LakeFile;
import io.perennial.lake.Mapping;
import io.perennial.state.ErasedPeople;
import io.perennial.state.Erasures;
import io.perennial.table.Field;
import io.perennial.table.Months;
import io.perennial.table.TableStore;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Excludes records of erased people from an ingest and removes those ingested before. A record is
 * an erased person's if it names the person as customer, if it names no customer and is of one of
 * the person's orders, or if it cannot be parsed and contains the customer_id. Without erased
 * people no Spark job runs.
 */
final class ErasedRecords {

  private static final Field IS_ERASED =
      Field.flag("is_erased", "Whether the record is an erased person's.");

  private final TableStore store;
  private final Erasures erasures;
  private ErasedPeople people;

  /**
   * Files with records of erased people.
   *
   * @param files files of their lines
   * @param arePending whether an erasure is pending, so that files with rejects, duplicates and
   *     superseded records, which do not name the customer, may hold records of the person too
   */
  record Found(Set<String> files, boolean arePending) {

    static final Found NOTHING = new Found(Set.of(), false);

    boolean isAnything() {
      return arePending || !files.isEmpty();
    }

    /** Files to read again, since their counts change. */
    Set<String> filesToRead(Collection<FileEntry> ingested) {
      return isAnything()
          ? Stream.concat(
                  files.stream(),
                  ingested.stream().filter(FileEntry::hasUnacceptedRecords).map(FileEntry::path))
              .collect(Collectors.toSet())
          : Set.of();
    }
  }

  ErasedRecords(TableStore store, Erasures erasures) {
    this.store = store;
    this.erasures = erasures;
    this.people = erasures.people();
  }

  /**
   * Searches the tables. A warehouse restored from a backup may hold people whose erasure is long
   * done.
   */
  Found find() {
    return people.isEmpty()
        ? Found.NOTHING
        : new Found(
            AffectedFiles.files(
                store.read(OrderLinesTable.TABLE).where(isOf(OrderLinesTable.CUSTOMER_ID.col()))),
            erasures.arePending());
  }

  /** Flags typed records, after recording the orders and addresses of erased people in them. */
  Dataset<Row> mark(Dataset<Row> records) {
    if (people.isEmpty()) {
      return records;
    }
    Column customer = column(SourceColumn.CUSTOMER_ID);
    List<Erasures.Trace> traces =
        records
            .where(isOf(customer))
            .select(
                customer,
                column(SourceColumn.ORDER_ID),
                column(SourceColumn.EMAIL),
                column(SourceColumn.PHONE))
            .distinct()
            .collectAsList()
            .stream()
            .map(ErasedRecords::trace)
            .toList();
    if (!traces.isEmpty()) {
      erasures.remember(traces);
      people = erasures.people();
    }
    Column isErased =
        isOf(customer)
            .or(customer.isNull().and(people.isOrder(column(SourceColumn.ORDER_ID))))
            .or(
                Mapping.UNPARSED
                    .col()
                    .isNotNull()
                    .and(people.isMentionedIn(Mapping.UNPARSED.col())));
    return records.withColumn(IS_ERASED.name(), isErased);
  }

  /** Whether a record of {@link #mark} is an erased person's. */
  Column isErased(Dataset<Row> records) {
    return isMarked(records) ? IS_ERASED.col() : lit(false);
  }

  /** Records of {@link #mark} without those of erased people. */
  Dataset<Row> without(Dataset<Row> records) {
    return isMarked(records) ? records.where(not(IS_ERASED.col())).drop(IS_ERASED.name()) : records;
  }

  /**
   * Removes lines and rejects of missing files, which cannot be read again, and corrects the
   * entries of these files in {@code ingested}.
   *
   * @return whether a row was removed
   */
  boolean removeFromMissing(Found found, List<LakeFile> present, Map<String, FileEntry> ingested) {
    Set<String> missing = new TreeSet<>(ingested.keySet());
    present.forEach(file -> missing.remove(file.path()));
    if (missing.isEmpty() || !found.isAnything()) {
      return false;
    }
    Map<String, Long> lines = removeLines(missing);
    Map<String, Long> rejects = removeRejects(missing);
    countAsErased(lines, IngestedFilesTable.ACCEPTED, ingested);
    countAsErased(rejects, IngestedFilesTable.REJECTED, ingested);
    return !lines.isEmpty() || !rejects.isEmpty();
  }

  private static void countAsErased(
      Map<String, Long> erased, Field before, Map<String, FileEntry> ingested) {
    erased.forEach(
        (path, records) ->
            ingested.computeIfPresent(
                path,
                (any, file) ->
                    file.plus(before, -records).plus(IngestedFilesTable.ERASED, records)));
  }

  private Map<String, Long> removeLines(Set<String> files) {
    Dataset<Row> table = store.read(OrderLinesTable.TABLE);
    Column isErased =
        OrderLinesTable.SOURCE_FILE
            .col()
            .isin(files.toArray())
            .and(isOf(OrderLinesTable.CUSTOMER_ID.col()));
    Months months = Months.in(table.where(isErased).select(OrderLinesTable.ORDER_MONTH.col()));
    if (months.isEmpty()) {
      return Map.of();
    }
    Map<String, Long> counts =
        FileEntry.countsByPath(
            table
                .where(isErased)
                .groupBy(OrderLinesTable.SOURCE_FILE.col())
                .agg(count(when(not(OrderLinesTable.IS_DERIVED.col()), lit(1)))));
    store.replaceMonths(
        OrderLinesTable.TABLE,
        months,
        table.where(months.among(OrderLinesTable.ORDER_MONTH)).where(not(isErased)));
    return counts;
  }

  private Map<String, Long> removeRejects(Set<String> files) {
    Dataset<Row> table = store.read(RejectsTable.TABLE);
    Column isErased =
        RejectsTable.SOURCE_FILE
            .col()
            .isin(files.toArray())
            .and(people.isMentionedIn(RejectsTable.RECORD.col()));
    Map<String, Long> counts =
        FileEntry.countsByPath(
            table.where(isErased).groupBy(RejectsTable.SOURCE_FILE.col()).agg(count(lit(1))));
    if (!counts.isEmpty()) {
      store.overwrite(RejectsTable.TABLE, table.where(not(isErased)));
    }
    return counts;
  }

  private Column isOf(Column customerId) {
    return people.isCustomer(customerId);
  }

  private static boolean isMarked(Dataset<Row> records) {
    return Arrays.asList(records.columns()).contains(IS_ERASED.name());
  }

  private static Erasures.Trace trace(Row row) {
    return new Erasures.Trace(
        row.getString(0),
        row.getString(1),
        Stream.of(row.getString(2), row.getString(3)).filter(text -> text != null).toList());
  }
}
