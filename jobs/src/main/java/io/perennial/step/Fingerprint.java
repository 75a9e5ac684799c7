package io.perennial.step;

import io.perennial.config.Settings;
import io.perennial.config.Sha256;
import io.perennial.config.Version;
import io.perennial.table.RunRecord;
import io.perennial.table.Table;
import java.time.LocalDate;
import java.util.Optional;
import java.util.function.Function;

/** Everything that a step's result depends on, as one hash: an equal hash means an equal result. */
public final class Fingerprint {

  private Fingerprint() {}

  public static String of(Step step, StepContext context) {
    return of(
        step, context, context.store()::version, step.usesAsOf() ? context.asOf().toString() : "");
  }

  /**
   * The fingerprint that today's code and configuration give to a step of an earlier run, at the
   * table versions and the as_of that the run published.
   */
  public static String asIn(RunRecord run, Step step, StepContext context) {
    return of(
        step,
        context,
        table -> Optional.ofNullable(run.tables().get(table.name())),
        step.usesAsOf() ? run.asOf().map(LocalDate::toString).orElseThrow() : "");
  }

  /**
   * Whether configuration and code are those of an earlier run, as far as a step depends on them.
   */
  public static boolean isUnchangedSince(RunRecord run, Step step, StepContext context) {
    return (run.configHash().equals(of(context.settings())) && run.version().equals(Version.TEXT))
        || isOfInputsIn(run, step, context);
  }

  /** Whether a run's tables are what today's code and configuration make of the run's inputs. */
  public static boolean isOfInputsIn(RunRecord run, Step step, StepContext context) {
    return asIn(run, step, context).equals(run.steps().get(step.name()));
  }

  /** The hash of the whole configuration. */
  public static String of(Settings settings) {
    return Sha256.hex(settings.rendered().toString());
  }

  private static String of(
      Step step, StepContext context, Function<Table, Optional<Long>> versions, String asOf) {
    StringBuilder text = new StringBuilder(Version.TEXT);
    text.append('|').append(context.settings().subset(step.keys().toArray(String[]::new)));
    for (Table table : step.reads()) {
      text.append('|').append(table.name()).append('=').append(versions.apply(table).orElse(-1L));
    }
    if (step.usesAsOf()) {
      text.append('|').append(asOf);
    }
    text.append('|').append(step.fingerprint().apply(context));
    return Sha256.hex(text.toString());
  }
}
