package io.perennial.customers;

import io.perennial.ingest.FileEntry;
import io.perennial.lake.LakeFile;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which files {@code contacts} is made of: new ones are merged into what is there; where records
 * left order_lines everything is made anew, since nobody knows what they had overruled.
 *
 * @param read files to read
 * @param mixed those of them some of whose records were not accepted
 * @param isAnew whether what is there is forgotten
 * @param unreadable files whose lines order_lines keeps although they are gone or have changed:
 *     what is known of their customers is kept
 */
public record ContactsPlan(
    List<LakeFile> read, Set<String> mixed, boolean isAnew, Set<String> unreadable) {

  /**
   * @param before the files that contacts was made of; empty where there are none
   * @param now the files that order_lines is made of
   * @param present the files of the lake
   */
  public static ContactsPlan of(
      Collection<FileEntry> before, Collection<FileEntry> now, List<LakeFile> present) {
    Map<String, FileEntry> known = new HashMap<>();
    before.forEach(file -> known.put(file.path(), file));
    Map<String, FileEntry> ingested = new HashMap<>();
    now.forEach(file -> ingested.put(file.path(), file));
    boolean isAnew =
        known.isEmpty() || known.values().stream().anyMatch(file -> isLess(file, ingested));
    Set<String> wanted = new TreeSet<>(ingested.keySet());
    if (!isAnew) {
      wanted.removeAll(known.keySet());
    }
    List<LakeFile> read =
        present.stream()
            .filter(file -> wanted.contains(file.path()))
            .filter(
                file -> {
                  FileEntry counts = ingested.get(file.path());
                  return !file.differsFrom(counts.size(), counts.modified());
                })
            .toList();
    Set<String> unreadable = new TreeSet<>(wanted);
    read.forEach(file -> unreadable.remove(file.path()));
    return new ContactsPlan(
        read,
        read.stream()
            .map(LakeFile::path)
            .filter(path -> ingested.get(path).accepted() < ingested.get(path).records())
            .collect(Collectors.toCollection(TreeSet::new)),
        isAnew,
        unreadable);
  }

  /** Bytes of the files to read. */
  public long bytes() {
    return read.stream().mapToLong(LakeFile::size).sum();
  }

  /** Whether order_lines lost records of a file, or may have: it was read again, or left. */
  private static boolean isLess(FileEntry before, Map<String, FileEntry> ingested) {
    FileEntry now = ingested.get(before.path());
    return now == null
        || !now.ingestId().equals(before.ingestId())
        || now.accepted() < before.accepted();
  }
}
