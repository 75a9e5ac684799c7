package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.step.QualityGateException;
import io.perennial.step.StepContext;
import io.perennial.table.Field;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

/** Stops a run if the lake or a single file has a greater share of rejects than allowed. */
public final class RejectGate {

  private static final Field REASON = Field.text("reason", "Reason of a reject.");
  private static final Field KIND = Field.text("kind", "Reason without the offending value.");
  private static final Field REJECTS = Field.count("rejects", "Rejects with the reason.");

  private RejectGate() {}

  /**
   * @throws QualityGateException naming the share, the file and the most common reasons
   */
  public static void check(StepContext context, List<FileEntry> files) {
    double allowed = context.settings().lake().maxRejectShare();
    long records = files.stream().mapToLong(FileEntry::records).sum();
    long rejected = files.stream().mapToLong(FileEntry::rejected).sum();
    Optional<FileEntry> worst =
        files.stream()
            .filter(file -> file.rejected() > allowed * file.records())
            .max(Comparator.comparingDouble(file -> (double) file.rejected() / file.records()));
    if (worst.isEmpty() && rejected <= allowed * records) {
      return;
    }
    String where =
        worst
            .map(file -> share(file.rejected(), file.records()) + " of file '" + file.path() + "'")
            .orElse(share(rejected, records) + " of the lake");
    throw new QualityGateException(
        "Cannot publish: "
            + where
            + " cannot be used (lake.max-reject-share = "
            + allowed
            + "; the lake: "
            + share(rejected, records)
            + "). Most common reasons: "
            + reasons(context)
            + ". Correct the mapping or the file (`check` shows what records become), or allow a"
            + " greater share.");
  }

  private static String share(long rejected, long records) {
    return String.format(
        Locale.ROOT, "%,d of %,d records (%.1f %%)", rejected, records, 100.0 * rejected / records);
  }

  private static String reasons(StepContext context) {
    return context
        .store()
        .read(RejectsTable.TABLE)
        .select(explode(RejectsTable.REASONS.col()).as(REASON.name()))
        .groupBy(regexp_replace(REASON.col(), "(?s): .*$", "").as(KIND.name()))
        .agg(count(lit(1)).as(REJECTS.name()), max(REASON.col()))
        .orderBy(REJECTS.col().desc(), KIND.col())
        .limit(5)
        .collectAsList()
        .stream()
        .map((Row row) -> row.getString(2) + " (" + row.getLong(1) + " times)")
        .collect(Collectors.joining("; "));
  }
}
