package io.perennial.pipeline;

import io.perennial.step.Step;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a run is asked to do.
 *
 * @param command recorded in {@code runs}
 * @param steps in the order in which they run
 * @param asOf where the user named one
 * @param isRebuild whether every step starts from nothing
 * @param erasedCustomerIds people to remove; the run then reads no new files
 */
public record RunRequest(
    String command,
    List<Step> steps,
    Optional<LocalDate> asOf,
    boolean isRebuild,
    Set<String> erasedCustomerIds) {

  public static RunRequest of(String command, List<Step> steps) {
    return new RunRequest(command, steps, Optional.empty(), false, Set.of());
  }

  static RunRequest erasure(List<Step> steps, Set<String> customerIds) {
    return new RunRequest("erase", steps, Optional.empty(), false, customerIds);
  }

  public RunRequest asOf(LocalDate day) {
    return new RunRequest(command, steps, Optional.of(day), isRebuild, erasedCustomerIds);
  }

  public RunRequest rebuilding() {
    return new RunRequest(command, steps, asOf, true, erasedCustomerIds);
  }

  boolean isErasure() {
    return !erasedCustomerIds.isEmpty();
  }

  /** Whether the run only works on what an earlier run read from the lake. */
  boolean isStageCommand() {
    return steps.stream().noneMatch(Step::readsLake);
  }
}
