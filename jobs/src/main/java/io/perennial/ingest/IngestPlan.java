package io.perennial.ingest;

import io.perennial.config.Settings.OnMissingFile;
import io.perennial.lake.LakeFile;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The files that an ingest reads, and those whose lines it removes before.
 *
 * @param read files to read, by path
 * @param removed files whose lines are removed from order_lines: those read again, and missing ones
 *     whose records are retracted
 * @param retained entries of files that are not read, by path
 */
record IngestPlan(
    Map<String, LakeFile> read, Set<String> removed, Map<String, FileEntry> retained) {

  /**
   * Compares the lake with the files ingested before.
   *
   * @throws IllegalStateException if files are missing and {@code lake.on-missing-file} is stop
   */
  static IngestPlan of(
      List<LakeFile> present, Map<String, FileEntry> ingested, OnMissingFile onMissing) {
    Map<String, LakeFile> read = new TreeMap<>();
    Map<String, FileEntry> retained = new TreeMap<>();
    Set<String> removed = new LinkedHashSet<>();
    for (LakeFile file : present) {
      FileEntry before = ingested.get(file.path());
      if (before == null) {
        read.put(file.path(), file);
      } else if (before.differsFrom(file)) {
        read.put(file.path(), file);
        removed.add(file.path());
      } else {
        retained.put(file.path(), before);
      }
    }
    Set<String> missing = new LinkedHashSet<>(new TreeSet<>(ingested.keySet()));
    present.forEach(file -> missing.remove(file.path()));
    if (!missing.isEmpty()) {
      switch (onMissing) {
        case STOP -> throw new IllegalStateException(missingFiles(missing));
        case KEEP -> missing.forEach(path -> retained.put(path, ingested.get(path)));
        case RETRACT -> removed.addAll(missing);
      }
    }
    IngestPlan plan = new IngestPlan(read, removed, retained);
    // Duplicates and superseded records of other files may become accepted when lines are removed.
    return removed.isEmpty()
        ? plan
        : plan.withFiles(
            retained.values().stream()
                .filter(FileEntry::hasUnacceptedRecords)
                .map(FileEntry::path)
                .collect(Collectors.toSet()),
            present);
  }

  private static String missingFiles(Set<String> missing) {
    return "Cannot continue: "
        + missing.size()
        + (missing.size() == 1 ? " file was" : " files were")
        + " read before and "
        + (missing.size() == 1 ? "is" : "are")
        + " gone: "
        + some(missing)
        + ". Bring them back, or set lake.on-missing-file = keep (their records stay) or retract"
        + " (their records leave).";
  }

  /** The first few of some files, for a message. */
  static String some(Set<String> files) {
    return files.stream().limit(5).collect(Collectors.joining("', '", "'", "'"))
        + (files.size() > 5 ? ", ..." : "");
  }

  boolean isEmpty() {
    return read.isEmpty() && removed.isEmpty();
  }

  boolean readsMoreThan(IngestPlan other) {
    return read.size() > other.read.size();
  }

  /** Reads more of the retained files again, as far as they are present. */
  IngestPlan withFiles(Set<String> more, List<LakeFile> present) {
    Map<String, LakeFile> newRead = new TreeMap<>(read);
    Map<String, FileEntry> newRetained = new TreeMap<>(retained);
    Set<String> newRemoved = new LinkedHashSet<>(removed);
    for (LakeFile file : present) {
      if (more.contains(file.path()) && newRetained.remove(file.path()) != null) {
        newRead.put(file.path(), file);
        newRemoved.add(file.path());
      }
    }
    return new IngestPlan(newRead, newRemoved, newRetained);
  }

  /** Whether a file is read for its own sake, not because other files' changes affect it. */
  boolean isNewOrChanged(String path, Map<String, FileEntry> ingested) {
    LakeFile file = read.get(path);
    FileEntry before = ingested.get(path);
    return file != null && (before == null || before.differsFrom(file));
  }

  /** Skips a file that cannot be read; its earlier lines are retained. */
  IngestPlan without(String path, Map<String, FileEntry> ingested) {
    Map<String, LakeFile> newRead = new LinkedHashMap<>(read);
    newRead.remove(path);
    Set<String> newRemoved = new LinkedHashSet<>(removed);
    newRemoved.remove(path);
    Map<String, FileEntry> newRetained = new TreeMap<>(retained);
    if (ingested.containsKey(path)) {
      newRetained.put(path, ingested.get(path));
    }
    return new IngestPlan(newRead, newRemoved, newRetained);
  }
}
