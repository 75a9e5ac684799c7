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
 * The directories of exports. Files are written to a staging directory, whose name starts with a
 * dot; when the run is published they are renamed into place one by one, the manifest last.
 */
final class ExportFiles {

  private static final String PARQUET_STAGING = "parquet-staging";

  private final Configuration configuration;

  ExportFiles(Configuration configuration) {
    this.configuration = configuration;
  }

  /** Creates the staging directory of a list, and clears one left by a run that died. */
  void createStaging(ExportList list) throws IOException {
    Path staging = new Path(list.stagingDirectory());
    OwnerOnlyFiles files = OwnerOnlyFiles.at(staging, configuration);
    files.files().delete(staging, true);
    files.makeDirectory(staging);
  }

  /** Writes files of headings only, for a list without members before and now. */
  List<StagedPart> writeEmpty(ExportList list) throws IOException {
    Path staging = new Path(list.stagingDirectory());
    List<StagedPart> parts = new ArrayList<>();
    for (ListWriter.Kind kind : ListWriter.Kind.values()) {
      SplitCsvFile file =
          new SplitCsvFile(
              OwnerOnlyFiles.at(staging, configuration),
              staging,
              kind.label() + ".empty",
              kind.headings(list.format()),
              list.format().maxFileBytes());
      file.close().forEach(part -> parts.add(new StagedPart(kind.label(), 1, part)));
    }
    return parts;
  }

  /**
   * A part of a file in the staging directory.
   *
   * @param kind full, add or remove
   * @param number place of the part in the file, from 1
   */
  record StagedPart(String kind, int number, Part part) {}

  /** Renames the parts to {@code full.csv}, or to {@code full-01.csv} and so on. */
  List<WrittenFile> name(ExportList list, List<StagedPart> parts) throws IOException {
    Path staging = new Path(list.stagingDirectory());
    OwnerOnlyFiles files = OwnerOnlyFiles.at(staging, configuration);
    Map<String, Long> numbers = new TreeMap<>();
    parts.forEach(part -> numbers.merge(part.kind(), 1L, Long::sum));
    List<WrittenFile> named = new ArrayList<>();
    for (ListWriter.Kind kind : ListWriter.Kind.values()) {
      List<StagedPart> ofKind =
          parts.stream()
              .filter(part -> part.kind().equals(kind.label()))
              .sorted(Comparator.comparingInt(StagedPart::number))
              .toList();
      for (StagedPart part : ofKind) {
        String name =
            ofKind.size() == 1
                ? kind.label() + ".csv"
                : String.format(Locale.ROOT, "%s-%02d.csv", kind.label(), part.number());
        files.replace(new Path(staging, part.part().file()), new Path(staging, name));
        named.add(
            new WrittenFile(
                name, kind.label(), part.part().rows(), part.part().bytes(), part.part().sha256()));
      }
    }
    return named;
  }

  /** The directory in which Spark writes a Parquet file of one part. */
  Path parquetStaging(ExportList list) {
    return new Path(list.stagingDirectory(), PARQUET_STAGING);
  }

  /** Moves the one part that Spark wrote to its place among the files of the export. */
  WrittenFile takeParquet(ExportList list, String kind, long rows) throws IOException {
    Path directory = parquetStaging(list);
    OwnerOnlyFiles files = OwnerOnlyFiles.at(directory, configuration);
    Path target = new Path(list.stagingDirectory(), kind + ".parquet");
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

  /** Writes a small file to the staging directory. */
  void put(ExportList list, String name, byte[] bytes) throws IOException {
    Path file = new Path(list.stagingDirectory(), name);
    try (OutputStream out = OwnerOnlyFiles.at(file, configuration).create(file)) {
      out.write(bytes);
    }
  }

  /**
   * Moves staged files to their published directory. Idempotent.
   *
   * @throws FileNotFoundException if they are in neither directory
   */
  void publish(String directory, String exportId) throws IOException {
    Path staging = new Path(directory, "." + exportId);
    Path target = new Path(directory, exportId);
    OwnerOnlyFiles files = OwnerOnlyFiles.at(staging, configuration);
    FileSystem filesystem = files.files();
    Path manifest = new Path(staging, Manifest.NAME);
    if (!filesystem.exists(manifest)) {
      if (!filesystem.exists(new Path(target, Manifest.NAME))) {
        throw new FileNotFoundException(
            "neither " + staging + " nor " + target + " has a manifest");
      }
      filesystem.delete(staging, true); // All files are in place: a run died before it cleaned up.
      return;
    }
    files.makeDirectory(target);
    for (FileStatus file : filesystem.listStatus(staging)) {
      String name = file.getPath().getName();
      boolean isData = name.endsWith(".csv") || name.endsWith(".parquet");
      if (isData) {
        files.replace(file.getPath(), new Path(target, name));
      }
    }
    files.replace(manifest, new Path(target, Manifest.NAME));
    filesystem.delete(staging, true);
  }

  /** Deletes staged files that will not be published. */
  void discard(String directory, String exportId) throws IOException {
    Path staging = new Path(directory, "." + exportId);
    OwnerOnlyFiles.at(staging, configuration).files().delete(staging, true);
  }
}
