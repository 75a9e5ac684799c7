package io.perennial.oracle;

import io.perennial.oracle.OracleSettings.Updates;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which records of one order count: versions first, then repeats against duplicates. */
final class RecordVersions {

  /**
   * A later version is one with a greater (updated_at, path); no updated_at is before every other.
   */
  private static final Comparator<RawRecord> BY_VERSION =
      Comparator.<RawRecord, Instant>comparing(
              r -> r.has(Column.UPDATED_AT) ? r.time(Column.UPDATED_AT) : Instant.MIN)
          .thenComparing(RawRecord::file);

  /** A record that counts, with the identity of its line. */
  record Kept(RawRecord record, String lineId) {}

  final List<Kept> kept = new ArrayList<>();
  final List<RawRecord> duplicates = new ArrayList<>();
  final List<RawRecord> superseded = new ArrayList<>();

  private RecordVersions() {}

  static RecordVersions of(List<RawRecord> order, OracleSettings settings) {
    RecordVersions versions = new RecordVersions();
    List<RawRecord> current = order;
    if (settings.updates() == Updates.ORDER) {
      current = versions.newestVersion(order);
    }
    // Choice: where the same line comes again, the record with the greatest version stands, also
    // for a source without
    // updates, whose copies differ in status or contact at most.
    versions
        .copiesByLine(current, settings)
        .forEach(
            (lineId, copies) -> {
              List<RawRecord> sorted = new ArrayList<>(copies);
              sorted.sort(BY_VERSION.reversed());
              RawRecord newest = sorted.get(0);
              versions.kept.add(new Kept(newest, lineId));
              for (RawRecord older : sorted.subList(1, sorted.size())) {
                // Choice: a copy of the very same version is a duplicate, an earlier version is
                // superseded.
                boolean isEarlier = BY_VERSION.compare(older, newest) < 0;
                if (settings.updates() == Updates.LINE && isEarlier) {
                  versions.superseded.add(older);
                } else {
                  versions.duplicates.add(older);
                }
              }
            });
    return versions;
  }

  private List<RawRecord> newestVersion(List<RawRecord> order) {
    RawRecord newest = order.stream().max(BY_VERSION).orElseThrow();
    List<RawRecord> current = new ArrayList<>();
    for (RawRecord record : order) {
      (BY_VERSION.compare(record, newest) == 0 ? current : superseded).add(record);
    }
    return current;
  }

  /**
   * All copies of each line. An identical record counts as often as in the file that has it most.
   */
  private Map<String, List<RawRecord>> copiesByLine(
      List<RawRecord> order, OracleSettings settings) {
    Map<String, List<RawRecord>> copies = new LinkedHashMap<>();
    Map<List<Object>, Integer> occurrences = new HashMap<>();
    for (RawRecord record : order) {
      String lineId;
      // Choice: a blank cell of a mapped line_id is no identity, the record then falls back to its
      // fields.
      if (settings.lineIdMapped() && record.has(Column.LINE_ID)) {
        lineId = record.text(Column.LINE_ID);
      } else {
        List<Object> identity = record.identity();
        int occurrence = occurrences.merge(List.of(record.file(), identity), 1, Integer::sum);
        lineId = hash(identity) + "-" + occurrence;
      }
      copies.computeIfAbsent(lineId, id -> new ArrayList<>()).add(record);
    }
    return copies;
  }

  /**
   * A short text of a line's own cells; the engine's hash is another, so this id is never compared.
   */
  private static String hash(List<Object> identity) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(identity.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
