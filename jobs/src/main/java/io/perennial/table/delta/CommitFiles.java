package io.perennial.table.delta;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.storage.LogStore;
import org.apache.spark.sql.delta.storage.LogStore$;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Small text files, each written whole by the store that Delta commits with: what is atomic for
 * Delta's log is atomic here. On a local disk creation is safe between processes too, which Delta's
 * store there is not.
 */
public final class CommitFiles {

  private final LogStore store;
  private final Configuration hadoop;

  public CommitFiles(SparkSession spark) {
    this.store = LogStore$.MODULE$.apply(spark);
    this.hadoop = spark.sessionState().newHadoopConf();
  }

  public FileSystem fileSystem(Path path) throws IOException {
    return path.getFileSystem(hadoop);
  }

  public String read(Path file) throws IOException {
    return String.join("", CollectionConverters.asJava(store.read(file, hadoop)));
  }

  /** Writes a file, or replaces it. */
  public void write(Path file, String line) throws IOException {
    store.write(file, lines(line), true, hadoop);
  }

  /**
   * Writes a file that does not exist.
   *
   * @return whether it did not exist
   */
  public boolean create(Path file, String line) throws IOException {
    try {
      FileSystem files = fileSystem(file);
      files.mkdirs(file.getParent());
      if (!files.getScheme().equals("file") || !linked(file, line)) {
        store.write(file, lines(line), false, hadoop);
      }
      return true;
    } catch (Exception e) { // Scala does not declare what is thrown.
      if (e instanceof FileAlreadyExistsException
          || e instanceof org.apache.hadoop.fs.FileAlreadyExistsException) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Hadoop checks on a local disk that a name is free before it renames, so two processes may both
   * find it free; only one of them can create a hard link.
   *
   * @return whether the disk has hard links
   * @throws FileAlreadyExistsException if the name is taken
   */
  private static boolean linked(Path file, String line) throws IOException {
    java.nio.file.Path target = java.nio.file.Path.of(file.toUri().getPath());
    java.nio.file.Path temporary = Files.createTempFile(target.getParent(), ".commit-", ".tmp");
    try {
      Files.writeString(temporary, line + "\n");
      Files.createLink(target, temporary);
      return true;
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException e) {
      return false;
    } finally {
      Files.delete(temporary);
    }
  }

  private static scala.collection.Iterator<String> lines(String line) {
    return CollectionConverters.asScala(List.of(line).iterator());
  }
}
