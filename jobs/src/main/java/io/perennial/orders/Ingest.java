package io.perennial.orders;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.trunc;
import static org.apache.spark.sql.functions.when;

import io.perennial.config.Settings;
import io.perennial.config.Settings.OnUnreadableFile;
import io.perennial.config.SourceColumn;
import io.perennial.lake.IngestedFilesTable;
import io.perennial.lake.LakeException;
import io.perennial.lake.LakeFile;
import io.perennial.lake.LakeListing;
import io.perennial.lake.Mapping;
import io.perennial.lake.RawRecords;
import io.perennial.lake.RejectsTable;
import io.perennial.lake.UnreadableFiles;
import io.perennial.table.Money;
import io.perennial.table.TableStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;

/**
 * Brings {@code order_lines}, {@code rejects} and {@code ingested_files} up to the lake's present
 * files. Reads only files that are new or changed, and those whose records the change may bring
 * back.
 */
public final class Ingest {

  /** So small a reading is kept in memory between passes; above it reading again is cheaper. */
  private static final long KEPT_BYTES = 128L << 20;

  /** One record in so many may be of an order that is looked at closely for nothing. */
  private static final long SUSPECTS_PER_LOOK = 50;

  private final SparkSession spark;
  private final Settings settings;
  private final TableStore store;
  private final String ingestId;
  private final Consumer<String> say;

  /**
   * What an ingest did.
   *
   * @param filesRead files that were read
   * @param recordsRead raw records in them
   * @param files all files of the lake with what became of their records
   */
  public record Outcome(int filesRead, long recordsRead, List<FileCounts> files) {}

  public Ingest(
      SparkSession spark,
      Settings settings,
      TableStore store,
      String ingestId,
      Consumer<String> say) {
    this.spark = spark;
    this.settings = settings;
    this.store = store;
    this.ingestId = ingestId;
    this.say = say;
  }

  /**
   * @param fromScratch whether to forget what was read before
   * @throws LakeException if the lake or a file of it cannot be used
   */
  public Outcome run(boolean fromScratch) {
    List<LakeFile> present =
        LakeListing.list(spark, settings.lake().path(), settings.source().format());
    Map<String, FileCounts> ingested = new TreeMap<>();
    if (!fromScratch) {
      store.read(IngestedFilesTable.TABLE).collectAsList().stream()
          .map(FileCounts::of)
          .forEach(file -> ingested.put(file.path(), file));
    }
    ReadingPlan plan = ReadingPlan.of(present, ingested, settings.lake().onMissingFile());
    if (plan.isEmpty() && !fromScratch) {
      return new Outcome(0, 0, List.copyOf(ingested.values()));
    }
    if (!plan.leaving().isEmpty()) {
      plan = plan.reading(filesThatShareOrders(plan.leaving()), present);
    }
    while (true) {
      try {
        return ingest(plan, present, ingested.isEmpty());
      } catch (Exception e) { // SparkException is checked; Scala does not declare it.
        LakeException blamed = UnreadableFiles.blame(e, plan.read().values());
        if (blamed == null) {
          throw e;
        }
        if (settings.lake().onUnreadableFile() == OnUnreadableFile.STOP
            || !plan.read().containsKey(blamed.file())) {
          throw blamed;
        }
        say.accept("Skipped: " + blamed.getMessage());
        plan = plan.without(blamed.file(), ingested);
        if (plan.isEmpty() && ingested.isEmpty()) {
          throw blamed;
        }
      }
    }
  }

  private Outcome ingest(ReadingPlan plan, List<LakeFile> present, boolean isFirst) {
    Map<String, FileCounts> files = new TreeMap<>(plan.staying());
    if (plan.read().isEmpty()) {
      removeOnly(plan);
      return finish(files, 0, 0);
    }
    List<LakeFile> reading = List.copyOf(plan.read().values());
    Dataset<Row> raw = new RawRecords(spark, settings.source()).read(reading);
    Map<String, Long> records = longs(raw.groupBy(col(RawRecords.FILE)).count());
    long total = records.values().stream().mapToLong(Long::longValue).sum();
    if (total == 0 && files.isEmpty()) {
      throw LakeException.noRecords(settings.lake().path());
    }
    requireKnown(records.keySet(), plan.read().keySet());
    reading.forEach(
        file ->
            files.put(
                file.path(),
                FileCounts.unread(file, records.getOrDefault(file.path(), 0L), ingestId)));
    Dataset<Row> recorded =
        RecordRules.check(
            new Mapping(spark, settings.source(), settings.shop().minorDigits()).apply(raw),
            settings);
    Dataset<Row> single = recorded.drop(Mapping.RECORD);
    if (bytesOf(reading) <= KEPT_BYTES) {
      single.persist(StorageLevel.MEMORY_AND_DISK());
    }
    boolean isForeignSeen = isForeignSeen(single);
    Dataset<Row> checked = withCurrencyOfOrder(single, isForeignSeen);
    Dataset<Row> base = isFirst ? null : withoutFiles(plan.leaving());
    if (base != null) {
      Set<String> disputed = filesInDispute(checked, base);
      ReadingPlan wider = plan.reading(disputed, present);
      if (wider.read().size() > plan.read().size()) {
        single.unpersist();
        return ingest(wider, present, isFirst);
      }
    }

    Dataset<Row> digest = digest(checked, base).persist(StorageLevel.MEMORY_AND_DISK());
    Row sums =
        digest
            .agg(
                coalesce(sum(OrderDigest.FAULTY), lit(0L)),
                count(when(OrderDigest.IS_INTRICATE, lit(1))),
                coalesce(
                    sum(
                        when(
                            OrderDigest.MAY_REPEAT.and(not(OrderDigest.IS_INTRICATE)),
                            OrderDigest.RECORDS)),
                    lit(0L)))
            .first();
    boolean anyFaulty = sums.getLong(0) > 0;
    Dataset<Row> candidates =
        Candidates.of(checked, settings.source(), settings.shop().minorDigits())
            .withColumn("ingest_id", lit(ingestId));
    // Another look at all keys costs more than a closer look at a few orders that may not need it.
    boolean isWorthAnotherLook = sums.getLong(2) > total / SUSPECTS_PER_LOOK;
    Dataset<Row> intricate =
        digest
            .where(
                isWorthAnotherLook
                    ? OrderDigest.IS_INTRICATE
                    : OrderDigest.IS_INTRICATE.or(OrderDigest.MAY_REPEAT))
            .select(OrderDigest.ORDER_HASH);
    if (isWorthAnotherLook) {
      intricate =
          intricate.union(
              OrderDigest.withRepeats(
                  checked,
                  settings.source(),
                  digest.where(OrderDigest.MAY_REPEAT.and(not(OrderDigest.IS_INTRICATE)))));
    }
    intricate = intricate.persist(StorageLevel.MEMORY_AND_DISK());
    boolean anyIntricate = !intricate.isEmpty();
    Dataset<Row> fates =
        anyIntricate
            ? fates(candidates, intricate, base).persist(StorageLevel.MEMORY_AND_DISK())
            : null;
    try {
      if (fates != null && base != null) {
        ReadingPlan wider =
            plan.reading(files(StaleLines.in(fates, !plan.leaving().isEmpty())), present);
        if (wider.read().size() > plan.read().size()) {
          return ingest(wider, present, isFirst);
        }
      }
      writeLines(candidates, intricate, fates, base, plan);
      Map<String, Long> rejected =
          writeRejects(
              withCurrencyOfOrder(recorded, isForeignSeen), anyFaulty, fates, plan, isFirst);
      rejected.forEach((file, n) -> files.computeIfPresent(file, (f, c) -> c.rejecting(n)));
      if (fates != null) {
        countLosers(fates, files);
      }
      return finish(files, reading.size(), total);
    } finally {
      single.unpersist();
      digest.unpersist();
      intricate.unpersist();
      if (fates != null) {
        fates.unpersist();
      }
    }
  }

  /** Most lakes have no foreign currency. */
  private boolean isForeignSeen(Dataset<Row> records) {
    return settings.source().maps(SourceColumn.CURRENCY)
        && !records.where(RecordRules.isForeign(settings)).isEmpty();
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

  /**
   * Files that hold lines of the same orders as files that leave: what those said of the order is
   * written on these lines.
   */
  private Set<String> filesThatShareOrders(Set<String> leaving) {
    Dataset<Row> lines = store.read(OrderLinesTable.TABLE);
    Column leaves = OrderLinesTable.SOURCE_FILE.col().isin(leaving.toArray());
    Dataset<Row> orders =
        lines.where(leaves).select(OrderLinesTable.ORDER_ID.col().as("left_order")).distinct();
    return files(
        lines
            .where(not(leaves))
            .join(orders, OrderLinesTable.ORDER_ID.col().equalTo(col("left_order")), "left_semi"));
  }

  private static Set<String> files(Dataset<Row> lines) {
    return lines.select(OrderLinesTable.SOURCE_FILE.col()).distinct().collectAsList().stream()
        .map(row -> row.getString(0))
        .collect(Collectors.toSet());
  }

  /**
   * Files, not to be read yet, that hold an order about which new records disagree: lines with
   * another customer, or records that were rejected with their order.
   */
  private Set<String> filesInDispute(Dataset<Row> checked, Dataset<Row> base) {
    Dataset<Row> orders =
        checked
            .where(Mapping.FAULTS.isNull())
            .groupBy(OrderLinesTable.ORDER_ID.col())
            .agg(
                min(OrderLinesTable.CUSTOMER_ID.col()).as("new_customer"),
                max(OrderLinesTable.CUSTOMER_ID.col()).as("other_customer"));
    Dataset<Row> customers =
        base.select(
            OrderLinesTable.ORDER_ID.col().as("known_order"),
            OrderLinesTable.CUSTOMER_ID.col().as("known_customer"),
            OrderLinesTable.SOURCE_FILE.col());
    Dataset<Row> lines =
        customers
            .join(
                broadcast(orders),
                col("known_order")
                    .equalTo(OrderLinesTable.ORDER_ID.col())
                    .and(
                        col("known_customer")
                            .notEqual(col("new_customer"))
                            .or(col("known_customer").notEqual(col("other_customer")))))
            .select(OrderLinesTable.SOURCE_FILE.col());
    Dataset<Row> rejects = store.read(RejectsTable.TABLE);
    Dataset<Row> earlier =
        rejects
            .where(RejectsTable.IS_ORDER_REJECT.col())
            .join(
                broadcast(orders.withColumnRenamed("order_id", "new_order")),
                RejectsTable.ORDER_ID.col().equalTo(col("new_order")))
            .select(RejectsTable.SOURCE_FILE.col());
    return lines.union(earlier).distinct().collectAsList().stream()
        .map(row -> row.getString(0))
        .collect(Collectors.toSet());
  }

  /** Orders that need a closer look, and counts of unusable records. */
  private Dataset<Row> digest(Dataset<Row> checked, Dataset<Row> base) {
    Dataset<Row> digest = OrderDigest.of(checked, settings.source());
    if (base != null) {
      Dataset<Row> known =
          base.select(OrderDigest.hashOf(OrderLinesTable.ORDER_ID.col()).as("known_hash"))
              .distinct();
      digest =
          digest
              .join(known, OrderDigest.ORDER_HASH.equalTo(col("known_hash")), "left")
              .withColumn(
                  "is_intricate",
                  OrderDigest.IS_INTRICATE.or(
                      col("known_hash").isNotNull().and(OrderDigest.RECORDS.gt(0))))
              .drop("known_hash");
    }
    return digest.where(
        OrderDigest.IS_INTRICATE.or(OrderDigest.MAY_REPEAT).or(OrderDigest.FAULTY.gt(0)));
  }

  private Dataset<Row> fates(Dataset<Row> candidates, Dataset<Row> intricate, Dataset<Row> base) {
    Dataset<Row> lines =
        only(candidates, intricate)
            .withColumn("is_new", lit(true))
            .withColumn("earlier_share", lit(null).cast(DataTypes.LongType));
    if (base != null) {
      lines = lines.unionByName(asCandidates(only(base, intricate)));
    }
    return Resolution.fates(lines, settings.source().updates());
  }

  /** Lines accepted earlier, in the shape of candidates. */
  private static Dataset<Row> asCandidates(Dataset<Row> lines) {
    return lines
        .withColumn("identity", lit(0L))
        .withColumn("order_discount_total", lit(null).cast(DataTypes.LongType))
        .withColumn("earlier_share", Money.minorUnits(OrderLinesTable.ORDER_DISCOUNT))
        .withColumn(
            "own_discount",
            Money.minorUnits(OrderLinesTable.DISCOUNT)
                .minus(Money.minorUnits(OrderLinesTable.ORDER_DISCOUNT)))
        .withColumn("is_new", lit(false))
        .drop(
            OrderLinesTable.ORDER_MONTH.name(),
            OrderLinesTable.IS_COUNTED.name(),
            OrderLinesTable.DISCOUNT.name(),
            OrderLinesTable.ORDER_DISCOUNT.name(),
            OrderLinesTable.CURRENCY.name());
  }

  private static Dataset<Row> only(Dataset<Row> lines, Dataset<Row> orders) {
    return lines.join(orders, hash(lines).equalTo(orders.col("order_hash")), "left_semi");
  }

  private static Dataset<Row> except(Dataset<Row> lines, Dataset<Row> orders) {
    return lines.join(orders, hash(lines).equalTo(orders.col("order_hash")), "left_anti");
  }

  private static Column hash(Dataset<Row> lines) {
    return OrderDigest.hashOf(lines.col(OrderLinesTable.ORDER_ID.name()));
  }

  private void writeLines(
      Dataset<Row> candidates,
      Dataset<Row> intricate,
      Dataset<Row> fates,
      Dataset<Row> base,
      ReadingPlan plan) {
    Dataset<Row> plain =
        orderLines(
            OrderCells.ofPlainOrders(fates == null ? candidates : except(candidates, intricate)));
    Dataset<Row> added = plain;
    if (fates != null) {
      Dataset<Row> resolved =
          orderLines(
              OrderCells.ofIntricateOrders(
                  fates.where(Resolution.FATE.equalTo(Resolution.ACCEPTED)),
                  settings.source().maps(SourceColumn.ORDER_DISCOUNT)));
      added = plain.unionByName(resolved.repartition(OrderLinesTable.ORDER_MONTH.col()));
    }
    if (base == null) {
      store.overwrite(OrderLinesTable.TABLE, added);
      return;
    }
    Dataset<Row> touchedMonths =
        candidates
            .select(trunc(OrderLinesTable.ORDERED_AT.col(), "MM").as("order_month"))
            .distinct();
    Dataset<Row> leavingMonths =
        store
            .read(OrderLinesTable.TABLE)
            .where(OrderLinesTable.SOURCE_FILE.col().isin(plan.leaving().toArray()))
            .select(OrderLinesTable.ORDER_MONTH.col());
    Dataset<Row> resolvedMonths =
        fates == null
            ? touchedMonths
            : fates.select(trunc(OrderLinesTable.ORDERED_AT.col(), "MM").as("order_month"));
    List<String> months =
        touchedMonths.union(leavingMonths).union(resolvedMonths).distinct().collectAsList().stream()
            .filter(row -> !row.isNullAt(0))
            .map(row -> "DATE '" + row.getDate(0) + "'")
            .sorted()
            .toList();
    if (months.isEmpty()) {
      return;
    }
    String touched = OrderLinesTable.ORDER_MONTH + " IN (" + String.join(", ", months) + ")";
    Dataset<Row> kept = base.where(touched);
    store.replaceWhere(
        OrderLinesTable.TABLE,
        touched,
        (fates == null ? kept : except(kept, intricate)).unionByName(added));
  }

  private Dataset<Row> orderLines(Dataset<Row> lines) {
    return OrderCells.asOrderLines(
        lines, settings.shop().currency().getCurrencyCode(), settings.shop().minorDigits());
  }

  /** For a run that only retracts files whose records nothing can replace. */
  private void removeOnly(ReadingPlan plan) {
    String files =
        plan.leaving().stream().map(Ingest::sqlText).collect(Collectors.joining(", ", "(", ")"));
    store.delete(OrderLinesTable.TABLE, OrderLinesTable.SOURCE_FILE + " IN " + files);
    store.delete(RejectsTable.TABLE, RejectsTable.SOURCE_FILE + " IN " + files);
  }

  private Map<String, Long> writeRejects(
      Dataset<Row> checked,
      boolean anyFaulty,
      Dataset<Row> fates,
      ReadingPlan plan,
      boolean isFirst) {
    Dataset<Row> rejects = spark.createDataFrame(List.of(), RejectsTable.TABLE.schema(0));
    if (anyFaulty) {
      rejects = Rejects.ofRecords(checked, ingestId);
    }
    Dataset<Row> orders = fates == null ? null : Rejects.ordersIn(fates);
    if (orders != null && !orders.isEmpty()) {
      rejects = rejects.unionByName(Rejects.withTheirOrder(checked, orders, ingestId));
    }
    if (isFirst) {
      store.overwrite(RejectsTable.TABLE, rejects);
    } else {
      String gone =
          plan.leaving().stream()
              .map(Ingest::sqlText)
              .collect(Collectors.joining(", ", RejectsTable.SOURCE_FILE + " IN (", ")"));
      if (!plan.leaving().isEmpty()) {
        store.delete(RejectsTable.TABLE, gone);
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

  private static void countLosers(Dataset<Row> fates, Map<String, FileCounts> files) {
    for (Row row :
        fates
            .where(not(OrderLinesTable.IS_DERIVED.col()))
            .where(Resolution.FATE.isin(Resolution.DUPLICATE, Resolution.SUPERSEDED))
            .groupBy(OrderLinesTable.SOURCE_FILE.col(), Resolution.FATE)
            .count()
            .collectAsList()) {
      long n = row.getLong(2);
      boolean isDuplicate = row.getString(1).equals(Resolution.DUPLICATE);
      files.computeIfPresent(
          row.getString(0),
          (path, counts) -> isDuplicate ? counts.losing(n, 0) : counts.losing(0, n));
    }
  }

  /** Counts what order_lines now holds of each file, and writes ingested_files. */
  private Outcome finish(Map<String, FileCounts> files, int filesRead, long recordsRead) {
    Map<String, FileCounts> counted = new LinkedHashMap<>();
    Map<String, Row> held = new HashMap<>();
    int digits = settings.shop().minorDigits();
    store
        .read(OrderLinesTable.TABLE)
        .groupBy(OrderLinesTable.SOURCE_FILE.col())
        .agg(
            count(when(not(OrderLinesTable.IS_DERIVED.col()), lit(1))),
            Money.ofMinorUnits(
                sum(
                    Money.minorUnits(OrderLinesTable.AMOUNT)
                        .minus(Money.minorUnits(OrderLinesTable.DISCOUNT))),
                digits))
        .collectAsList()
        .forEach(row -> held.put(row.getString(0), row));
    requireKnown(held.keySet(), files.keySet());
    files.forEach(
        (path, counts) -> {
          Row row = held.get(path);
          counted.put(
              path,
              row == null
                  ? counts.holding(0, java.math.BigDecimal.ZERO)
                  : counts.holding(row.getLong(1), row.getDecimal(2)));
        });
    List<FileCounts> all = new ArrayList<>(counted.values());
    FileCounts.requireAllAccountedFor(all);
    store.overwrite(IngestedFilesTable.TABLE, FileCounts.rows(spark, all, digits));
    return new Outcome(filesRead, recordsRead, all);
  }

  private static long bytesOf(List<LakeFile> files) {
    return files.stream().mapToLong(LakeFile::size).sum();
  }

  private static void requireKnown(Set<String> found, Set<String> known) {
    if (!known.containsAll(found)) {
      throw new IllegalStateException(
          "Cannot account for files: records name "
              + found.stream().filter(file -> !known.contains(file)).limit(3).toList()
              + ", the lake has "
              + known.stream().limit(3).toList()
              + ". This is a fault of Perennial's: report it.");
    }
  }

  private static Map<String, Long> longs(Dataset<Row> counts) {
    return counts.collectAsList().stream()
        .collect(Collectors.toMap(row -> row.getString(0), row -> row.getLong(1)));
  }

  private static String sqlText(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
