package io.perennial.table;

import static java.util.stream.Collectors.toSet;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** The directory in which each table has a directory of its name, on any Hadoop filesystem. */
final class Warehouse {

  private final FileSystem files;
  private final Path root;

  private Warehouse(FileSystem files, Path root) {
    this.files = files;
    this.root = root;
  }

  /** Paths are absolute and have a scheme: Delta reads a relative path as a table name. */
  static Warehouse at(SparkSession spark, String directory) {
    try {
      Path path = new Path(directory);
      FileSystem files = path.getFileSystem(spark.sparkContext().hadoopConfiguration());
      return new Warehouse(files, path.makeQualified(files.getUri(), files.getWorkingDirectory()));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot reach the warehouse '" + directory + "'", e);
    }
  }

  String path(Table table) {
    return within(table.name()).toString();
  }

  Path within(String name) {
    return new Path(root, name);
  }

  /**
   * Those of some tables that have a directory. One listing is cheaper than a request per table.
   */
  List<Table> present(Collection<Table> tables) {
    try {
      Set<String> names =
          Arrays.stream(files.listStatus(root))
              .map(found -> found.getPath().getName())
              .collect(toSet());
      return tables.stream().filter(table -> names.contains(table.name())).toList();
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list the warehouse '" + root + "'", e);
    }
  }
}
