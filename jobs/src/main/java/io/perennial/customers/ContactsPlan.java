package io.perennial.customers;

import io.perennial.ingest.FileEntry;
import io.perennial.lake.LakeFile;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The files that {@code contacts} is computed from. New files are merged into the present rows. If
 * records left order_lines, the table is rebuilt: values that they had replaced are unknown.
 *
 * @param read files to read
 * @param mixed files to read with a record that was not accepted
 * @param isRebuild whether the present rows are discarded
 * @param unreadable files that are missing or changed but have lines in order_lines: the present
 *     rows of their customers are kept
 */
public record ContactsPlan(
    List<LakeFile> read, Set<String> mixed, boolean isRebuild, Set<String> unreadable) {

  /**
   * @param before entries of the files that contacts was computed from; empty if there are none
   * @param now entries of the files of order_lines
   * @param present files of the lake
   */
  public static ContactsPlan of(
      Collection<FileEntry> before, Collection<FileEntry> now, List<LakeFile> present) {
    Map<String, FileEntry> ingested =
        now.stream().collect(Collectors.toMap(FileEntry::path, file -> file));
    boolean isRebuild =
        before.isEmpty() || before.stream().anyMatch(file -> mayHaveLostRecords(file, ingested));
    Set<String> wanted = new TreeSet<>(ingested.keySet());
    if (!isRebuild) {
      before.forEach(file -> wanted.remove(file.path()));
    }
    List<LakeFile> read =
        present.stream()
            .filter(file -> wanted.contains(file.path()))
            .filter(file -> !ingested.get(file.path()).differsFrom(file))
            .toList();
    Set<String> unreadable = new TreeSet<>(wanted);
    read.forEach(file -> unreadable.remove(file.path()));
    return new ContactsPlan(
        read,
        read.stream()
            .map(LakeFile::path)
            .filter(path -> ingested.get(path).accepted() < ingested.get(path).records())
            .collect(Collectors.toCollection(TreeSet::new)),
        isRebuild,
        unreadable);
  }

  /** Bytes of the files to read. */
  public long bytes() {
    return read.stream().mapToLong(LakeFile::size).sum();
  }

  /** Whether order_lines may have lost records of a file: it was removed or read again. */
  private static boolean mayHaveLostRecords(FileEntry before, Map<String, FileEntry> ingested) {
    FileEntry now = ingested.get(before.path());
    return now == null
        || !now.ingestId().equals(before.ingestId())
        || now.accepted() < before.accepted();
  }
}
