package io.perennial.pipeline;

import io.perennial.step.Fingerprint;
import io.perennial.step.Step;
import io.perennial.step.StepContext;
import io.perennial.table.Table;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Which steps are up to date, by the fingerprints of their inputs. */
final class StepState {

  /** Stands for the fingerprint of a step that has to run again. */
  private static final String INCOMPLETE = "";

  private final Map<String, String> fingerprints;

  /**
   * @param fingerprints by step name, as the last published run left them
   */
  StepState(Map<String, String> fingerprints) {
    this.fingerprints = new TreeMap<>(fingerprints);
  }

  /** By step name, for the record of the run. */
  Map<String, String> fingerprints() {
    return Collections.unmodifiableMap(fingerprints);
  }

  boolean isUpToDate(Step step, StepContext context) {
    return hasFingerprint(step, Fingerprint.of(step, context));
  }

  boolean hasFingerprint(Step step, String fingerprint) {
    return fingerprint.equals(fingerprints.get(step.name()));
  }

  void complete(Step step, String fingerprint) {
    fingerprints.put(step.name(), fingerprint);
  }

  void incomplete(Step step) {
    fingerprints.put(step.name(), INCOMPLETE);
  }

  /** Marks steps incomplete whose snapshots of other days may be among those that expired. */
  void expired(Set<Table> tables, StepContext context) {
    Steps.ALL.stream()
        .filter(step -> step.usesAsOf() && step.writes().stream().anyMatch(tables::contains))
        .filter(step -> isComplete(step) && !isUpToDate(step, context))
        .forEach(this::incomplete);
  }

  /** Renews the fingerprints of complete steps after versions changed and contents did not. */
  void versionsChanged(List<Step> steps, StepContext context) {
    steps.stream()
        .filter(this::isComplete)
        .forEach(step -> complete(step, Fingerprint.of(step, context)));
  }

  /**
   * Makes sure that a snapshot which exists only as of other days is not taken for an empty one.
   *
   * @throws IllegalStateException naming the steps whose snapshots the step would miss
   */
  void requireSnapshotsFor(Step step, StepContext context) {
    List<String> missing =
        Steps.ALL.stream()
            .filter(other -> other.writes().stream().anyMatch(table -> lacks(step, table, context)))
            .filter(other -> isComplete(other) && !isUpToDate(other, context))
            .map(Step::name)
            .toList();
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          "Cannot make "
              + step.name()
              + " as of "
              + context.asOf()
              + ": it is made of "
              + String.join(", ", missing)
              + ", of which there is only another day. Run `run`, which makes everything in order.");
    }
  }

  private boolean isComplete(Step step) {
    return !fingerprints.getOrDefault(step.name(), INCOMPLETE).equals(INCOMPLETE);
  }

  private static boolean lacks(Step step, Table table, StepContext context) {
    return table.isSnapshot()
        && step.reads().contains(table)
        && !context.store().hasSnapshot(table, context.asOf());
  }
}
