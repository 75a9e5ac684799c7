package io.perennial.export;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.ExportSettings;
import io.perennial.config.Sha256;
import io.perennial.export.PreparedExport.PreparedList;
import io.perennial.spark.CachedDatasets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** Writes the files of one export to staging: a customer's rows are built once, for all lists. */
record ExportWriter(
    SparkSession spark,
    ExportSettings settings,
    String defaultRegion,
    SentLog sentLog,
    ExportFiles files) {

  /** Writes the files of the run's lists and records in the private state what they send. */
  List<PreparedList> write(ExportRun run) {
    try (CachedDatasets cached = new CachedDatasets()) {
      return write(run, cached);
    }
  }

  private List<PreparedList> write(ExportRun run, CachedDatasets cached) {
    Dataset<Row> entries = cached.keepOnDisk(entries(run));
    Map<Integer, Row> outcomes = outcomes(entries);
    boolean hasControls = outcomes.values().stream().anyMatch(row -> row.getLong(6) > 0);
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
    Map<Integer, List<WrittenFile>> parts =
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
              outcomes.get(list.index()),
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
    List<ExportList> lists = run.lists().stream().filter(list -> !list.isRetired()).toList();
    Dataset<Row> memberships =
        ListEntries.memberships(
            ListMembers.targets(run.inputs(), lists), ListMembers.controls(run.inputs(), lists));
    return run.inputs()
        .people(memberships, lists)
        .flatMap(
            new ListEntryMapper(lists, ExportInputs.profileColumns(lists), defaultRegion),
            Encoders.row(ListEntries.SCHEMA));
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
    // Cached, since a large shop may share millions and Spark chooses the join by the cached size.
    Map<Integer, Long> counts =
        rows
            .join(shared, SentDiff.KEY, "left_semi")
            .groupBy(ExportColumns.LIST.col())
            .agg(count(lit(1)))
            .collectAsList()
            .stream()
            .collect(Collectors.toMap(row -> row.getInt(0), row -> row.getLong(1)));
    return new OwnRows(rows.join(shared, SentDiff.KEY, "left_anti"), counts);
  }

  /** A list is written by one task; in a small shop one task writes many. */
  private int tasks(List<ExportList> lists) {
    int shuffled = Integer.parseInt(spark.conf().get("spark.sql.shuffle.partitions"));
    return Math.min(lists.size(), shuffled);
  }

  /**
   * By list, which comes first: its targets, those held out or unusable, their invalid e-mail
   * addresses and phone numbers, and its controls.
   */
  private static Map<Integer, Row> outcomes(Dataset<Row> entries) {
    Column outcome = ExportColumns.OUTCOME.col();
    Column isTarget =
        outcome.isin(ListEntryMapper.ROW, ListEntryMapper.HELD_OUT, ListEntryMapper.UNUSABLE);
    return entries
        .groupBy(ExportColumns.LIST.col())
        .agg(
            count_if(isTarget),
            count_if(outcome.equalTo(ListEntryMapper.HELD_OUT)),
            count_if(outcome.equalTo(ListEntryMapper.UNUSABLE)),
            count_if(isTarget.and(ExportColumns.BAD_EMAIL.col())),
            count_if(isTarget.and(ExportColumns.BAD_PHONE.col())),
            count_if(outcome.equalTo(ListEntryMapper.CONTROL)))
        .collectAsList()
        .stream()
        .collect(Collectors.toMap(row -> row.getInt(0), row -> row));
  }

  private static WrittenFile part(Row row) {
    return new WrittenFile(
        row.getAs(ExportColumns.FILE.name()),
        row.getAs(ExportColumns.KIND.name()),
        row.<Long>getAs(ExportColumns.ROWS.name()),
        row.<Long>getAs(ExportColumns.BYTES.name()),
        row.getAs(ExportColumns.SHA256.name()));
  }

  /** Names the files of a list and writes its manifest. */
  private PreparedList finish(
      ExportRun run,
      ExportList list,
      List<WrittenFile> parts,
      Row members,
      long sharedWithControl) {
    try {
      List<WrittenFile> named =
          new ArrayList<>(files.name(list, parts.isEmpty() ? files.writeEmpty(list) : parts));
      long rows = Manifest.rows(named, ListWriter.Kind.FULL);
      if (list.format().writesParquet()) {
        named.addAll(
            new GenericParquet(spark, files, settings.generic()).write(list, named, run.inputs()));
      }
      ListCounts counts = counts(members, sharedWithControl, rows);
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
          "Cannot finish the files of %s in %s/.%s: %s"
              .formatted(list, list.directory(), list.exportId(), e.getMessage()),
          e);
    }
  }

  /**
   * @param row of {@link #outcomes}; null for a list without members and controls
   */
  private static ListCounts counts(Row row, long sharedWithControl, long rows) {
    if (row == null) {
      return new ListCounts(0, 0, 0, 0, 0, 0, 0);
    }
    long usable = row.getLong(1) - row.getLong(2) - row.getLong(3);
    return new ListCounts(
        row.getLong(1),
        row.getLong(2),
        row.getLong(3),
        sharedWithControl,
        usable - sharedWithControl - rows,
        row.getLong(4),
        row.getLong(5));
  }

  private static List<String> warnings(ExportList list, long rows) {
    if (list.isRetired()) {
      return List.of("no longer configured: remove empties the list");
    }
    int minimum = list.format().minimumRows();
    return rows < minimum ? List.of("fewer than " + minimum + " rows are not used") : List.of();
  }
}
