package io.perennial.step;

import io.perennial.config.Settings;
import io.perennial.table.RunRecord.IdentityCheck;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.SparkSession;

/**
 * What a step does in a run apart from its work. The pipeline calls the hooks of every step it
 * knows, also of those that do not run; only {@link #validate} is called for running steps alone.
 */
public interface StepHooks {

  /** The hooks of a step that has nothing but its work. */
  StepHooks NONE = new StepHooks() {};

  /**
   * Checks, before any work, what only this step needs.
   *
   * @throws io.perennial.config.ConfigurationException with all problems at once
   */
  default void validate(SparkSession spark, Settings settings) {}

  /** Bytes that the run will read, as far as this step can tell; the session is sized by them. */
  default long inputBytes(StepContext context, boolean isRunning) {
    return 0;
  }

  /**
   * Repairs what a run left that died before it was published.
   *
   * @return what could not be repaired; a failure that the run reports while it goes on
   */
  default List<String> recover(StepContext context) {
    return List.of();
  }

  /** Runs before an erasure removes people from the tables. */
  default void beforeErasure(StepContext context, Set<String> customerIds) {}

  /** The newest local day with data; as_of defaults to the day after it. */
  default Optional<LocalDate> newestDay(StepContext context) {
    return Optional.empty();
  }

  /**
   * Checks the identities between this step's tables and those before them. For a step that uses
   * as_of it is called only when its tables belong to the run's as_of.
   */
  default List<IdentityCheck> reconcile(StepContext context) {
    return List.of();
  }

  /** Runs after reconciliation, before publication. */
  default void beforePublication(StepContext context) {}
}
