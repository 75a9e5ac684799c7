package io.perennial.step;

import io.perennial.table.Table;
import java.util.List;
import java.util.function.Function;

/**
 * A step of the pipeline: reads tables, writes others. A step that reads no table reads the lake
 * and runs every time, since only it can tell whether files changed.
 *
 * @param name shown to users
 * @param reads tables that the result depends on
 * @param writes tables that the step writes; the first one carries the step's row count
 * @param keys configuration keys, or prefixes of keys, that the result depends on
 * @param usesAsOf whether the result depends on as_of
 * @param fingerprint further dependencies as text: equal text means that nothing changed
 * @param action does the work
 * @param hooks what the step does before and after the work of a run
 */
public record Step(
    String name,
    List<Table> reads,
    List<Table> writes,
    List<String> keys,
    boolean usesAsOf,
    Function<StepContext, String> fingerprint,
    Action action,
    StepHooks hooks) {

  /** The work of a step. */
  public interface Action {
    StepResult run(StepContext context);
  }

  public static Step named(
      String name, List<Table> reads, List<Table> writes, List<String> keys, Action action) {
    return new Step(name, reads, writes, keys, false, context -> "", action, StepHooks.NONE);
  }

  /** The same step, remade for every as_of. */
  public Step asOf() {
    return new Step(name, reads, writes, keys, true, fingerprint, action, hooks);
  }

  /** The same step, which also depends on something that is neither a table nor a key. */
  public Step dependingOn(Function<StepContext, String> dependency) {
    return new Step(name, reads, writes, keys, usesAsOf, dependency, action, hooks);
  }

  /** The same step with hooks. */
  public Step with(StepHooks stepHooks) {
    return new Step(name, reads, writes, keys, usesAsOf, fingerprint, action, stepHooks);
  }

  public boolean readsLake() {
    return reads.isEmpty();
  }
}
