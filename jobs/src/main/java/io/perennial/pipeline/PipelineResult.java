package io.perennial.pipeline;

import io.perennial.table.RunRecord;
import java.util.List;

/**
 * A published run.
 *
 * @param run its row in the table of runs
 * @param refusals what gates kept from being published, although the rest of the run was
 * @param failures what could not be done, although the rest of the run was published
 */
public record PipelineResult(RunRecord run, List<String> refusals, List<String> failures) {}
