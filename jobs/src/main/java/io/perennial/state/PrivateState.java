package io.perennial.state;

import io.perennial.table.TableStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.spark.sql.SparkSession;

/** The private state at {@code state.path}: Delta tables of its own, and salts. */
public final class PrivateState {

  private static final int SALT_BYTES = 32;
  private static final FsPermission OWNER_ONLY = new FsPermission("700");
  private static final FsPermission OWNER_ONLY_FILE = new FsPermission("600");

  private final SparkSession spark;
  private final Path directory;
  private final TableStore tables;

  /**
   * @param statePath directory on any Hadoop filesystem; created, for its owner only, if missing
   * @param minorDigits decimal places of the shop's currency
   */
  public PrivateState(SparkSession spark, String statePath, int minorDigits) {
    this.spark = spark;
    this.directory = new Path(statePath);
    try {
      FileSystem files = files();
      if (!files.exists(directory)) {
        files.mkdirs(directory);
        files.setPermission(directory, OWNER_ONLY);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot make state.path '" + statePath + "': " + e.getMessage(), e);
    }
    this.tables = new TableStore(spark, statePath, minorDigits);
  }

  public TableStore tables() {
    return tables;
  }

  /**
   * A secret of 32 random bytes as lowercase hex, drawn at its first use and never changed.
   *
   * @param purpose name of the salt, such as {@code experiments}
   */
  public String salt(String purpose) {
    Path file = new Path(new Path(directory, "salts"), purpose);
    try {
      FileSystem files = files();
      if (!files.exists(file)) {
        draw(files, file);
      }
      try (FSDataInputStream in = files.open(file)) {
        return new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot read the salt '" + file + "' of the private state: " + e.getMessage(), e);
    }
  }

  /** Writes a temporary file and renames it: a salt is complete or missing, and never replaced. */
  private static void draw(FileSystem files, Path file) throws IOException {
    byte[] random = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(random);
    String salt = HexFormat.of().formatHex(random);
    Path temporary = new Path(file.getParent(), "." + file.getName() + "." + salt.substring(0, 8));
    files.mkdirs(file.getParent());
    files.setPermission(file.getParent(), OWNER_ONLY);
    try (FSDataOutputStream out = files.create(temporary, false)) {
      out.write(salt.getBytes(StandardCharsets.US_ASCII));
    }
    files.setPermission(temporary, OWNER_ONLY_FILE);
    try {
      if (files.exists(file) || !files.rename(temporary, file)) {
        files.delete(temporary, false);
      }
    } catch (FileAlreadyExistsException e) {
      files.delete(temporary, false); // Another run drew it first: its salt counts.
    }
  }

  private FileSystem files() throws IOException {
    return directory.getFileSystem(spark.sparkContext().hadoopConfiguration());
  }
}
