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
import java.util.function.Function;
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
   * @param spans gives the spans of the orders in order_lines, if known and worth reading
   */
  public static Step orderLines(Function<StepContext, OrderSpans> spans) {
    return Step.named(
            ORDER_LINES,
            List.of(),
            List.of(OrderLinesTable.TABLE, RejectsTable.TABLE, IngestedFilesTable.TABLE),
            LAKE_KEYS,
            context -> ingest(context, spans))
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

  private static StepResult ingest(StepContext context, Function<StepContext, OrderSpans> spans) {
    Ingest ingest =
        new Ingest(
            new Ingest.Inputs(
                context.spark(),
                context.settings(),
                context.store(),
                context.runId(),
                context.erasures(),
                spans.apply(context),
                context::say));
    boolean isMeaningChanged = isMeaningChanged(context);
    if (isMeaningChanged && !context.isRebuild()) {
      ingest.requireNoFileMissing();
    }
    Ingest.Mode mode =
        context.isRebuild() || isMeaningChanged
            ? Ingest.Mode.REBUILD
            : context.isErasure() ? Ingest.Mode.ERASE : Ingest.Mode.REFRESH;
    Ingest.Result result = ingest.run(mode);
    if (result.areErasedPeopleRemoved()) {
      requireNewestAsOf(context);
    }
    if (!context.isErasure()) {
      RejectGate.check(context, result.files());
    }
    return new StepResult(
        String.format(
            Locale.ROOT,
            "%,d records of %,d of %,d files read",
            result.recordsRead(),
            result.filesRead(),
            result.files().size()),
        List.of(),
        List.of(),
        List.of(),
        result.areErasedPeopleRemoved());
  }

  /** Whether the mapping, the shop or the code changed since the lines were written. */
  private static boolean isMeaningChanged(StepContext context) {
    Step step = orderLines(unused -> OrderSpans.UNKNOWN);
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
