package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.SourceColumn;
import io.perennial.lake.LakeFile;
import io.perennial.lake.Mapping;
import io.perennial.state.ErasedPeople;
import io.perennial.state.Erasures;
import io.perennial.table.TableStore;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Keeps records of erased people out of what is ingested, and takes out what was ingested of them
 * before. Theirs are the records that name them as customer, those of their orders that name
 * nobody, and text that cannot be parsed but has their id among its words. Costs nothing where
 * nobody was ever erased.
 */
final class ErasedRecords {

  private static final String IS_ERASED = "is_erased";

  private final TableStore store;
  private final Optional<Erasures> ledger;
  private ErasedPeople people;

  /**
   * What order_lines and rejects hold of erased people.
   *
   * @param files files of their lines
   * @param isSoughtAmongLosers whether rejects and records that lost against others, which nobody
   *     can be found by, may be theirs too: that of somebody whose erasure is pending
   */
  record Held(Set<String> files, boolean isSoughtAmongLosers) {

    static final Held NOTHING = new Held(Set.of(), false);

    boolean isAnything() {
      return isSoughtAmongLosers || !files.isEmpty();
    }

    /** The files to read again: the counts of every file with a record of theirs change. */
    Set<String> filesToRead(Collection<FileEntry> ingested) {
      return isAnything()
          ? Stream.concat(
                  files.stream(),
                  ingested.stream().filter(FileEntry::hasUnacceptedRecords).map(FileEntry::path))
              .collect(Collectors.toSet())
          : Set.of();
    }
  }

  ErasedRecords(TableStore store, Optional<Erasures> ledger) {
    this.store = store;
    this.ledger = ledger;
    this.people = ledger.map(Erasures::people).orElse(ErasedPeople.none());
  }

  /**
   * What the tables hold of them. A warehouse that was brought back from a copy may hold people who
   * were erased long ago.
   */
  Held held() {
    return people.isEmpty()
        ? Held.NOTHING
        : new Held(
            AffectedFiles.files(
                store.read(OrderLinesTable.TABLE).where(isOf(OrderLinesTable.CUSTOMER_ID.col()))),
            ledger.orElseThrow().arePending());
  }

  /** Adds a mark to typed records, after noting what they say of erased people. */
  Dataset<Row> mark(Dataset<Row> records) {
    if (people.isEmpty()) {
      return records;
    }
    Column customer = CandidateLines.c(SourceColumn.CUSTOMER_ID);
    List<Erasures.Trace> traces =
        records
            .where(isOf(customer))
            .select(
                customer,
                CandidateLines.c(SourceColumn.ORDER_ID),
                CandidateLines.c(SourceColumn.EMAIL),
                CandidateLines.c(SourceColumn.PHONE))
            .distinct()
            .collectAsList()
            .stream()
            .map(ErasedRecords::trace)
            .toList();
    if (!traces.isEmpty()) {
      ledger.orElseThrow().remember(traces);
      people = ledger.orElseThrow().people();
    }
    Column theirs =
        isOf(customer)
            .or(customer.isNull().and(people.isOrder(CandidateLines.c(SourceColumn.ORDER_ID))))
            .or(Mapping.UNPARSED.isNotNull().and(people.isMentionedIn(Mapping.UNPARSED)));
    return records.withColumn(IS_ERASED, theirs);
  }

  /** Whether a marked record is an erased person's. */
  Column isTheirs(Dataset<Row> records) {
    return isMarked(records) ? col(IS_ERASED) : lit(false);
  }

  /** The records of everybody else. */
  Dataset<Row> without(Dataset<Row> records) {
    return isMarked(records) ? records.where(not(col(IS_ERASED))).drop(IS_ERASED) : records;
  }

  /**
   * Takes lines and rejects of files that are no longer there out of the tables; the file's counts
   * are corrected in {@code ingested}.
   *
   * @return whether there were any
   */
  boolean removeFromAbsent(Held held, List<LakeFile> present, Map<String, FileEntry> ingested) {
    Set<String> absent = new TreeSet<>(ingested.keySet());
    present.forEach(file -> absent.remove(file.path()));
    if (absent.isEmpty() || !held.isAnything()) {
      return false;
    }
    Map<String, Long> lines = removeLines(absent);
    Map<String, Long> rejects = removeRejects(absent);
    ingested.replaceAll(
        (path, counts) ->
            counts.erasing(lines.getOrDefault(path, 0L), rejects.getOrDefault(path, 0L)));
    return !lines.isEmpty() || !rejects.isEmpty();
  }

  private Map<String, Long> removeLines(Set<String> files) {
    Dataset<Row> table = store.read(OrderLinesTable.TABLE);
    Column theirs =
        OrderLinesTable.SOURCE_FILE
            .col()
            .isin(files.toArray())
            .and(isOf(OrderLinesTable.CUSTOMER_ID.col()));
    List<String> months =
        table
            .where(theirs)
            .select(OrderLinesTable.ORDER_MONTH.col())
            .distinct()
            .collectAsList()
            .stream()
            .map(row -> "DATE '" + row.getDate(0) + "'")
            .sorted()
            .toList();
    if (months.isEmpty()) {
      return Map.of();
    }
    Map<String, Long> counts =
        longs(
            table
                .where(theirs)
                .groupBy(OrderLinesTable.SOURCE_FILE.col())
                .agg(count(when(not(OrderLinesTable.IS_DERIVED.col()), lit(1)))));
    String touched = OrderLinesTable.ORDER_MONTH + " IN (" + String.join(", ", months) + ")";
    store.replaceWhere(OrderLinesTable.TABLE, touched, table.where(touched).where(not(theirs)));
    return counts;
  }

  private Map<String, Long> removeRejects(Set<String> files) {
    Dataset<Row> table = store.read(RejectsTable.TABLE);
    Column theirs =
        RejectsTable.SOURCE_FILE
            .col()
            .isin(files.toArray())
            .and(people.isMentionedIn(RejectsTable.RECORD.col()));
    Map<String, Long> counts =
        longs(table.where(theirs).groupBy(RejectsTable.SOURCE_FILE.col()).agg(count(lit(1))));
    if (!counts.isEmpty()) {
      store.overwrite(RejectsTable.TABLE, table.where(not(theirs)));
    }
    return counts;
  }

  private Column isOf(Column customerId) {
    return people.isCustomer(customerId);
  }

  private static boolean isMarked(Dataset<Row> records) {
    return Arrays.asList(records.columns()).contains(IS_ERASED);
  }

  private static Erasures.Trace trace(Row row) {
    return new Erasures.Trace(
        row.getString(0),
        row.getString(1),
        Stream.of(row.getString(2), row.getString(3)).filter(text -> text != null).toList());
  }

  private static Map<String, Long> longs(Dataset<Row> counts) {
    Map<String, Long> result = new HashMap<>();
    counts.collectAsList().forEach(row -> result.put(row.getString(0), row.getLong(1)));
    return result;
  }
}
