package io.perennial.export;

import io.perennial.config.Sha256;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;

/** A CSV file with headings, continued in further parts beyond a platform's largest size. */
final class SplitCsvFile {

  private static final int BUFFER = 1 << 16;

  private final OwnerOnlyFiles files;
  private final Path path;
  private final String kind;
  private final byte[] headings;
  private final long maxBytes;
  private final List<WrittenFile> parts = new ArrayList<>();

  private OutputStream out;
  private MessageDigest digest;
  private long rows;
  private long bytes;

  /**
   * @param path the parts are named by it and their number
   * @param kind full, add or remove
   */
  SplitCsvFile(OwnerOnlyFiles files, Path path, String kind, List<String> headings, long maxBytes)
      throws IOException {
    this.files = files;
    this.path = path;
    this.kind = kind;
    this.headings = Csv.line(headings).getBytes(StandardCharsets.UTF_8);
    this.maxBytes = maxBytes;
    open();
  }

  void write(String line) throws IOException {
    byte[] text = line.getBytes(StandardCharsets.UTF_8);
    if (rows > 0 && bytes + text.length > maxBytes) {
      closePart();
      open();
    }
    put(text);
    rows++;
  }

  /** Closes the file and returns its parts. */
  List<WrittenFile> close() throws IOException {
    closePart();
    return List.copyOf(parts);
  }

  private void open() throws IOException {
    out = new BufferedOutputStream(files.create(part()), BUFFER);
    digest = Sha256.digest();
    rows = 0;
    bytes = 0;
    put(headings);
  }

  private void closePart() throws IOException {
    out.close();
    parts.add(new WrittenFile(part().getName(), kind, rows, bytes, Sha256.hex(digest)));
  }

  private void put(byte[] text) throws IOException {
    out.write(text);
    digest.update(text);
    bytes += text.length;
  }

  private Path part() {
    return path.suffix("." + (parts.size() + 1));
  }
}
