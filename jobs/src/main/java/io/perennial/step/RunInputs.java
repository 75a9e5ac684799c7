package io.perennial.step;

import io.perennial.config.Settings;
import io.perennial.state.Erasures;
import io.perennial.table.RunRecord;
import io.perennial.table.Runs;
import io.perennial.table.TableStore;
import java.time.LocalDate;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;

/**
 * What is known of a run before its first step.
 *
 * @param runs all runs of the warehouse
 * @param current the run that readers see while this one works
 * @param latest the run whose tables this one builds on
 * @param requestedAsOf as_of, where the user named one
 * @param isRebuild whether every step starts from nothing
 * @param isErasure whether the run only removes people and reads no new files
 * @param messages receives lines for the user
 */
public record RunInputs(
    SparkSession spark,
    Settings settings,
    TableStore store,
    String runId,
    Runs runs,
    Optional<RunRecord> current,
    Optional<RunRecord> latest,
    Erasures erasures,
    Optional<LocalDate> requestedAsOf,
    boolean isRebuild,
    boolean isErasure,
    Consumer<String> messages) {}
