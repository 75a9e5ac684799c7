package io.perennial.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What compaction and vacuum did, and how long it took.
 *
 * @param tablesCompacted tables whose small files were compacted
 * @param filesBefore the small files
 * @param filesAfter the files that replaced them
 * @param bytesWritten bytes of the new files
 * @param tablesVacuumed tables whose files of old versions were removed
 * @param filesRemoved the removed files
 * @param bytesRemoved bytes of the removed files
 * @param nanos duration in nanoseconds
 */
public record MaintenanceSummary(
    int tablesCompacted,
    long filesBefore,
    long filesAfter,
    long bytesWritten,
    int tablesVacuumed,
    long filesRemoved,
    long bytesRemoved,
    long nanos) {

  public static final MaintenanceSummary NONE = new MaintenanceSummary(0, 0, 0, 0, 0, 0, 0, 0);

  public static MaintenanceSummary ofCompaction(
      long filesBefore, long filesAfter, long bytes, long nanos) {
    return new MaintenanceSummary(1, filesBefore, filesAfter, bytes, 0, 0, 0, nanos);
  }

  static MaintenanceSummary ofVacuum(long files, long bytes, long nanos) {
    return new MaintenanceSummary(0, 0, 0, 0, 1, files, bytes, nanos);
  }

  public MaintenanceSummary and(MaintenanceSummary other) {
    return new MaintenanceSummary(
        tablesCompacted + other.tablesCompacted,
        filesBefore + other.filesBefore,
        filesAfter + other.filesAfter,
        bytesWritten + other.bytesWritten,
        tablesVacuumed + other.tablesVacuumed,
        filesRemoved + other.filesRemoved,
        bytesRemoved + other.bytesRemoved,
        nanos + other.nanos);
  }

  /** One line for the user; empty where nothing was done. */
  public Optional<String> line() {
    List<String> parts = new ArrayList<>();
    if (tablesCompacted > 0) {
      parts.add(
          String.format(
              Locale.ROOT,
              "%,d small files of %s written together as %,d (%s)",
              filesBefore,
              tables(tablesCompacted),
              filesAfter,
              megabytes(bytesWritten)));
    }
    if (tablesVacuumed > 0) {
      parts.add(
          String.format(
              Locale.ROOT,
              "%,d files of old versions of %s removed (%s)",
              filesRemoved,
              tables(tablesVacuumed),
              megabytes(bytesRemoved)));
    }
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT, "  upkeep: %s in %.1f s", String.join(", ", parts), nanos / 1e9));
  }

  private static String tables(int n) {
    return n == 1 ? "1 table" : n + " tables";
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6);
  }
}
