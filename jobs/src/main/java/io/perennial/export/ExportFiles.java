package io.perennial.export;

import io.perennial.config.Sha256;
import io.perennial.export.ListWriter.Kind;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The directories of exports. Files are written to a staging directory, whose name starts with a
 * dot; when the run is published they are renamed into place one by one, the manifest last.
 */
record ExportFiles(Configuration configuration) {

  private static final String PARQUET_STAGING = "parquet-staging";

  private OwnerOnlyFiles files(Path path) throws IOException {
    return OwnerOnlyFiles.at(path, configuration);
  }

  /** Creates the staging directory of a list, and clears one left by a run that died. */
  void createStaging(ExportList list) throws IOException {
    OwnerOnlyFiles files = files(list.staging());
    files.files().delete(list.staging(), true);
    files.makeDirectory(list.staging());
  }

  /**
   * Opens the three files of a list.
   *
   * @param attempt part of the file names
   */
  Map<Kind, SplitCsvFile> open(ExportList list, String attempt) throws IOException {
    Map<Kind, SplitCsvFile> opened = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      opened.put(
          kind,
          new SplitCsvFile(
              files(list.staging()),
              new Path(list.staging(), kind.label() + "." + attempt),
              kind.label(),
              kind.headings(list.format()),
              list.format().maxFileBytes()));
    }
    return opened;
  }

  /** Writes files of headings only, for a list without members before and now. */
  List<WrittenFile> writeEmpty(ExportList list) throws IOException {
    List<WrittenFile> parts = new ArrayList<>();
    for (SplitCsvFile file : open(list, "empty").values()) {
      parts.addAll(file.close());
    }
    return parts;
  }

  /**
   * Renames the parts to {@code full.csv}, or to {@code full-01.csv} and so on.
   *
   * @param parts those of a kind in their order
   */
  List<WrittenFile> name(ExportList list, List<WrittenFile> parts) throws IOException {
    OwnerOnlyFiles files = files(list.staging());
    List<WrittenFile> named = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      List<WrittenFile> ofKind =
          parts.stream().filter(part -> part.kind().equals(kind.label())).toList();
      for (WrittenFile part : ofKind) {
        String number =
            ofKind.size() == 1 ? "" : String.format(Locale.ROOT, "-%02d", ofKind.indexOf(part) + 1);
        WrittenFile file = part.renamed(kind.label() + number + ".csv");
        files.replace(new Path(list.staging(), part.name()), new Path(list.staging(), file.name()));
        named.add(file);
      }
    }
    return named;
  }

  /** The directory in which Spark writes a Parquet file of one part. */
  Path parquetStaging(ExportList list) {
    return new Path(list.staging(), PARQUET_STAGING);
  }

  /** Moves the one part that Spark wrote to its place among the files of the export. */
  WrittenFile takeParquet(ExportList list, String kind, long rows) throws IOException {
    Path directory = parquetStaging(list);
    OwnerOnlyFiles files = files(directory);
    Path target = new Path(list.staging(), kind + ".parquet");
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
    Path file = new Path(list.staging(), name);
    try (OutputStream out = files(file).create(file)) {
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
    OwnerOnlyFiles files = files(staging);
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
      if (name.endsWith(".csv") || name.endsWith(".parquet")) {
        files.replace(file.getPath(), new Path(target, name));
      }
    }
    files.replace(manifest, new Path(target, Manifest.NAME));
    filesystem.delete(staging, true);
  }

  /** Deletes staged files that will not be published. */
  void discard(String directory, String exportId) throws IOException {
    Path staging = new Path(directory, "." + exportId);
    files(staging).files().delete(staging, true);
  }
}
