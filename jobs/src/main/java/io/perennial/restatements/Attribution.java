package io.perennial.restatements;

import io.perennial.table.Table;
import java.time.LocalDate;
import java.util.Set;

/**
 * The causes that changed cells of a run have beyond changes of their lines.
 *
 * @param reconfigured tables that configuration or code now computes differently
 * @param fallback causes of a cell that nothing else explains
 * @param asOf as_of of the run
 * @param runId the run
 */
public record Attribution(
    Set<Table> reconfigured, Set<RestatementCause> fallback, LocalDate asOf, String runId) {}
