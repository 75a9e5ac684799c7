package io.perennial.export;

import java.time.LocalDate;
import java.util.List;

/**
 * One export of one run.
 *
 * @param plan knows the exports before this one
 * @param lists the lists to write; each one's index is its place here
 */
record ExportRun(
    String runId, LocalDate asOf, ExportInputs inputs, ExportPlan plan, List<ExportList> lists) {}
