package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.step.QualityGateException;
import io.perennial.step.StepContext;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

/** Stops a run whose lake, or a file of it, has more unusable records than allowed. */
public final class RejectGate {

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
        .select(explode(RejectsTable.REASONS.col()).as("reason"))
        .groupBy(regexp_replace(col("reason"), "(?s): .*$", "").as("kind"))
        .agg(count(lit(1)).as("n"), max(col("reason")).as("example"))
        .orderBy(col("n").desc(), col("kind"))
        .limit(5)
        .collectAsList()
        .stream()
        .map((Row row) -> row.getString(2) + " (" + row.getLong(1) + " times)")
        .collect(Collectors.joining("; "));
  }
}
