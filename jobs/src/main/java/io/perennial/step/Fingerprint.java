package io.perennial.step;

import io.perennial.config.Settings;
import io.perennial.config.Sha256;
import io.perennial.config.Version;
import io.perennial.table.RunRecord;
import io.perennial.table.Table;
import java.time.LocalDate;
import java.util.Optional;
import java.util.function.Function;

/** What a step's result depends on, as one hash: equal means that it need not be made again. */
public final class Fingerprint {

  private Fingerprint() {}

  public static String of(Step step, StepContext context) {
    return of(
        step,
        context,
        table -> context.store().version(table),
        step.usesAsOf() ? Optional.of(context.asOf()) : Optional.empty());
  }

  /**
   * What it was in an earlier run, where it meant the same by configuration and code: of the
   * versions of the tables that the step reads, and the as_of, which that run published.
   */
  public static String asIn(RunRecord run, Step step, StepContext context) {
    return of(
        step, context, table -> Optional.ofNullable(run.tables().get(table.name())), run.asOf());
  }

  private static String of(
      Step step,
      StepContext context,
      Function<Table, Optional<Long>> versions,
      Optional<LocalDate> asOf) {
    StringBuilder text = new StringBuilder(Version.TEXT);
    text.append('|').append(context.settings().subset(step.keys().toArray(String[]::new)));
    for (Table table : step.reads()) {
      text.append('|').append(table.name()).append('=').append(versions.apply(table).orElse(-1L));
    }
    if (step.usesAsOf()) {
      text.append('|').append(asOf.orElseThrow());
    }
    text.append('|').append(step.also().apply(context));
    return Sha256.hex(text.toString());
  }

  public static String of(Settings settings) {
    return Sha256.hex(settings.rendered().toString());
  }
}
