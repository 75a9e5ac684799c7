package io.perennial.pipeline;

import io.perennial.config.AsOf;
import io.perennial.step.StepContext;
import io.perennial.table.RunRecord;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.Optional;

/** Chooses the as_of of a run: the requested day, else the day after the newest data. */
final class AsOfChoice {

  private AsOfChoice() {}

  /**
   * @throws IllegalStateException if the lake has no data to choose by, or as_of would move too far
   */
  static LocalDate of(StepContext context) {
    if (context.requestedAsOf().isPresent()) {
      return context.requestedAsOf().get();
    }
    Optional<LocalDate> newest =
        Steps.ALL.stream()
            .flatMap(step -> step.hooks().newestDay(context).stream())
            .max(Comparator.naturalOrder());
    Optional<LocalDate> current = context.current().flatMap(RunRecord::asOf);
    if (newest.isEmpty()) {
      return current.orElseThrow(
          () ->
              new IllegalStateException(
                  "Cannot choose as_of: the lake '"
                      + context.settings().lake().path()
                      + "' holds no valid order (a counted sale of more than 0). Check the mapping"
                      + " with `check`, or say --as-of YYYY-MM-DD."));
    }
    int maxGapDays = context.settings().lake().maxGapDays();
    return current
        .map(asOf -> AsOf.next(newest.get(), asOf, maxGapDays))
        .orElseGet(() -> AsOf.next(newest.get()));
  }
}
