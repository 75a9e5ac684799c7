package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.Settings;
import io.perennial.lake.LakeFile;
import io.perennial.lake.LakeListing;
import io.perennial.step.Fingerprint;
import io.perennial.step.Step;
import io.perennial.step.StepContext;
import io.perennial.step.StepHooks;
import io.perennial.step.StepResult;
import io.perennial.table.RunRecord;
import io.perennial.table.TableStore;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The step that reads the lake's files into order_lines, rejects and ingested_files. */
public final class IngestSteps {

  /** The step's name. */
  public static final String ORDER_LINES = "order_lines";

  /** A change of one of these gives the lake's records another meaning: all are read again. */
  private static final List<String> LAKE_KEYS =
      List.of(
          "shop.time-zone",
          "shop.currency",
          "lake.path",
          "lake.source",
          "lake.format",
          "lake.earliest",
          "lake.latest",
          "contacts",
          "source");

  private IngestSteps() {}

  /**
   * @param orders gives the rows of orders where they are those of the current order_lines and
   *     worth reading: looking up earlier lines by their orders is faster
   */
  public static Step orderLines(Function<StepContext, Optional<Dataset<Row>>> orders) {
    return Step.named(
            ORDER_LINES,
            List.of(),
            List.of(OrderLinesTable.TABLE, RejectsTable.TABLE, IngestedFilesTable.TABLE),
            LAKE_KEYS,
            context -> ingest(context, orders))
        .with(new Hooks());
  }

  /** Bytes of the lake's files as they were last read. */
  public static long bytesRead(TableStore store) {
    return store
        .read(IngestedFilesTable.TABLE)
        .agg(coalesce(sum(IngestedFilesTable.SIZE.col()), lit(0L)))
        .first()
        .getLong(0);
  }

  private static StepResult ingest(
      StepContext context, Function<StepContext, Optional<Dataset<Row>>> orders) {
    Ingest ingest =
        new Ingest(
                context.spark(),
                context.settings(),
                context.store(),
                context.runId(),
                context::say,
                Optional.of(context.erasures()),
                context.isErasure())
            .knowing(orders.apply(context));
    boolean isMeaningChanged = isMeaningChanged(context);
    if (isMeaningChanged && !context.isRebuild()) {
      ingest.requireNothingGone();
    }
    Ingest.Outcome outcome = ingest.run(context.isRebuild() || isMeaningChanged);
    if (outcome.areErasedPeopleRemoved()) {
      requireNewestAsOf(context);
    }
    if (!context.isErasure()) {
      RejectGate.check(context, outcome.files());
    }
    return new StepResult(
        String.format(
            Locale.ROOT,
            "%,d records of %,d of %,d files read",
            outcome.recordsRead(),
            outcome.filesRead(),
            outcome.files().size()),
        List.of(),
        List.of(),
        List.of(),
        outcome.areErasedPeopleRemoved());
  }

  /** Whether the mapping, the shop or the code changed since the lines were written. */
  private static boolean isMeaningChanged(StepContext context) {
    Step step = orderLines(unused -> Optional.empty());
    return context
        .latest()
        .map(run -> run.steps().get(ORDER_LINES))
        .filter(before -> !before.equals(Fingerprint.of(step, context)))
        .isPresent();
  }

  /** After an erasure no earlier run can be read, so this run must become the current one. */
  private static void requireNewestAsOf(StepContext context) {
    context
        .current()
        .flatMap(RunRecord::asOf)
        .filter(newest -> context.requestedAsOf().filter(newest::isAfter).isPresent())
        .ifPresent(
            newest -> {
              throw new IllegalStateException(
                  "Cannot run as of "
                      + context.requestedAsOf().get()
                      + ": the tables hold people who are erased, and what is read as of "
                      + newest
                      + " would be lost with their records. Run `run` without --as-of first.");
            });
  }

  private static final class Hooks implements StepHooks {

    @Override
    public long inputBytes(StepContext context, boolean isRunning) {
      return isRunning
          ? lakeBytes(context.spark(), context.settings())
          : bytesRead(context.store());
    }

    private static long lakeBytes(SparkSession spark, Settings settings) {
      return LakeListing.listOrNone(spark, settings.lake().path(), settings.source().format())
          .stream()
          .mapToLong(LakeFile::size)
          .sum();
    }

    @Override
    public void beforePublication(StepContext context) {
      RejectsRetention.apply(
          context.store(),
          context.allRuns(),
          context.asOf(),
          context.settings().lake().rejectsRetentionDays());
    }
  }
}
