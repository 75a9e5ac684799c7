package io.perennial;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.regexp_replace;

import io.perennial.lake.RejectsTable;
import io.perennial.orders.FileCounts;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

/** Stops a run whose lake, or a file of it, has more unusable records than allowed. */
final class RejectGate {

  private RejectGate() {}

  /**
   * @throws Refusal naming the share, the file and the most common reasons
   */
  static void check(RunContext context, List<FileCounts> files) {
    double allowed = context.settings().lake().maxRejectShare();
    long records = files.stream().mapToLong(FileCounts::records).sum();
    long rejected = files.stream().mapToLong(FileCounts::rejected).sum();
    Optional<FileCounts> worst =
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
    throw new Refusal(
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

  private static String reasons(RunContext context) {
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
