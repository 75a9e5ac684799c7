package io.perennial.export;

import io.perennial.config.ExportSettings;
import io.perennial.state.PrivateState;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/**
 * Exports audiences to files. {@link #prepare} writes the files to staging and records in the
 * private state what they send; {@link #publish} moves them to their published directories once the
 * run is published; {@link #recover} completes or discards the exports of a run that died in
 * between.
 */
public final class Export {

  private final SparkSession spark;
  private final ExportSettings settings;
  private final String defaultRegion;
  private final SentLog sentLog;
  private final ExportFiles files;

  /**
   * @param settings with a path
   * @param defaultRegion country (ISO alpha-2) of phone numbers that carry none, or empty
   */
  public Export(
      SparkSession spark, ExportSettings settings, String defaultRegion, PrivateState state) {
    this.spark = spark;
    this.settings = settings;
    this.defaultRegion = defaultRegion;
    this.sentLog = new SentLog(spark, state);
    this.files = new ExportFiles(spark.sparkContext().hadoopConfiguration());
  }

  /**
   * Publishes the files of runs that were published and died before their files were, and discards
   * those of other runs.
   *
   * @param wasPublished whether a run was published, by its id
   * @return messages about exports that could not be recovered; the next run tries again
   */
  public List<String> recover(Predicate<String> wasPublished) {
    List<String> problems = new ArrayList<>();
    for (String runId : sentLog.unpublishedRuns()) {
      try {
        if (wasPublished.test(runId)) {
          publish(runId);
        } else {
          discard(runId);
        }
      } catch (UncheckedIOException e) {
        problems.add(e.getMessage());
      }
    }
    return problems;
  }

  /** The newest as_of that was exported; an export of an earlier one would revert lists. */
  public Optional<LocalDate> newestAsOf() {
    return sentLog.exports().stream().map(SentExport::asOf).max(Comparator.naturalOrder());
  }

  /**
   * Writes the files of all lists to staging.
   *
   * @param runId the run that exports
   */
  public PreparedExport prepare(ExportInputs inputs, LocalDate asOf, String runId) {
    ExportPlan plan = new ExportPlan(settings, sentLog.exports());
    Set<String> problems = new TreeSet<>();
    List<ExportList> lists = new ArrayList<>();
    for (ExportList list : plan.lists(inputs.audiences(), asOf)) {
      if (hasKnownColumns(list.format(), inputs, problems) && createStaging(list, problems)) {
        lists.add(list.withIndex(lists.size()));
      }
    }
    if (lists.isEmpty()) {
      return new PreparedExport(runId, List.of(), List.copyOf(problems));
    }
    try {
      ExportRun run = new ExportRun(runId, asOf, inputs, plan, List.copyOf(lists));
      return new PreparedExport(
          runId,
          new ExportWriter(spark, settings, defaultRegion, sentLog, files).write(run),
          List.copyOf(problems));
    } catch (Exception e) { // SparkException is checked; Scala does not declare it.
      try {
        lists.forEach(list -> discard(list.directory(), list.exportId()));
      } catch (UncheckedIOException second) { // The next run discards them.
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  /** Moves the files of a published run to their published directories. */
  public void publish(String runId) {
    for (SentExport export : sentLog.ofRun(runId)) {
      try {
        files.publish(export.directory(), export.exportId());
      } catch (FileNotFoundException e) {
        throw cannotPublish(
            export,
            ("in place: %s. They were moved, or are on another machine: bring the directory back,"
                    + " and run `export` again.")
                .formatted(e.getMessage()),
            e);
      } catch (IOException e) {
        throw cannotPublish(
            export,
            ("into %s/%s: %s. They wait in the directory of the same name with a dot before it; run"
                    + " `export` again.")
                .formatted(export.directory(), export.exportId(), e.getMessage()),
            e);
      }
    }
    sentLog.markSent(runId);
    SentPurge.apply(sentLog, runId);
  }

  private static UncheckedIOException cannotPublish(
      SentExport export, String rest, IOException cause) {
    return new UncheckedIOException(
        "Cannot put the files of " + export.audience() + " for " + export.platform() + " " + rest,
        cause);
  }

  /** Deletes the exports that a run prepared and will not publish. */
  public void discard(String runId) {
    sentLog.ofRun(runId).forEach(export -> discard(export.directory(), export.exportId()));
    sentLog.discard(runId);
  }

  /**
   * Prepares the erasure of customers: writes removal rows for every platform that they were ever
   * sent to, and schedules the purge of their hashes for when an export has removed them from every
   * list. Must be called before the tables lose their contacts.
   *
   * @param customerIds customers to erase
   * @param contacts contacts that still hold them
   * @param erasureId names the directory of the files, below the directory of erasures
   * @return the files written; none where no customer was ever sent
   */
  public List<String> erase(
      Collection<String> customerIds, Dataset<Row> contacts, String erasureId) {
    Dataset<Row> customers =
        spark.createDataFrame(
            customerIds.stream().map(RowFactory::create).toList(),
            ExportColumns.schema(ExportColumns.CUSTOMER_ID));
    List<String> written =
        settings.path().isEmpty()
            ? List.of()
            : new ErasureFiles(
                    settings, defaultRegion, sentLog, spark.sparkContext().hadoopConfiguration())
                .write(customers, contacts, erasureId);
    sentLog.schedulePurge(customers);
    return written;
  }

  private void discard(String directory, String exportId) {
    try {
      files.discard(directory, exportId);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot take away " + directory + "/." + exportId + ": " + e.getMessage(), e);
    }
  }

  private static boolean hasKnownColumns(
      PlatformFormat format, ExportInputs inputs, Set<String> problems) {
    Set<String> unknown = inputs.unknownColumns(format);
    if (!unknown.isEmpty()) {
      problems.add(
          ("Cannot export for %1$s: export.%1$s names columns that customer_profile lacks: %2$s."
                  + " It has %3$s.")
              .formatted(
                  format.platform().label(),
                  String.join(", ", unknown),
                  String.join(", ", inputs.profile().columns())));
    }
    return unknown.isEmpty();
  }

  private boolean createStaging(ExportList list, Set<String> problems) {
    try {
      files.createStaging(list);
      return true;
    } catch (IOException e) {
      problems.add(
          ("Cannot write the files of %s below export.path '%s': %s. Make it writable for who runs"
                  + " Perennial, or choose another export.path.")
              .formatted(list, settings.path().orElseThrow(), e.getMessage()));
      return false;
    }
  }
}
