package io.perennial.step;

import io.perennial.table.Table;
import java.util.List;
import java.util.function.Function;

/**
 * A step of the pipeline: reads published tables, writes others.
 *
 * @param name what users see
 * @param reads tables that its result depends on
 * @param writes tables that it writes
 * @param keys configuration keys (or prefixes of keys) that its result depends on
 * @param usesAsOf whether its result depends on as_of
 * @param also what else its result depends on, as text: equal text means that nothing changed
 * @param action does the work
 */
public record Step(
    String name,
    List<Table> reads,
    List<Table> writes,
    List<String> keys,
    boolean usesAsOf,
    Function<StepContext, String> also,
    Action action) {

  /** The work of a step. */
  public interface Action {
    /**
     * @return what to tell the user beside rows and seconds; may be empty
     */
    String run(StepContext context);
  }

  public static Step named(
      String name, List<Table> reads, List<Table> writes, List<String> keys, Action action) {
    return new Step(name, reads, writes, keys, false, context -> "", action);
  }

  public Step asOf() {
    return new Step(name, reads, writes, keys, true, also, action);
  }

  /** The same step where its result depends on something that is no table and no key. */
  public Step alsoOn(Function<StepContext, String> what) {
    return new Step(name, reads, writes, keys, usesAsOf, what, action);
  }
}
