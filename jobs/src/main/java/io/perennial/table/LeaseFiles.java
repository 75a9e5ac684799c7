package io.perennial.table;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.perennial.table.delta.CommitFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * The directory {@code _lease} of a warehouse: for each lease a numbered file with its holder, one
 * that each heartbeat rewrites, and one once it is released.
 */
final class LeaseFiles {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String RELEASED = ".released";
  private static final String HEARTBEAT = ".beat";

  /** Leases before the newest whose files stay, to tell who held them. */
  private static final int KEPT_LEASES = 10;

  private final CommitFiles store;
  private final Path directory;

  LeaseFiles(SparkSession spark, String warehouse) {
    this.store = new CommitFiles(spark);
    this.directory = Warehouse.at(spark, warehouse).within("_lease");
  }

  /** The greatest number of a lease; 0 before the first. */
  long newest() throws IOException {
    return Arrays.stream(list())
        .map(file -> file.getPath().getName())
        .filter(name -> name.matches("\\d{20}"))
        .mapToLong(Long::parseLong)
        .max()
        .orElse(0);
  }

  /** The holder of a lease. */
  LeaseHolder holder(long lease) throws IOException {
    return JSON.readValue(store.read(file(lease, "")), LeaseHolder.class);
  }

  /** The holder of a lease; empty before the first and where it is released. */
  Optional<LeaseHolder> activeHolder(long lease) throws IOException {
    return lease == 0 || fileSystem().exists(file(lease, RELEASED))
        ? Optional.empty()
        : Optional.of(holder(lease));
  }

  /**
   * Changes with every heartbeat; empty before the first. The file's content is not read: a holder
   * that died while writing may have left it torn.
   */
  String lastHeartbeat(long lease) throws IOException {
    try {
      return String.valueOf(
          fileSystem().getFileStatus(file(lease, HEARTBEAT)).getModificationTime());
    } catch (FileNotFoundException e) {
      return "";
    }
  }

  /** Whether a lease was free; then this holder has it now. */
  boolean create(long lease, LeaseHolder holder) throws IOException {
    return store.create(file(lease, ""), JSON.writeValueAsString(holder));
  }

  void writeHeartbeat(long lease) throws IOException {
    store.write(file(lease, HEARTBEAT), Instant.now().toString());
  }

  void release(long lease) throws IOException {
    store.write(file(lease, RELEASED), Instant.now().toString());
  }

  /** Deletes the files of leases long before one. */
  void deleteOld(long lease) throws IOException {
    for (FileStatus file : list()) {
      String name = file.getPath().getName();
      if (name.matches("\\d{20}.*")
          && Long.parseLong(name.substring(0, 20)) < lease - KEPT_LEASES) {
        fileSystem().delete(file.getPath(), false);
      }
    }
  }

  /** For messages. */
  Path path(long lease) {
    return file(lease, "");
  }

  private FileStatus[] list() throws IOException {
    try {
      return fileSystem().listStatus(directory);
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    }
  }

  private Path file(long lease, String suffix) {
    return new Path(directory, String.format(Locale.ROOT, "%020d%s", lease, suffix));
  }

  private FileSystem fileSystem() throws IOException {
    return store.fileSystem(directory);
  }
}
