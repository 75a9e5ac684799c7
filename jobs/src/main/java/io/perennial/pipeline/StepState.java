package io.perennial.pipeline;

import io.perennial.step.Fingerprint;
import io.perennial.step.Step;
import io.perennial.step.StepContext;
import io.perennial.table.RunRecord;
import io.perennial.table.Table;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Which steps are up to date, by the fingerprints of what they were made of. */
final class StepState {

  /** Instead of the fingerprint of a step that has to be done again. */
  private static final String UNFINISHED = "";

  private final StepContext context;
  private final Map<String, String> fingerprints;

  /** As the last published run left them. */
  StepState(StepContext context) {
    this.context = context;
    this.fingerprints = new TreeMap<>(context.latest().map(RunRecord::steps).orElse(Map.of()));
  }

  /** By the names of steps, for the record of the run. */
  Map<String, String> fingerprints() {
    return Collections.unmodifiableMap(fingerprints);
  }

  boolean isUpToDate(Step step) {
    return isMadeOf(step, Fingerprint.of(step, context));
  }

  /** Whether a step is whole and was made of what a fingerprint tells. */
  boolean isMadeOf(Step step, String fingerprint) {
    return fingerprint.equals(fingerprints.get(step.name()));
  }

  /**
   * @param fingerprint what it was made of
   * @param isWhole whether all of it could be done
   */
  void made(Step step, String fingerprint, boolean isWhole) {
    fingerprints.put(step.name(), isWhole ? fingerprint : UNFINISHED);
  }

  /** Notes that tables lost snapshots: what was made as of another day may be among them. */
  void lostSnapshots(Set<Table> tables) {
    Steps.ALL.stream()
        .filter(step -> step.usesAsOf() && step.writes().stream().anyMatch(tables::contains))
        .filter(step -> !isUpToDate(step))
        .forEach(step -> fingerprints.computeIfPresent(step.name(), (name, made) -> UNFINISHED));
  }

  /** Notes that versions moved and contents did not: what was whole still is. */
  void onlyVersionsMoved(List<Step> steps) {
    steps.stream()
        .filter(this::isWhole)
        .forEach(step -> fingerprints.put(step.name(), Fingerprint.of(step, context)));
  }

  /**
   * A snapshot that was made before, but not as of this day, is not taken for one without rows.
   *
   * @throws IllegalStateException naming the steps whose snapshots the step would miss
   */
  void requireSnapshotsFor(Step step) {
    List<String> missing =
        Steps.ALL.stream()
            .filter(made -> made.writes().stream().anyMatch(table -> lacksDay(step, table)))
            .filter(made -> isWhole(made) && !isUpToDate(made))
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

  private boolean isWhole(Step step) {
    return !fingerprints.getOrDefault(step.name(), UNFINISHED).equals(UNFINISHED);
  }

  private boolean lacksDay(Step step, Table table) {
    return table.isSnapshot()
        && step.reads().contains(table)
        && !context.store().hasSnapshot(table, context.asOf());
  }
}
