package io.perennial;

import io.perennial.table.Table;
import java.util.List;

/**
 * A step of the pipeline: reads published tables, writes others.
 *
 * @param name what users see
 * @param reads tables that its result depends on
 * @param writes tables that it writes
 * @param keys configuration keys (or prefixes of keys) that its result depends on
 * @param usesAsOf whether its result depends on as_of
 * @param action does the work
 */
record Step(
    String name,
    List<Table> reads,
    List<Table> writes,
    List<String> keys,
    boolean usesAsOf,
    Action action) {

  /** The work of a step. */
  interface Action {
    /**
     * @return what to tell the user beside rows and seconds; may be empty
     */
    String run(RunContext context);
  }

  static Step named(
      String name, List<Table> reads, List<Table> writes, List<String> keys, Action action) {
    return new Step(name, reads, writes, keys, false, action);
  }

  Step asOf() {
    return new Step(name, reads, writes, keys, true, action);
  }
}
