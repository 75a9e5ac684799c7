package io.perennial.export;

import java.sql.Date;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import scala.jdk.javaapi.CollectionConverters;

/**
 * An export whose files wait in staging until the run is published.
 *
 * @param runId the run
 * @param lists the lists written
 * @param problems messages about lists that could not be written
 */
public record PreparedExport(String runId, List<PreparedList> lists, List<String> problems) {

  /**
   * A list with its files.
   *
   * @param list the list
   * @param counts from targets to rows
   * @param files the files, by their final names
   * @param warnings notes for the upload
   * @param record the row of {@code sent_exports}
   */
  record PreparedList(
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

  private Row row(PreparedList prepared) {
    ListCounts counts = prepared.counts();
    return RowFactory.create(
        Date.valueOf(prepared.record().asOf()),
        prepared.list().audience(),
        prepared.list().platform().label(),
        prepared.list().exportId(),
        runId,
        prepared.list().format().ruleVersion(),
        counts.targets(),
        counts.heldOut(),
        counts.unusable(),
        counts.sharedWithControl(),
        counts.sameRow(),
        prepared.rows(ListWriter.Kind.FULL),
        prepared.rows(ListWriter.Kind.ADD),
        prepared.rows(ListWriter.Kind.REMOVE),
        counts.badEmails(),
        counts.badPhones(),
        prepared.list().publishedDirectory(),
        sequence(
            prepared.files().stream()
                .map(
                    file ->
                        RowFactory.create(
                            file.name(), file.kind(), file.rows(), file.bytes(), file.sha256()))
                .toList()),
        sequence(prepared.warnings()));
  }

  private static <T> scala.collection.Seq<T> sequence(List<T> list) {
    return CollectionConverters.asScala(list).toSeq();
  }

  /**
   * Lines for the user: one per platform, and the warnings with the audiences that they concern.
   */
  public List<String> summary() {
    Map<String, long[]> sums = new TreeMap<>();
    Map<String, StringBuilder> warned = new TreeMap<>();
    for (PreparedList prepared : lists) {
      long[] sum =
          sums.computeIfAbsent(prepared.list().platform().label(), platform -> new long[4]);
      sum[0]++;
      sum[1] += prepared.rows(ListWriter.Kind.FULL);
      sum[2] += prepared.rows(ListWriter.Kind.ADD);
      sum[3] += prepared.rows(ListWriter.Kind.REMOVE);
      for (String warning : prepared.warnings()) {
        warned
            .computeIfAbsent(
                prepared.list().platform().label() + ": " + warning, text -> new StringBuilder())
            .append(prepared.list().audience())
            .append(" (")
            .append(prepared.rows(ListWriter.Kind.FULL))
            .append("), ");
      }
    }
    List<String> lines = new ArrayList<>();
    sums.forEach(
        (platform, sum) ->
            lines.add(
                String.format(
                    Locale.ROOT,
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
}
