package io.perennial.export;

import io.perennial.config.Sha256;
import io.perennial.export.SplitCsvFile.Part;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The directories of exports. Files are written aside, in a directory with a dot before its name;
 * when the run is published they are renamed into place one by one, the manifest last.
 */
final class ExportFiles {

  private static final String PARQUET_ASIDE = "parquet-aside";

  private final Configuration configuration;

  ExportFiles(Configuration configuration) {
    this.configuration = configuration;
  }

  /** Makes the directory where a list's files wait; one that a dead run left is cleared. */
  void open(ExportList list) throws IOException {
    Path aside = new Path(list.aside());
    OwnerOnlyFiles files = OwnerOnlyFiles.at(aside, configuration);
    files.files().delete(aside, true);
    files.makeDirectory(aside);
  }

  /** A list that nobody is on and nobody was on: files of headings only. */
  List<PartOf> empty(ExportList list) throws IOException {
    Path aside = new Path(list.aside());
    List<PartOf> parts = new ArrayList<>();
    for (ListWriter.Kind kind : ListWriter.Kind.values()) {
      SplitCsvFile file =
          new SplitCsvFile(
              OwnerOnlyFiles.at(aside, configuration),
              aside,
              kind.label() + ".empty",
              kind.headings(list.format()),
              list.format().maxFileBytes());
      file.close().forEach(part -> parts.add(new PartOf(kind.label(), 1, part)));
    }
    return parts;
  }

  /**
   * A part of a file as a task wrote it.
   *
   * @param number from 1
   */
  record PartOf(String kind, int number, Part part) {}

  /** Gives the parts their names: {@code full.csv}, or {@code full-01.csv} and on. */
  List<WrittenFile> name(ExportList list, List<PartOf> parts) throws IOException {
    Path aside = new Path(list.aside());
    OwnerOnlyFiles files = OwnerOnlyFiles.at(aside, configuration);
    Map<String, Long> numbers = new TreeMap<>();
    parts.forEach(part -> numbers.merge(part.kind(), 1L, Long::sum));
    List<WrittenFile> named = new ArrayList<>();
    for (ListWriter.Kind kind : ListWriter.Kind.values()) {
      List<PartOf> ofKind =
          parts.stream()
              .filter(part -> part.kind().equals(kind.label()))
              .sorted(Comparator.comparingInt(PartOf::number))
              .toList();
      for (PartOf part : ofKind) {
        String name =
            ofKind.size() == 1
                ? kind.label() + ".csv"
                : String.format(Locale.ROOT, "%s-%02d.csv", kind.label(), part.number());
        files.replace(new Path(aside, part.part().file()), new Path(aside, name));
        named.add(
            new WrittenFile(
                name, kind.label(), part.part().rows(), part.part().bytes(), part.part().sha256()));
      }
    }
    return named;
  }

  /** Where Spark may write a file of one part. */
  Path parquetAside(ExportList list) {
    return new Path(list.aside(), PARQUET_ASIDE);
  }

  /** Takes the only part that Spark wrote as a file of the export. */
  WrittenFile takeParquet(ExportList list, String kind, long rows) throws IOException {
    Path directory = parquetAside(list);
    OwnerOnlyFiles files = OwnerOnlyFiles.at(directory, configuration);
    Path target = new Path(list.aside(), kind + ".parquet");
    for (FileStatus file : files.files().listStatus(directory)) {
      if (file.getPath().getName().matches("part-.*\\.parquet")) {
        files.replace(file.getPath(), target);
      }
    }
    files.restrict(target);
    files.files().delete(directory, true);
    MessageDigest digest = Sha256.digest();
    try (InputStream in = new DigestInputStream(files.files().open(target), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return new WrittenFile(
        target.getName(),
        kind,
        rows,
        files.files().getFileStatus(target).getLen(),
        Sha256.hex(digest));
  }

  /** Writes a small file aside. */
  void put(ExportList list, String name, byte[] bytes) throws IOException {
    Path file = new Path(list.aside(), name);
    try (OutputStream out = OwnerOnlyFiles.at(file, configuration).create(file)) {
      out.write(bytes);
    }
  }

  /**
   * Puts files that waited aside where marketers find them; done twice it does no harm.
   *
   * @throws FileNotFoundException if they neither wait nor are in place
   */
  void publish(String directory, String exportId) throws IOException {
    Path aside = new Path(directory, "." + exportId);
    Path target = new Path(directory, exportId);
    OwnerOnlyFiles files = OwnerOnlyFiles.at(aside, configuration);
    FileSystem filesystem = files.files();
    Path manifest = new Path(aside, Manifest.NAME);
    if (!filesystem.exists(manifest)) {
      if (!filesystem.exists(new Path(target, Manifest.NAME))) {
        throw new FileNotFoundException("neither " + aside + " nor " + target + " has a manifest");
      }
      filesystem.delete(aside, true); // All is in place; what did it died before tidying up.
      return;
    }
    files.makeDirectory(target);
    for (FileStatus file : filesystem.listStatus(aside)) {
      String name = file.getPath().getName();
      boolean isData = name.endsWith(".csv") || name.endsWith(".parquet");
      if (isData) {
        files.replace(file.getPath(), new Path(target, name));
      }
    }
    files.replace(manifest, new Path(target, Manifest.NAME));
    filesystem.delete(aside, true);
  }

  /** Takes away what waits aside and will not be published. */
  void discard(String directory, String exportId) throws IOException {
    Path aside = new Path(directory, "." + exportId);
    OwnerOnlyFiles.at(aside, configuration).files().delete(aside, true);
  }
}
