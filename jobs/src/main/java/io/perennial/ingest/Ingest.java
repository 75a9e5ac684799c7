package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.Settings;
import io.perennial.config.Settings.OnMissingFile;
import io.perennial.config.Settings.OnUnreadableFile;
import io.perennial.config.SourceColumn;
import io.perennial.lake.LakeException;
import io.perennial.lake.LakeFile;
import io.perennial.lake.LakeListing;
import io.perennial.lake.Mapping;
import io.perennial.lake.RawRecords;
import io.perennial.lake.UnreadableFiles;
import io.perennial.spark.CachedDatasets;
import io.perennial.state.Erasures;
import io.perennial.table.Months;
import io.perennial.table.TableStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Updates {@code order_lines}, {@code rejects} and {@code ingested_files} to the lake's present
 * files. Reads only new and changed files, and files whose records these affect.
 */
public final class Ingest {

  /** Input of at most this size is cached between passes; above it a second read is cheaper. */
  private static final long MAX_CACHED_BYTES = 128L << 20;

  private final SparkSession spark;
  private final Settings settings;
  private final TableStore store;
  private final String ingestId;
  private final Inputs inputs;
  private final AffectedFiles affected;
  private final LineWriter lineWriter;
  private final ErasedRecords erased;

  /**
   * What an ingest works on.
   *
   * @param ingestId the run, as ingested_files names it
   * @param erasures the people who are erased
   * @param spans spans of the orders in order_lines
   * @param listener receives messages for the user, such as skipped files
   */
  public record Inputs(
      SparkSession spark,
      Settings settings,
      TableStore store,
      String ingestId,
      Erasures erasures,
      OrderSpans spans,
      Consumer<String> listener) {}

  /** Which files an ingest considers. */
  public enum Mode {
    /** New and changed files, missing files, and files with records of erased people. */
    REFRESH,
    /** All files, as if none had been read before. */
    REBUILD,
    /** Only files read before that hold records of erased people. */
    ERASE
  }

  /**
   * The result of an ingest.
   *
   * @param filesRead files that were read
   * @param recordsRead raw records in these files
   * @param files entries of all files of the lake
   * @param areErasedPeopleRemoved whether the tables held people who are erased
   */
  public record Result(
      int filesRead, long recordsRead, List<FileEntry> files, boolean areErasedPeopleRemoved) {}

  public Ingest(Inputs inputs) {
    this.spark = inputs.spark();
    this.settings = inputs.settings();
    this.store = inputs.store();
    this.ingestId = inputs.ingestId();
    this.inputs = inputs;
    this.affected = new AffectedFiles(store);
    this.lineWriter = new LineWriter(settings, store);
    this.erased = new ErasedRecords(store, inputs.erasures());
  }

  /**
   * @throws LakeException if the lake or a file of it cannot be used
   */
  public Result run(Mode mode) {
    List<LakeFile> listed = listed();
    Map<String, FileEntry> ingested = mode == Mode.REBUILD ? new TreeMap<>() : ingested();
    if (listed.isEmpty() && ingested.isEmpty()) {
      throw LakeException.noRecords(settings.lake().path());
    }
    LinesByFile before = new LinesByFile(store, ingested.values());
    List<LakeFile> present =
        mode == Mode.ERASE
            ? listed.stream().filter(file -> ingested.containsKey(file.path())).toList()
            : listed;
    ErasedRecords.Found found = erased.find();
    boolean isMissingCleaned = erased.removeFromMissing(found, present, ingested);
    Set<String> withErased = found.filesToRead(ingested.values());
    IngestPlan plan =
        IngestPlan.of(
                present,
                ingested,
                mode == Mode.ERASE ? OnMissingFile.KEEP : settings.lake().onMissingFile())
            .withFiles(withErased, present);
    if (!plan.removed().isEmpty()) {
      plan = plan.withFiles(affected.sharingOrdersWith(plan.removed()), present);
    }
    Optional<Long> rejectsBefore = store.version(RejectsTable.TABLE);
    while (!plan.isEmpty()) {
      try {
        Result result = ingest(plan, present, before);
        return new Result(
            result.filesRead(), result.recordsRead(), result.files(), found.isAnything());
      } catch (Exception e) { // SparkException is checked; Scala does not declare it.
        LakeException blamed = UnreadableFiles.blame(e, present);
        if (blamed == null) {
          throw e;
        }
        boolean isOfFile = present.stream().map(LakeFile::path).anyMatch(blamed.file()::equals);
        if (!isOfFile || settings.lake().onUnreadableFile() == OnUnreadableFile.STOP) {
          throw blamed;
        }
        plan = skipping(plan, blamed, ingested, withErased);
        if (plan.isEmpty() && ingested.isEmpty()) {
          throw blamed;
        }
        // Rejects are written before order_lines: a file may turn out unreadable in between.
        rejectsBefore
            .filter(version -> !store.version(RejectsTable.TABLE).equals(rejectsBefore))
            .ifPresent(version -> store.restore(RejectsTable.TABLE, version));
      }
    }
    List<FileEntry> files =
        isMissingCleaned
            ? new IngestManifest(plan.retained(), before).write(store)
            : List.copyOf(ingested.values());
    return new Result(0, 0, files, found.isAnything());
  }

  private List<LakeFile> listed() {
    return LakeListing.listOrNone(spark, settings.lake().path(), settings.source().format());
  }

  private Map<String, FileEntry> ingested() {
    Map<String, FileEntry> ingested = new TreeMap<>();
    store.read(IngestedFilesTable.TABLE).collectAsList().stream()
        .map(FileEntry::of)
        .forEach(file -> ingested.put(file.path(), file));
    return ingested;
  }

  /**
   * Guards a rebuild that the user did not ask for.
   *
   * @throws IllegalStateException if the records of missing files would be lost
   */
  public void requireNoFileMissing() {
    Set<String> missing = new TreeSet<>(ingested().keySet());
    listed().forEach(file -> missing.remove(file.path()));
    if (!missing.isEmpty() && settings.lake().onMissingFile() != OnMissingFile.RETRACT) {
      throw new IllegalStateException(
          "Cannot read the lake anew: the mapping, a setting or the version of Perennial changed,"
              + " so that all files have to be read again, but "
              + missing.size()
              + (missing.size() == 1 ? " file is gone: " : " files are gone: ")
              + IngestPlan.some(missing)
              + ". Bring them back, or have their records leave: `run --rebuild`, or"
              + " lake.on-missing-file = retract.");
    }
  }

  /**
   * @param withErased files with records of erased people
   */
  private IngestPlan skipping(
      IngestPlan plan,
      LakeException blamed,
      Map<String, FileEntry> ingested,
      Set<String> withErased) {
    IngestPlan rest = plan;
    for (LakeException one : blamed.all()) {
      if (!plan.isNewOrChanged(one.file(), ingested) || withErased.contains(one.file())) {
        throw one.ofFileNeededAgain();
      }
      inputs.listener().accept("Skipped: " + one.getMessage());
      rest = rest.without(one.file(), ingested);
    }
    return rest;
  }

  private Result ingest(IngestPlan plan, List<LakeFile> present, LinesByFile before) {
    boolean isFirst = before.isEmpty();
    IngestManifest manifest = new IngestManifest(plan.retained(), before);
    if (plan.read().isEmpty()) {
      lineWriter.remove(plan.removed());
      store.delete(RejectsTable.TABLE, LineWriter.among(plan.removed()));
      return new Result(0, 0, manifest.write(store), false);
    }
    List<LakeFile> reading = List.copyOf(plan.read().values());
    long bytes = reading.stream().mapToLong(LakeFile::size).sum();
    Dataset<Row> mapped =
        new Mapping(spark, settings.source(), settings.shop().minorDigits())
            .apply(new RawRecords(spark, settings.source(), present).read(reading));
    Dataset<Row> withText = RecordRules.check(erased.mark(mapped), settings);
    try (CachedDatasets kept = new CachedDatasets()) {
      Dataset<Row> withoutText = withText.drop(Mapping.RECORD.name());
      Dataset<Row> all = bytes <= MAX_CACHED_BYTES ? kept.keep(withoutText) : withoutText;
      Map<String, Long> records = new HashMap<>();
      Map<String, Long> erasedRecords = new HashMap<>();
      boolean isForeignSeen = false;
      for (Row file : perFile(all).collectAsList()) {
        records.put(file.getString(0), file.getLong(1));
        isForeignSeen |= file.getBoolean(2);
        erasedRecords.put(file.getString(0), file.getLong(3));
      }
      long total = records.values().stream().mapToLong(Long::longValue).sum();
      if (total == 0 && manifest.isEmpty()) {
        throw LakeException.noRecords(settings.lake().path());
      }
      manifest.addRead(reading, records, erasedRecords, ingestId);
      Dataset<Row> checked = withCurrencyOfOrder(erased.without(all), isForeignSeen);
      RetainedLines retained =
          isFirst
              ? RetainedLines.NONE
              : RetainedLines.of(
                  withoutFiles(plan.removed()),
                  inputs.spans(),
                  checked,
                  total,
                  bytes <= settings.warehouse().smallTableBytes(),
                  kept);
      if (!isFirst) {
        IngestPlan wider = plan.withFiles(affected.disputedBy(checked, retained), present);
        if (wider.readsMoreThan(plan)) {
          return ingest(wider, present, before);
        }
      }
      ConflictScreen screen = ConflictScreen.of(checked, settings.source(), retained, total);
      Dataset<Row> outcomes =
          screen.isAnyConflicting()
              ? kept.keep(outcomes(checked.where(screen.isConflicting()), retained))
              : null;
      if (outcomes != null && !isFirst) {
        boolean areOthersRemoved = !plan.removed().isEmpty();
        Set<String> stale = AffectedFiles.files(StaleLines.in(outcomes, areOthersRemoved));
        IngestPlan wider = plan.withFiles(stale, present);
        if (wider.readsMoreThan(plan)) {
          return ingest(wider, present, before);
        }
      }
      // Outcomes are counted before order_lines is written: Spark then drops what it caches of it.
      if (outcomes != null) {
        manifest.addUnaccepted(outcomes);
      }
      Dataset<Row> rejects =
          rejects(
              withCurrencyOfOrder(erased.without(withText), isForeignSeen),
              screen.isAnyFaulty(),
              outcomes);
      manifest.addRejected(writeRejects(rejects, plan, isFirst));
      // Orders with unusable records are conflicting, so clean ones need no filter on IS_FAULTY.
      Dataset<Row> clean = screen.clean(candidates(checked));
      if (isFirst) {
        lineWriter.overwrite(clean, outcomes);
      } else {
        lineWriter.merge(clean, outcomes, retained, monthsOf(plan.removed()), kept);
      }
      return new Result(reading.size(), total, manifest.write(store), false);
    }
  }

  private Dataset<Row> candidates(Dataset<Row> usable) {
    return CandidateLines.of(usable, settings.source(), settings.shop().minorDigits())
        .withColumn(OrderLinesTable.INGEST_ID.name(), lit(ingestId));
  }

  private Dataset<Row> outcomes(Dataset<Row> checked, RetainedLines retained) {
    Dataset<Row> lines =
        CandidateLines.asNew(candidates(checked.where(not(Mapping.IS_FAULTY.col()))));
    return Deduplication.outcomes(
        retained.isEmpty()
            ? lines
            : lines.unionByName(CandidateLines.ofRetained(retained.ofSameOrders())),
        settings.source().updates());
  }

  /**
   * By file: number of records, whether one has a foreign currency, number of records of erased
   * people.
   */
  private Dataset<Row> perFile(Dataset<Row> records) {
    Column foreign =
        settings.source().maps(SourceColumn.CURRENCY)
            ? RecordRules.isForeign(settings)
            : lit(false);
    return records
        .groupBy(Mapping.FILE.col())
        .agg(count(lit(1)), max(foreign), count_if(erased.isErased(records)));
  }

  /** Most lakes have no foreign currency and need no comparison within orders. */
  private Dataset<Row> withCurrencyOfOrder(Dataset<Row> records, boolean isForeignSeen) {
    return isForeignSeen ? RecordRules.withCurrencyOfOrder(records, settings) : records;
  }

  private Dataset<Row> withoutFiles(Set<String> removed) {
    Dataset<Row> lines = store.read(OrderLinesTable.TABLE);
    return removed.isEmpty()
        ? lines
        : lines.where(not(OrderLinesTable.SOURCE_FILE.col().isin(removed.toArray())));
  }

  private Months monthsOf(Set<String> files) {
    return files.isEmpty()
        ? Months.NONE
        : Months.in(
            store
                .read(OrderLinesTable.TABLE)
                .where(OrderLinesTable.SOURCE_FILE.col().isin(files.toArray()))
                .select(OrderLinesTable.ORDER_MONTH.col()));
  }

  private Dataset<Row> rejects(Dataset<Row> checked, boolean isAnyFaulty, Dataset<Row> outcomes) {
    Dataset<Row> rejects =
        isAnyFaulty ? Rejects.ofRecords(checked, ingestId) : store.noRows(RejectsTable.TABLE);
    Dataset<Row> orders = outcomes == null ? null : Rejects.orders(outcomes);
    return orders == null || orders.isEmpty()
        ? rejects
        : rejects
            .unionByName(Rejects.ofOrders(checked, orders, ingestId))
            .unionByName(Rejects.ofRemovedFiles(outcomes, ingestId));
  }

  private Map<String, Long> writeRejects(Dataset<Row> rejects, IngestPlan plan, boolean isFirst) {
    if (isFirst) {
      store.overwrite(RejectsTable.TABLE, rejects);
    } else {
      if (!plan.removed().isEmpty()) {
        store.delete(RejectsTable.TABLE, LineWriter.among(plan.removed()));
      }
      store.append(RejectsTable.TABLE, rejects);
    }
    return FileEntry.countsByPath(
        store
            .read(RejectsTable.TABLE)
            .where(RejectsTable.INGEST_ID.col().equalTo(ingestId))
            .groupBy(RejectsTable.SOURCE_FILE.col())
            .count());
  }
}
