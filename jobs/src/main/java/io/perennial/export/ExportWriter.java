package io.perennial.export;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.ExportSettings;
import io.perennial.config.Sha256;
import io.perennial.export.PreparedExport.PreparedList;
import io.perennial.spark.CachedDatasets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.util.SerializableConfiguration;

/** Writes the files of one export to staging: a customer's rows are built once, for all lists. */
final class ExportWriter {

  private static final String CUSTOMERS = "customers";

  private final SparkSession spark;
  private final ExportSettings settings;
  private final String defaultRegion;
  private final SentLog sentLog;
  private final ExportFiles files;

  ExportWriter(
      SparkSession spark,
      ExportSettings settings,
      String defaultRegion,
      SentLog sentLog,
      ExportFiles files) {
    this.spark = spark;
    this.settings = settings;
    this.defaultRegion = defaultRegion;
    this.sentLog = sentLog;
    this.files = files;
  }

  /** Writes the files of the run's lists and records in the private state what they send. */
  List<PreparedList> write(ExportRun run) {
    try (CachedDatasets cached = new CachedDatasets()) {
      return write(run, cached);
    }
  }

  private List<PreparedList> write(ExportRun run, CachedDatasets cached) {
    Dataset<Row> entries = cached.keepOnDisk(entries(run));
    Map<Integer, Map<String, Row>> outcomes = outcomes(entries);
    boolean hasControls =
        outcomes.values().stream().anyMatch(list -> list.containsKey(ListEntryMapper.CONTROL));
    OwnRows own =
        hasControls ? ownRows(entries, cached) : new OwnRows(ListEntries.rows(entries), Map.of());
    Dataset<Row> written =
        cached.keepOnDisk(
            SentDiff.of(run, own.rows(), sentLog, defaultRegion, cached)
                .repartition(tasks(run.lists()), ExportColumns.LIST.col())
                .sortWithinPartitions(
                    ExportColumns.LIST.col(),
                    ExportColumns.ROW_KEY.col(),
                    ExportColumns.SIDE.col(),
                    ExportColumns.LINE.col())
                .mapPartitions(
                    new ListWriter(
                        run.lists(),
                        run.asOf(),
                        new SerializableConfiguration(spark.sparkContext().hadoopConfiguration())),
                    Encoders.row(ListWriter.OUTPUT)));
    Map<Integer, List<ExportFiles.StagedPart>> parts =
        written.where(ExportColumns.KIND.col().isNotNull()).collectAsList().stream()
            .collect(
                Collectors.groupingBy(
                    row -> row.<Integer>getAs(ExportColumns.LIST.name()),
                    Collectors.mapping(ExportWriter::part, Collectors.toList())));
    List<PreparedList> lists = new ArrayList<>();
    for (ExportList list : run.lists()) {
      lists.add(
          finish(
              run,
              list,
              parts.getOrDefault(list.index(), List.of()),
              outcomes.getOrDefault(list.index(), Map.of()),
              own.sharedWithControl().getOrDefault(list.index(), 0L)));
    }
    sentLog.prepare(
        run,
        lists.stream().map(PreparedList::record).toList(),
        written
            .where(ExportColumns.CHANGE.col().isNotNull())
            .select(
                ExportColumns.LIST.col(),
                ExportColumns.ROW_KEY.col(),
                ExportColumns.CHANGE.col(),
                coalesce(ExportColumns.CONTENT.col(), lit("")).as(ExportColumns.CONTENT.name())),
        entries
            .where(ExportColumns.OUTCOME.col().equalTo(ListEntryMapper.IDENTITY))
            .select(
                ExportColumns.PLATFORM.col(),
                ExportColumns.ROW_KEY.col(),
                ExportColumns.CUSTOMER_ID.col(),
                ExportColumns.KEPT.col(),
                ExportColumns.IDENTIFIERS.col()));
    return List.copyOf(lists);
  }

  private Dataset<Row> entries(ExportRun run) {
    List<ExportList> lists = run.activeLists();
    Dataset<Row> memberships =
        ListEntries.memberships(
            ListMembers.targets(run.inputs(), lists), ListMembers.controls(run.inputs(), lists));
    return ListEntries.of(
        run.inputs().people(memberships, lists),
        new ListEntryMapper(lists, ExportInputs.profileColumns(lists), defaultRegion));
  }

  /**
   * Rows of lists without those that share an address or number with a customer held out.
   *
   * @param sharedWithControl rows left out, by index of the list
   */
  private record OwnRows(Dataset<Row> rows, Map<Integer, Long> sharedWithControl) {}

  private static OwnRows ownRows(Dataset<Row> entries, CachedDatasets cached) {
    Dataset<Row> rows = ListEntries.rows(entries);
    Dataset<Row> shared = cached.keep(ListEntries.sharedWithControl(entries));
    if (shared.count() == 0) {
      return new OwnRows(rows, Map.of());
    }
    // A large shop may share millions: cached rows have a size, by which Spark chooses the join.
    Map<Integer, Long> counts = new HashMap<>();
    rows.join(shared, SentDiff.KEY, "left_semi")
        .groupBy(ExportColumns.LIST.col())
        .agg(count(lit(1)))
        .collectAsList()
        .forEach(row -> counts.put(row.getInt(0), row.getLong(1)));
    return new OwnRows(rows.join(shared, SentDiff.KEY, "left_anti"), counts);
  }

  /** A list is written by one task; in a small shop one task writes many. */
  private int tasks(List<ExportList> lists) {
    int shuffled = Integer.parseInt(spark.conf().get("spark.sql.shuffle.partitions"));
    return Math.min(lists.size(), shuffled);
  }

  /** By list and outcome: customers, bad_email, bad_phone. */
  private static Map<Integer, Map<String, Row>> outcomes(Dataset<Row> entries) {
    Map<Integer, Map<String, Row>> outcomes = new HashMap<>();
    entries
        .groupBy(ExportColumns.LIST.col(), ExportColumns.OUTCOME.col())
        .agg(
            functions.count(lit(1)).as(CUSTOMERS),
            functions
                .sum(ExportColumns.BAD_EMAIL.col().cast("long"))
                .as(ExportColumns.BAD_EMAIL.name()),
            functions
                .sum(ExportColumns.BAD_PHONE.col().cast("long"))
                .as(ExportColumns.BAD_PHONE.name()))
        .collectAsList()
        .forEach(
            row ->
                outcomes
                    .computeIfAbsent(row.getInt(0), list -> new HashMap<>())
                    .put(row.getString(1), row));
    return outcomes;
  }

  private static ExportFiles.StagedPart part(Row row) {
    return new ExportFiles.StagedPart(
        row.getAs(ExportColumns.KIND.name()),
        row.<Integer>getAs(ExportColumns.PART.name()),
        new SplitCsvFile.Part(
            row.getAs(ExportColumns.FILE.name()),
            row.<Long>getAs(ExportColumns.ROWS.name()),
            row.<Long>getAs(ExportColumns.BYTES.name()),
            row.getAs(ExportColumns.SHA256.name())));
  }

  /** Names the files of a list and writes its manifest. */
  private PreparedList finish(
      ExportRun run,
      ExportList list,
      List<ExportFiles.StagedPart> parts,
      Map<String, Row> outcomes,
      long sharedWithControl) {
    try {
      List<WrittenFile> named =
          new ArrayList<>(files.name(list, parts.isEmpty() ? files.writeEmpty(list) : parts));
      long rows = Manifest.rows(named, ListWriter.Kind.FULL);
      if (list.format().writesParquet()) {
        named.addAll(
            new GenericParquet(spark, files, settings.generic()).write(list, named, run.inputs()));
      }
      ListCounts counts = counts(outcomes, sharedWithControl, rows);
      List<String> warnings = warnings(list, rows);
      byte[] manifest = new Manifest(run, list, counts, named, warnings).bytes();
      files.put(list, Manifest.NAME, manifest);
      return new PreparedList(
          list,
          counts,
          named,
          warnings,
          new SentExport(
              list.platform().label(),
              list.audience(),
              list.number(),
              run.runId(),
              list.exportId(),
              run.asOf(),
              SentExportsTable.PREPARED,
              list.directory(),
              rows,
              Sha256.hex(manifest)));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot finish the files of "
              + list
              + " in "
              + list.stagingDirectory()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static ListCounts counts(Map<String, Row> outcomes, long sharedWithControl, long rows) {
    Collection<String> targets =
        List.of(ListEntryMapper.ROW, ListEntryMapper.HELD_OUT, ListEntryMapper.UNUSABLE);
    long usable = value(outcomes, ListEntryMapper.ROW, CUSTOMERS);
    return new ListCounts(
        sum(outcomes, targets, CUSTOMERS),
        value(outcomes, ListEntryMapper.HELD_OUT, CUSTOMERS),
        value(outcomes, ListEntryMapper.UNUSABLE, CUSTOMERS),
        sharedWithControl,
        usable - sharedWithControl - rows,
        sum(outcomes, targets, ExportColumns.BAD_EMAIL.name()),
        sum(outcomes, targets, ExportColumns.BAD_PHONE.name()));
  }

  private static long sum(Map<String, Row> outcomes, Collection<String> of, String column) {
    return of.stream().mapToLong(outcome -> value(outcomes, outcome, column)).sum();
  }

  private static long value(Map<String, Row> outcomes, String outcome, String column) {
    Row row = outcomes.get(outcome);
    return row == null ? 0 : row.<Long>getAs(column);
  }

  private static List<String> warnings(ExportList list, long rows) {
    if (list.isRetired()) {
      return List.of("no longer configured: remove empties the list");
    }
    int minimum = list.format().minimumRows();
    return rows < minimum ? List.of("fewer than " + minimum + " rows are not used") : List.of();
  }
}
