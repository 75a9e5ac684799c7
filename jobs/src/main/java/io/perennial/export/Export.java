package io.perennial.export;

import io.perennial.config.AudienceSettings.Platform;
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
 * Makes the files of audiences. {@link #prepare} writes them aside and notes in the private state
 * what they will have sent; {@link #publish} puts them where marketers find them, once the run that
 * made them is published; {@link #recover} ends what a run left that died in between.
 */
public final class Export {

  private final SparkSession spark;
  private final ExportSettings settings;
  private final String defaultRegion;
  private final SentLog memory;
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
    this.memory = new SentLog(spark, state);
    this.files = new ExportFiles(spark.sparkContext().hadoopConfiguration());
  }

  /**
   * Publishes the files of a run that was published and died before it came to them, and takes away
   * those of runs that were not.
   *
   * @param wasPublished whether a run was, by its id
   * @return what could not be done, in words; it is tried again by the next run
   */
  public List<String> recover(Predicate<String> wasPublished) {
    List<String> problems = new ArrayList<>();
    for (String runId : SentLog.prepared(memory.exports())) {
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

  /** The newest as_of that was exported: an earlier one must not turn lists back. */
  public Optional<LocalDate> newestAsOf() {
    return memory.exports().stream().map(SentExport::asOf).max(Comparator.naturalOrder());
  }

  /**
   * Writes the files of all lists aside.
   *
   * @param runId the run that exports
   * @throws IllegalStateException if not one list can be written
   */
  public PreparedExport prepare(ExportInputs inputs, LocalDate asOf, String runId) {
    ExportPlan plan = new ExportPlan(settings, memory.exports());
    Set<String> problems = new TreeSet<>();
    List<ExportList> lists =
        ExportPlan.renumbered(
            plan.lists(inputs.audiences(), asOf).stream()
                .filter(list -> hasKnownColumns(list.platform(), inputs, problems))
                .filter(list -> open(list, problems))
                .toList());
    if (lists.isEmpty()) {
      return new PreparedExport(runId, List.of(), List.copyOf(problems));
    }
    try {
      return new ExportWriter(spark, settings, defaultRegion, memory, files)
          .write(inputs, plan, lists, asOf, runId, problems);
    } catch (Exception e) { // SparkException is checked; Scala does not declare it.
      try {
        lists.forEach(list -> discard(list.directory(), list.exportId()));
      } catch (UncheckedIOException second) { // The next run takes it away.
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  /** Puts the files of a published run where marketers find them. */
  public void publish(String runId) {
    for (SentExport export : memory.ofRun(runId)) {
      try {
        files.publish(export.directory(), export.exportId());
      } catch (FileNotFoundException e) {
        throw notPut(
            export,
            "in place: "
                + e.getMessage()
                + ". They were moved, or are on another machine: bring the directory back, and run"
                + " `export` again.",
            e);
      } catch (IOException e) {
        throw notPut(
            export,
            "into "
                + export.directory()
                + "/"
                + export.exportId()
                + ": "
                + e.getMessage()
                + ". They wait in the directory of the same name with a dot before it; run"
                + " `export` again.",
            e);
      }
    }
    memory.markSent(runId);
  }

  private static UncheckedIOException notPut(SentExport export, String rest, IOException cause) {
    return new UncheckedIOException(
        "Cannot put the files of " + export.audience() + " for " + export.platform() + " " + rest,
        cause);
  }

  /** Takes away what a run prepared that will not be published. */
  public void discard(String runId) {
    memory.ofRun(runId).forEach(export -> discard(export.directory(), export.exportId()));
    memory.discard(runId);
  }

  /**
   * Prepares the erasure of people: writes removal rows for every platform that they were ever sent
   * to, and has their hashes leave the private state once an export has removed them from every
   * list. Call it before the tables lose them.
   *
   * @param customerIds customer_id of who is erased
   * @param contacts contacts that still have them
   * @param erasureId names the directory of the files, below {@code erasures}
   * @return the files written; none where nobody of them was ever sent
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
                    settings, defaultRegion, memory, spark.sparkContext().hadoopConfiguration())
                .write(customers, ExportInputs.ofContacts(contacts), erasureId);
    memory.forget(customers);
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

  private boolean hasKnownColumns(Platform platform, ExportInputs inputs, Set<String> problems) {
    Set<String> unknown = inputs.unknownColumns(platform, settings);
    if (!unknown.isEmpty()) {
      problems.add(
          "Cannot export for "
              + platform.label()
              + ": export."
              + platform.label()
              + " names columns that customer_profile lacks: "
              + String.join(", ", unknown)
              + ". It has "
              + String.join(", ", inputs.profile().columns())
              + ".");
    }
    return unknown.isEmpty();
  }

  private boolean open(ExportList list, Set<String> problems) {
    try {
      files.open(list);
      return true;
    } catch (IOException e) {
      problems.add(
          "Cannot write the files of "
              + list
              + " below export.path '"
              + settings.path().orElseThrow()
              + "': "
              + e.getMessage()
              + ". Make it writable for who runs Perennial, or choose another export.path.");
      return false;
    }
  }
}
