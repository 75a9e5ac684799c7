package io.perennial.step;

import java.util.List;

/**
 * What a step did.
 *
 * @param note shown beside rows and seconds; may be empty
 * @param refusals what gates kept from being published, while the run goes on
 * @param failures what could not be done, while the run goes on; the step runs again next time
 * @param afterPublication actions to run once the run is published, and not otherwise
 * @param removedErasedPeople whether the step found and removed people who are erased
 */
public record StepResult(
    String note,
    List<String> refusals,
    List<String> failures,
    List<Runnable> afterPublication,
    boolean removedErasedPeople) {

  public static StepResult done() {
    return done("");
  }

  public static StepResult done(String note) {
    return new StepResult(note, List.of(), List.of(), List.of(), false);
  }

  public static StepResult refused(String note, List<String> refusals) {
    return new StepResult(note, refusals, List.of(), List.of(), false);
  }
}
