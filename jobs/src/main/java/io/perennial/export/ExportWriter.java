package io.perennial.export;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.AudienceSettings.Platform;
import io.perennial.config.ExportSettings;
import io.perennial.config.ExportSettings.FileFormat;
import io.perennial.config.Sha256;
import io.perennial.export.PreparedExport.Made;
import io.perennial.spark.CachedDatasets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.util.SerializableConfiguration;

/** Writes the files of one export aside: every customer's rows are made once, for all lists. */
final class ExportWriter {

  private static final String CUSTOMERS = "customers";
  private static final String BAD_EMAILS = "bad_emails";
  private static final String BAD_PHONES = "bad_phones";

  private final SparkSession spark;
  private final ExportSettings settings;
  private final String defaultRegion;
  private final SentLog memory;
  private final ExportFiles files;

  ExportWriter(
      SparkSession spark,
      ExportSettings settings,
      String defaultRegion,
      SentLog memory,
      ExportFiles files) {
    this.spark = spark;
    this.settings = settings;
    this.defaultRegion = defaultRegion;
    this.memory = memory;
    this.files = files;
  }

  /**
   * Writes the lists' files and notes in the private state what they will have sent.
   *
   * @param problems what could not be made, in words
   */
  PreparedExport write(
      ExportInputs inputs,
      ExportPlan plan,
      List<ExportList> lists,
      LocalDate asOf,
      String runId,
      Set<String> problems) {
    try (CachedDatasets kept = new CachedDatasets()) {
      return write(inputs, plan, lists, asOf, runId, problems, kept);
    }
  }

  private PreparedExport write(
      ExportInputs inputs,
      ExportPlan plan,
      List<ExportList> lists,
      LocalDate asOf,
      String runId,
      Set<String> problems,
      CachedDatasets kept) {
    Dataset<Row> entries = kept.keepOnDisk(entries(inputs, lists));
    Map<Integer, Map<String, Row>> outcomes = outcomes(entries);
    ListRows rows = new ListRows(memory, inputs, entries, lists, defaultRegion, kept);
    Dataset<Row> written =
        kept.keepOnDisk(
            rows.input(has(outcomes, EntryBuilder.CONTROL), plan.haveRows(lists))
                .repartition(tasks(lists), ExportColumns.LIST.col())
                .sortWithinPartitions(
                    ExportColumns.LIST.col(),
                    ExportColumns.ROW_KEY.col(),
                    ExportColumns.SIDE.col(),
                    ExportColumns.LINE.col())
                .mapPartitions(
                    new ListWriter(
                        lists,
                        asOf,
                        new SerializableConfiguration(spark.sparkContext().hadoopConfiguration())),
                    Encoders.row(ListWriter.OUTPUT)));
    Map<Integer, List<ExportFiles.PartOf>> parts =
        written.where(ExportColumns.KIND.col().isNotNull()).collectAsList().stream()
            .collect(
                Collectors.groupingBy(
                    row -> row.<Integer>getAs(ExportColumns.LIST.name()),
                    Collectors.mapping(ExportWriter::part, Collectors.toList())));
    Map<Integer, Long> shared = rows.sharedCustomers();
    List<Made> made = new ArrayList<>();
    for (ExportList list : lists) {
      made.add(
          made(
              inputs,
              plan,
              list,
              parts.getOrDefault(list.index(), List.of()),
              outcomes.getOrDefault(list.index(), Map.of()),
              shared.getOrDefault(list.index(), 0L),
              asOf,
              runId));
    }
    memory.prepare(
        made.stream().map(Made::record).toList(),
        lists,
        written
            .where(ExportColumns.CHANGE.col().isNotNull())
            .select(
                ExportColumns.LIST.col(),
                ExportColumns.ROW_KEY.col(),
                ExportColumns.CHANGE.col(),
                coalesce(ExportColumns.CONTENT.col(), lit("")).as(ExportColumns.CONTENT.name())),
        entries
            .where(ExportColumns.OUTCOME.col().equalTo(EntryBuilder.IDENTITY))
            .select(
                ExportColumns.PLATFORM.col(),
                ExportColumns.ROW_KEY.col(),
                ExportColumns.CUSTOMER_ID.col(),
                ExportColumns.KEPT.col(),
                ExportColumns.IDENTIFIERS.col()),
        asOf,
        runId);
    return new PreparedExport(runId, List.copyOf(made), List.copyOf(problems));
  }

  private Dataset<Row> entries(ExportInputs inputs, List<ExportList> lists) {
    Set<Platform> platforms =
        lists.stream()
            .map(ExportList::platform)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Platform.class)));
    List<String> columns = PlatformFormats.profileColumns(platforms, settings);
    List<ExportList> live = lists.stream().filter(list -> !list.isRetired()).toList();
    return Entries.of(
        inputs.people(
            Entries.memberships(
                Members.targets(inputs, live, spark), Members.controls(inputs, live, spark)),
            columns,
            platforms.contains(Platform.KLAVIYO)),
        new EntryBuilder(live, columns, defaultRegion));
  }

  /** A list is written by one task, and a task of a small shop writes many. */
  private int tasks(List<ExportList> lists) {
    int shuffled = Integer.parseInt(spark.conf().get("spark.sql.shuffle.partitions"));
    return Math.min(lists.size(), shuffled);
  }

  /** By list and outcome: customers, bad_emails, bad_phones. */
  private static Map<Integer, Map<String, Row>> outcomes(Dataset<Row> entries) {
    Map<Integer, Map<String, Row>> outcomes = new HashMap<>();
    entries
        .groupBy(ExportColumns.LIST.col(), ExportColumns.OUTCOME.col())
        .agg(
            functions.count(lit(1)).as(CUSTOMERS),
            functions.sum(ExportColumns.BAD_EMAIL.col().cast("long")).as(BAD_EMAILS),
            functions.sum(ExportColumns.BAD_PHONE.col().cast("long")).as(BAD_PHONES))
        .collectAsList()
        .forEach(
            row ->
                outcomes
                    .computeIfAbsent(row.getInt(0), list -> new HashMap<>())
                    .put(row.getString(1), row));
    return outcomes;
  }

  private static boolean has(Map<Integer, Map<String, Row>> outcomes, String outcome) {
    return outcomes.values().stream().anyMatch(list -> list.containsKey(outcome));
  }

  private static ExportFiles.PartOf part(Row row) {
    return new ExportFiles.PartOf(
        row.getAs(ExportColumns.KIND.name()),
        row.<Integer>getAs(ExportColumns.PART.name()),
        new SplitCsvFile.Part(
            row.getAs(ExportColumns.FILE.name()),
            row.<Long>getAs(ExportColumns.ROWS.name()),
            row.<Long>getAs(ExportColumns.BYTES.name()),
            row.getAs(ExportColumns.SHA256.name())));
  }

  private Made made(
      ExportInputs inputs,
      ExportPlan plan,
      ExportList list,
      List<ExportFiles.PartOf> parts,
      Map<String, Row> outcomes,
      long sharedWithControl,
      LocalDate asOf,
      String runId) {
    try {
      List<WrittenFile> named =
          new ArrayList<>(files.name(list, parts.isEmpty() ? files.empty(list) : parts));
      long rows = Manifest.rows(named, ListWriter.Kind.FULL);
      boolean isParquet =
          list.platform() == Platform.GENERIC
              && settings.generic().fileFormats().contains(FileFormat.PARQUET);
      if (isParquet) {
        named.addAll(
            new GenericParquet(spark, files, settings.generic()).write(list, named, inputs));
      }
      ListCounts counts = counts(outcomes, sharedWithControl, rows);
      List<String> warnings = warnings(list, rows);
      byte[] manifest =
          new Manifest(
                  list,
                  asOf,
                  inputs.suppressions().getOrDefault(list.audience(), List.of()),
                  counts,
                  named,
                  plan.previous(list),
                  warnings)
              .bytes();
      files.put(list, Manifest.NAME, manifest);
      return new Made(
          list,
          counts,
          named,
          warnings,
          new SentExport(
              list.platform().label(),
              list.audience(),
              list.number(),
              runId,
              list.exportId(),
              asOf,
              SentExportsTable.PREPARED,
              list.directory(),
              rows,
              Sha256.hex(manifest)));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot finish the files of " + list + " in " + list.aside() + ": " + e.getMessage(), e);
    }
  }

  private static ListCounts counts(Map<String, Row> outcomes, long sharedWithControl, long rows) {
    Collection<String> targets =
        List.of(EntryBuilder.ROW, EntryBuilder.HELD_OUT, EntryBuilder.UNUSABLE);
    long usable = value(outcomes, EntryBuilder.ROW, CUSTOMERS);
    return new ListCounts(
        sum(outcomes, targets, CUSTOMERS),
        value(outcomes, EntryBuilder.HELD_OUT, CUSTOMERS),
        value(outcomes, EntryBuilder.UNUSABLE, CUSTOMERS),
        sharedWithControl,
        usable - sharedWithControl - rows,
        sum(outcomes, targets, BAD_EMAILS),
        sum(outcomes, targets, BAD_PHONES));
  }

  private static long sum(Map<String, Row> outcomes, Collection<String> of, String column) {
    return of.stream().mapToLong(outcome -> value(outcomes, outcome, column)).sum();
  }

  private static long value(Map<String, Row> outcomes, String outcome, String column) {
    Row row = outcomes.get(outcome);
    return row == null ? 0 : row.<Long>getAs(column);
  }

  private static List<String> warnings(ExportList list, long rows) {
    Stream.Builder<String> warnings = Stream.builder();
    if (list.isRetired()) {
      warnings.add("no longer configured: remove empties the list");
    } else if (rows < list.format().minimumRows()) {
      warnings.add("fewer than " + list.format().minimumRows() + " rows are not used");
    }
    return warnings.build().toList();
  }
}
