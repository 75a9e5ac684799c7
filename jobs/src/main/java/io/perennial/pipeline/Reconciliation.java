package io.perennial.pipeline;

import io.perennial.step.QualityGateException;
import io.perennial.step.Step;
import io.perennial.step.StepContext;
import io.perennial.step.StepHooks;
import io.perennial.table.RunRecord.IdentityCheck;
import java.util.List;

/** The gate on the identities that steps declare between their tables. */
final class Reconciliation {

  private Reconciliation() {}

  /** The checks of all steps; of a step that uses as_of only if it is up to date. */
  static List<IdentityCheck> check(StepContext context, StepState state) {
    return Steps.ALL.stream()
        .filter(step -> step.hooks() != StepHooks.NONE)
        .filter(step -> !step.usesAsOf() || state.isUpToDate(step, context))
        .map(Step::hooks)
        .flatMap(hooks -> hooks.reconcile(context).stream())
        .toList();
  }

  /**
   * @throws QualityGateException naming the first identity that does not hold
   */
  static void require(List<IdentityCheck> checks) {
    checks.stream()
        .filter(check -> !check.holds())
        .findFirst()
        .ifPresent(
            check -> {
              throw new QualityGateException(
                  "Cannot publish: the figures do not reconcile. "
                      + check.identity()
                      + ": "
                      + check.left()
                      + " is not "
                      + check.right()
                      + ". This is a fault of Perennial's: keep the lake and report it.",
                  checks);
            });
  }
}
