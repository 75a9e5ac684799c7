package io.perennial.export;

import java.time.LocalDate;
import java.util.List;

/**
 * One export of one run.
 *
 * @param runId the run that exports
 * @param asOf as_of of the run
 * @param inputs the datasets to export
 * @param plan the plan, which knows the exports before this one
 * @param lists the lists to write; each one's index is its place here
 */
record ExportRun(
    String runId, LocalDate asOf, ExportInputs inputs, ExportPlan plan, List<ExportList> lists) {

  /** The lists of audiences that are configured. */
  List<ExportList> activeLists() {
    return lists.stream().filter(list -> !list.isRetired()).toList();
  }
}
