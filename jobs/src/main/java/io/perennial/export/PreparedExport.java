package io.perennial.export;

import io.perennial.export.ListWriter.Kind;
import java.sql.Date;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import scala.jdk.javaapi.CollectionConverters;

/**
 * An export whose files wait in staging until the run is published.
 *
 * @param problems messages about lists that could not be written
 */
public record PreparedExport(String runId, List<PreparedList> lists, List<String> problems) {

  /**
   * A list with its files.
   *
   * @param files by their final names
   * @param warnings notes for the upload
   * @param record the row of {@code sent_exports}
   */
  record PreparedList(
      ExportList list,
      ListCounts counts,
      List<WrittenFile> files,
      List<String> warnings,
      SentExport record) {

    String platform() {
      return list.platform().label();
    }

    long rows(Kind kind) {
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
        prepared.platform(),
        prepared.list().exportId(),
        runId,
        prepared.list().format().ruleVersion(),
        counts.targets(),
        counts.heldOut(),
        counts.unusable(),
        counts.sharedWithControl(),
        counts.sameRow(),
        prepared.rows(Kind.FULL),
        prepared.rows(Kind.ADD),
        prepared.rows(Kind.REMOVE),
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
    List<String> lines = new ArrayList<>();
    lists.stream()
        .collect(Collectors.groupingBy(PreparedList::platform, TreeMap::new, Collectors.toList()))
        .forEach(
            (platform, some) ->
                lines.add(
                    String.format(
                        Locale.ROOT,
                        "%-8s %3d lists %,10d rows %,10d to add %,10d to remove",
                        platform,
                        some.size(),
                        sum(some, Kind.FULL),
                        sum(some, Kind.ADD),
                        sum(some, Kind.REMOVE))));
    Map<String, List<String>> warned = new TreeMap<>();
    for (PreparedList prepared : lists) {
      for (String warning : prepared.warnings()) {
        warned
            .computeIfAbsent(prepared.platform() + ": " + warning, text -> new ArrayList<>())
            .add(prepared.list().audience() + " (" + prepared.rows(Kind.FULL) + ")");
      }
    }
    warned.forEach(
        (warning, audiences) ->
            lines.add("note on " + warning + ": " + String.join(", ", audiences)));
    return lines;
  }

  private static long sum(List<PreparedList> lists, Kind kind) {
    return lists.stream().mapToLong(prepared -> prepared.rows(kind)).sum();
  }
}
