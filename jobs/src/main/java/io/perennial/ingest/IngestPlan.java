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
 * Which files a run reads, and whose earlier lines leave first.
 *
 * @param read files to read, by path
 * @param leaving files whose earlier lines leave order_lines: those read again and those retracted
 * @param retracted files that vanished and whose records leave
 * @param staying files that are not read, with their counts
 */
record IngestPlan(
    Map<String, LakeFile> read,
    Set<String> leaving,
    Set<String> retracted,
    Map<String, FileEntry> staying) {

  /**
   * Compares the lake with what was read before.
   *
   * @throws IllegalStateException if files vanished and {@code lake.on-missing-file} is stop
   */
  static IngestPlan of(
      List<LakeFile> present, Map<String, FileEntry> ingested, OnMissingFile onMissing) {
    Map<String, LakeFile> read = new TreeMap<>();
    Map<String, FileEntry> staying = new TreeMap<>();
    Set<String> leaving = new LinkedHashSet<>();
    for (LakeFile file : present) {
      FileEntry before = ingested.get(file.path());
      if (before == null) {
        read.put(file.path(), file);
      } else if (isChanged(file, before)) {
        read.put(file.path(), file);
        leaving.add(file.path());
      } else {
        staying.put(file.path(), before);
      }
    }
    Set<String> missing = new LinkedHashSet<>(new TreeSet<>(ingested.keySet()));
    present.forEach(file -> missing.remove(file.path()));
    Set<String> retracted = new LinkedHashSet<>();
    if (!missing.isEmpty()) {
      switch (onMissing) {
        case STOP -> throw new IllegalStateException(vanished(missing));
        case KEEP -> missing.forEach(path -> staying.put(path, ingested.get(path)));
        case RETRACT -> {
          retracted.addAll(missing);
          leaving.addAll(missing);
        }
      }
    }
    IngestPlan plan = new IngestPlan(read, leaving, retracted, staying);
    // Where lines leave, records that lost against them may count again: their files are read too.
    return leaving.isEmpty()
        ? plan
        : plan.reading(
            staying.values().stream()
                .filter(FileEntry::hasUnacceptedRecords)
                .map(FileEntry::path)
                .collect(Collectors.toSet()),
            present);
  }

  private static String vanished(Set<String> missing) {
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
    return read.isEmpty() && leaving.isEmpty();
  }

  boolean readsMoreThan(IngestPlan other) {
    return read.size() > other.read.size();
  }

  /** The plan with more of the staying files read again; those no longer present cannot be. */
  IngestPlan reading(Set<String> more, List<LakeFile> present) {
    Map<String, LakeFile> newRead = new TreeMap<>(read);
    Map<String, FileEntry> newStaying = new TreeMap<>(staying);
    Set<String> newLeaving = new LinkedHashSet<>(leaving);
    for (LakeFile file : present) {
      if (more.contains(file.path()) && newStaying.remove(file.path()) != null) {
        newRead.put(file.path(), file);
        newLeaving.add(file.path());
      }
    }
    return new IngestPlan(newRead, newLeaving, retracted, newStaying);
  }

  /**
   * Whether a file is new or changed: one that is as it was is read for what others need of it, as
   * where records left that its own lost against.
   */
  boolean mayDoWithout(String path, Map<String, FileEntry> ingested) {
    LakeFile file = read.get(path);
    FileEntry before = ingested.get(path);
    return file != null && (before == null || isChanged(file, before));
  }

  private static boolean isChanged(LakeFile file, FileEntry before) {
    return file.differsFrom(before.size(), before.modified());
  }

  /** The plan without a file that cannot be read; what it held before stays. */
  IngestPlan without(String path, Map<String, FileEntry> ingested) {
    Map<String, LakeFile> newRead = new LinkedHashMap<>(read);
    newRead.remove(path);
    Set<String> newLeaving = new LinkedHashSet<>(leaving);
    newLeaving.remove(path);
    Map<String, FileEntry> newStaying = new TreeMap<>(staying);
    if (ingested.containsKey(path)) {
      newStaying.put(path, ingested.get(path));
    }
    return new IngestPlan(newRead, newLeaving, retracted, newStaying);
  }
}
