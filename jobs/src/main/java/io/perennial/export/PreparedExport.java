package io.perennial.export;

import io.perennial.export.ListMerge.Change;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import scala.jdk.javaapi.CollectionConverters;

/**
 * An export whose files wait aside until the run is published.
 *
 * @param runId the run
 * @param lists what was made of each list
 * @param problems what could not be made, in words
 */
public record PreparedExport(String runId, List<Made> lists, List<String> problems) {

  /**
   * A list with its files.
   *
   * @param list the list
   * @param counts from targets to rows
   * @param files as named
   * @param warnings what to know before uploading
   * @param record for {@code sent_exports}
   */
  record Made(
      ExportList list,
      ListCounts counts,
      List<WrittenFile> files,
      List<String> warnings,
      SentExport record) {

    long rows(ListWriter.Kind kind) {
      return Manifest.rows(files, kind);
    }
  }

  /** Whether there is nothing to publish. */
  public boolean isEmpty() {
    return lists.isEmpty();
  }

  /** Rows of {@code audience_exports}. */
  public List<Row> rows() {
    return lists.stream().map(this::row).toList();
  }

  private Row row(Made made) {
    ListCounts counts = made.counts();
    return RowFactory.create(
        java.sql.Date.valueOf(made.record().asOf()),
        made.list().audience(),
        made.list().platform().label(),
        made.list().exportId(),
        runId,
        made.list().format().ruleVersion(),
        counts.targets(),
        counts.heldOut(),
        counts.unusable(),
        counts.sharedWithControl(),
        counts.sameRow(),
        made.rows(ListWriter.Kind.FULL),
        made.rows(ListWriter.Kind.ADD),
        made.rows(ListWriter.Kind.REMOVE),
        counts.badEmails(),
        counts.badPhones(),
        made.list().published(),
        sequence(
            made.files().stream()
                .map(
                    file ->
                        RowFactory.create(
                            file.name(), file.kind(), file.rows(), file.bytes(), file.sha256()))
                .toList()),
        sequence(made.warnings()));
  }

  private static <T> scala.collection.Seq<T> sequence(List<T> list) {
    return CollectionConverters.asScala(list).toSeq();
  }

  /** What the user is told: a line per platform, and what to know before uploading. */
  public List<String> summary() {
    Map<String, long[]> sums = new TreeMap<>();
    Map<String, StringBuilder> warned = new TreeMap<>();
    for (Made made : lists) {
      long[] sum = sums.computeIfAbsent(made.list().platform().label(), platform -> new long[4]);
      sum[0]++;
      sum[1] += made.rows(ListWriter.Kind.FULL);
      sum[2] += made.rows(ListWriter.Kind.ADD);
      sum[3] += made.rows(ListWriter.Kind.REMOVE);
      for (String warning : made.warnings()) {
        warned
            .computeIfAbsent(
                made.list().platform().label() + ": " + warning, text -> new StringBuilder())
            .append(made.list().audience())
            .append(" (")
            .append(made.rows(ListWriter.Kind.FULL))
            .append("), ");
      }
    }
    List<String> lines = new java.util.ArrayList<>();
    sums.forEach(
        (platform, sum) ->
            lines.add(
                String.format(
                    java.util.Locale.ROOT,
                    "%-8s %3d lists %,10d rows %,10d to add %,10d to remove",
                    platform,
                    sum[0],
                    sum[1],
                    sum[2],
                    sum[3])));
    warned.forEach(
        (warning, audiences) ->
            lines.add(
                "note on " + warning + ": " + audiences.substring(0, audiences.length() - 2)));
    return lines;
  }

  /** The change that a row of the private state stands for. */
  static Optional<Change> change(Row row) {
    return Optional.ofNullable(row.<String>getAs(ExportColumns.CHANGE.name())).map(Change::valueOf);
  }
}
