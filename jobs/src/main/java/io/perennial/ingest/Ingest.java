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
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Brings {@code order_lines}, {@code rejects} and {@code ingested_files} up to the lake's present
 * files. Reads only files that are new or changed, and those whose records the change may bring
 * back.
 */
public final class Ingest {

  /** So small a reading is kept in memory between passes; above it reading again is cheaper. */
  private static final long KEPT_BYTES = 128L << 20;

  private final SparkSession spark;
  private final Settings settings;
  private final TableStore store;
  private final String ingestId;
  private final Consumer<String> say;
  private final AffectedFiles readAgain;
  private final LineWriter lineWriter;
  private final ErasedRecords erased;
  private final boolean isErasing;
  private Optional<Dataset<Row>> orders = Optional.empty();

  /**
   * What an ingest did.
   *
   * @param filesRead files that were read
   * @param recordsRead raw records in them
   * @param files all files of the lake with what became of their records
   * @param areErasedPeopleRemoved whether the tables held people who are erased
   */
  public record Outcome(
      int filesRead, long recordsRead, List<FileEntry> files, boolean areErasedPeopleRemoved) {

    private Outcome after(ErasedRecords.Held held) {
      return new Outcome(filesRead, recordsRead, files, held.isAnything());
    }
  }

  /** An ingest for a shop in which nobody was ever erased. */
  public Ingest(
      SparkSession spark,
      Settings settings,
      TableStore store,
      String ingestId,
      Consumer<String> say) {
    this(spark, settings, store, ingestId, say, Optional.empty(), false);
  }

  /**
   * @param ingestId the run, as ingested_files will name it
   * @param say tells the user
   * @param erasures who was erased
   * @param isErasing whether to take erased people out of files that were read before, and to leave
   *     new files and those that vanished alone
   */
  public Ingest(
      SparkSession spark,
      Settings settings,
      TableStore store,
      String ingestId,
      Consumer<String> say,
      Optional<Erasures> erasures,
      boolean isErasing) {
    this.spark = spark;
    this.settings = settings;
    this.store = store;
    this.ingestId = ingestId;
    this.say = say;
    this.readAgain = new AffectedFiles(store);
    this.lineWriter = new LineWriter(settings, store);
    this.erased = new ErasedRecords(store, erasures);
    this.isErasing = isErasing;
  }

  /**
   * Lets it look for earlier lines by their orders, which are fewer.
   *
   * @param made rows of orders, made of order_lines as they are
   */
  public Ingest knowing(Optional<Dataset<Row>> made) {
    orders = made;
    return this;
  }

  /**
   * @param fromScratch whether to forget what was read before
   * @throws LakeException if the lake or a file of it cannot be used
   */
  public Outcome run(boolean fromScratch) {
    List<LakeFile> listed = listed();
    Map<String, FileEntry> ingested = fromScratch ? new TreeMap<>() : ingested();
    if (listed.isEmpty() && ingested.isEmpty()) {
      throw LakeException.noRecords(settings.lake().path());
    }
    LinesByFile before = LinesByFile.asCounted(store, ingested.values());
    boolean isNothingNewRead = isErasing && !fromScratch;
    List<LakeFile> present =
        isNothingNewRead
            ? listed.stream().filter(file -> ingested.containsKey(file.path())).toList()
            : listed;
    ErasedRecords.Held held = erased.held();
    boolean areAbsentCleaned = erased.removeFromAbsent(held, present, ingested);
    IngestPlan plan =
        IngestPlan.of(
            present,
            ingested,
            isNothingNewRead ? OnMissingFile.KEEP : settings.lake().onMissingFile());
    Set<String> withErased = held.filesToRead(ingested.values());
    plan = plan.reading(withErased, present);
    if (!plan.leaving().isEmpty()) {
      plan = plan.reading(readAgain.besideLeaving(plan.leaving()), present);
    }
    Optional<Long> rejectsBefore = store.version(RejectsTable.TABLE);
    while (!plan.isEmpty()) {
      try {
        return ingest(plan, present, before).after(held);
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
        areAbsentCleaned
            ? new IngestManifest(plan.staying(), before).close(spark, store)
            : List.copyOf(ingested.values());
    return new Outcome(0, 0, files, held.isAnything());
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
   * Before everything is read anew without having been asked for.
   *
   * @throws IllegalStateException if records would leave with files that are gone
   */
  public void requireNothingGone() {
    Set<String> gone = new TreeSet<>(ingested().keySet());
    listed().forEach(file -> gone.remove(file.path()));
    if (!gone.isEmpty() && settings.lake().onMissingFile() != OnMissingFile.RETRACT) {
      throw new IllegalStateException(
          "Cannot read the lake anew: the mapping, a setting or the version of Perennial changed,"
              + " so that all files have to be read again, but "
              + gone.size()
              + (gone.size() == 1 ? " file is gone: " : " files are gone: ")
              + IngestPlan.some(gone)
              + ". Bring them back, or have their records leave: `run --rebuild`, or"
              + " lake.on-missing-file = retract.");
    }
  }

  /**
   * @param withErased files of whose records some are to be erased
   */
  private IngestPlan skipping(
      IngestPlan plan,
      LakeException blamed,
      Map<String, FileEntry> ingested,
      Set<String> withErased) {
    IngestPlan rest = plan;
    for (LakeException one : blamed.all()) {
      if (!plan.mayDoWithout(one.file(), ingested) || withErased.contains(one.file())) {
        throw one.ofFileNeededAgain();
      }
      say.accept("Skipped: " + one.getMessage());
      rest = rest.without(one.file(), ingested);
    }
    return rest;
  }

  private Outcome ingest(IngestPlan plan, List<LakeFile> present, LinesByFile before) {
    boolean isFirst = before.isEmpty();
    IngestManifest ledger = new IngestManifest(plan.staying(), before);
    if (plan.read().isEmpty()) {
      lineWriter.remove(plan.leaving());
      store.delete(RejectsTable.TABLE, LineWriter.among(plan.leaving()));
      return new Outcome(0, 0, ledger.close(spark, store), false);
    }
    List<LakeFile> reading = List.copyOf(plan.read().values());
    Dataset<Row> mapped =
        new Mapping(spark, settings.source(), settings.shop().minorDigits())
            .apply(new RawRecords(spark, settings.source(), present).read(reading));
    Dataset<Row> marked = RecordRules.check(erased.mark(mapped), settings);
    try (CachedDatasets kept = new CachedDatasets()) {
      Dataset<Row> unrecorded = marked.drop(Mapping.RECORD);
      Dataset<Row> everybody = bytesOf(reading) <= KEPT_BYTES ? kept.keep(unrecorded) : unrecorded;
      Map<String, Long> records = new HashMap<>();
      Map<String, Long> ofErased = new HashMap<>();
      boolean isForeignSeen = false;
      for (Row file : perFile(everybody).collectAsList()) {
        records.put(file.getString(0), file.getLong(1));
        isForeignSeen |= file.getBoolean(2);
        ofErased.put(file.getString(0), file.getLong(3));
      }
      Dataset<Row> recorded = erased.without(marked);
      Dataset<Row> single = erased.without(everybody);
      long total = records.values().stream().mapToLong(Long::longValue).sum();
      if (total == 0 && ledger.isEmpty()) {
        throw LakeException.noRecords(settings.lake().path());
      }
      ledger.enter(reading, records, ofErased, ingestId);
      Dataset<Row> checked = withCurrencyOfOrder(single, isForeignSeen);
      Optional<RetainedLines> earlier =
          isFirst
              ? Optional.empty()
              : Optional.of(
                  RetainedLines.beside(
                      withoutFiles(plan.leaving()),
                      orders,
                      checked,
                      total,
                      bytesOf(reading) <= settings.warehouse().smallTableBytes(),
                      kept));
      if (earlier.isPresent()) {
        IngestPlan wider = plan.reading(readAgain.inDispute(checked, earlier.get()), present);
        if (wider.readsMoreThan(plan)) {
          return ingest(wider, present, before);
        }
      }
      ConflictScreen look = ConflictScreen.at(checked, settings.source(), earlier, total);
      Dataset<Row> fates = look.isNeeded() ? kept.keep(fates(look.only(checked), earlier)) : null;
      if (fates != null && earlier.isPresent()) {
        boolean doOthersLeave = !plan.leaving().isEmpty();
        Set<String> stale = AffectedFiles.files(StaleLines.in(fates, doOthersLeave));
        IngestPlan wider = plan.reading(stale, present);
        if (wider.readsMoreThan(plan)) {
          return ingest(wider, present, before);
        }
      }
      // What became of old and new lines must be known before order_lines changes: Spark drops what
      // it keeps of a table that is written.
      if (fates != null) {
        ledger.countLosers(fates);
      }
      Dataset<Row> rejects =
          rejects(withCurrencyOfOrder(recorded, isForeignSeen), look.anyFaulty(), fates);
      ledger.reject(writeRejects(rejects, plan, isFirst));
      // Orders with an unusable record are looked at closely: nobody else has to ask again.
      lineWriter.write(
          look.except(candidates(checked)), fates, earlier, monthsOf(plan.leaving()), kept);
      return new Outcome(reading.size(), total, ledger.close(spark, store), false);
    }
  }

  private Dataset<Row> candidates(Dataset<Row> usable) {
    return CandidateLines.of(usable, settings.source(), settings.shop().minorDigits())
        .withColumn(OrderLinesTable.INGEST_ID.name(), lit(ingestId));
  }

  private Dataset<Row> fates(Dataset<Row> checked, Optional<RetainedLines> earlier) {
    Dataset<Row> lines = CandidateLines.asNew(candidates(checked.where(not(Mapping.IS_FAULTY))));
    return Deduplication.fates(
        earlier
            .map(all -> lines.unionByName(CandidateLines.ofAccepted(all.ofSameOrders())))
            .orElse(lines),
        settings.source().updates());
  }

  /**
   * Records of each file, whether one of them states a foreign currency (most lakes have none), and
   * how many are of erased people.
   */
  private Dataset<Row> perFile(Dataset<Row> records) {
    Column foreign =
        settings.source().maps(SourceColumn.CURRENCY)
            ? RecordRules.isForeign(settings)
            : lit(false);
    return records
        .groupBy(Mapping.FILE)
        .agg(count(lit(1)), max(foreign), count_if(erased.isTheirs(records)));
  }

  /** A blank currency is that of the order's other records. */
  private Dataset<Row> withCurrencyOfOrder(Dataset<Row> records, boolean isForeignSeen) {
    return isForeignSeen ? RecordRules.inTheirOrdersCurrency(records, settings) : records;
  }

  private Dataset<Row> withoutFiles(Set<String> leaving) {
    Dataset<Row> lines = store.read(OrderLinesTable.TABLE);
    return leaving.isEmpty()
        ? lines
        : lines.where(not(OrderLinesTable.SOURCE_FILE.col().isin(leaving.toArray())));
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

  private Dataset<Row> rejects(Dataset<Row> checked, boolean anyFaulty, Dataset<Row> fates) {
    Dataset<Row> rejects =
        anyFaulty ? Rejects.ofRecords(checked, ingestId) : store.noRows(RejectsTable.TABLE);
    Dataset<Row> orders = fates == null ? null : Rejects.ordersIn(fates);
    return orders == null || orders.isEmpty()
        ? rejects
        : rejects
            .unionByName(Rejects.withTheirOrder(checked, orders, ingestId))
            .unionByName(Rejects.ofGoneFiles(fates, ingestId));
  }

  private Map<String, Long> writeRejects(Dataset<Row> rejects, IngestPlan plan, boolean isFirst) {
    if (isFirst) {
      store.overwrite(RejectsTable.TABLE, rejects);
    } else {
      if (!plan.leaving().isEmpty()) {
        store.delete(RejectsTable.TABLE, LineWriter.among(plan.leaving()));
      }
      store.append(RejectsTable.TABLE, rejects);
    }
    return longs(
        store
            .read(RejectsTable.TABLE)
            .where(RejectsTable.INGEST_ID.col().equalTo(ingestId))
            .groupBy(RejectsTable.SOURCE_FILE.col())
            .count());
  }

  private static long bytesOf(List<LakeFile> files) {
    return files.stream().mapToLong(LakeFile::size).sum();
  }

  private static Map<String, Long> longs(Dataset<Row> counts) {
    return counts.collectAsList().stream()
        .collect(Collectors.toMap(row -> row.getString(0), row -> row.getLong(1)));
  }
}
