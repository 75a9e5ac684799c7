package io.perennial.sample;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A directory of files with chosen names, on any Hadoop filesystem. Spark writes its part files
 * into a working directory inside it; each part is moved to its name and the working directory is
 * deleted.
 */
final class FlatFiles {

  private static final Pattern PART = Pattern.compile("part-(\\d+)-.*");

  /** Columns whose values few orders share. */
  private static final Set<RawColumn> NEARLY_UNIQUE =
      EnumSet.of(
          RawColumn.ORDER_ID,
          RawColumn.CUSTOMER_ID,
          RawColumn.ORDERED_AT,
          RawColumn.UPDATED_AT,
          RawColumn.EMAIL);

  private static final String WORK = "_writing";

  private final FileSystem files;
  private final Path directory;

  private FlatFiles(FileSystem files, Path directory) {
    this.files = files;
    this.directory = directory;
  }

  /**
   * An empty directory. A directory with content is refused, as a lake of two seeds would look
   * valid and be wrong.
   */
  static FlatFiles empty(Configuration hadoop, String directory) {
    Path path = new Path(directory);
    try {
      FileSystem files = path.getFileSystem(hadoop);
      // A local rename through the checksum layer would leave a hidden .crc beside every file.
      FileSystem plain = files instanceof LocalFileSystem local ? local.getRawFileSystem() : files;
      if (plain.exists(path) && plain.getFileStatus(path).isFile()) {
        throw new IllegalArgumentException(
            "Cannot write a sample lake to " + directory + ": it is a file, a directory is needed");
      }
      if (plain.exists(path) && plain.listStatus(path).length > 0) {
        throw new IllegalArgumentException(
            "Cannot write a sample lake to "
                + directory
                + ": the directory isn't empty; name another path or remove what is in it");
      }
      return new FlatFiles(plain, path);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot write a sample lake to " + directory + ": " + e.getMessage(), e);
    }
  }

  /**
   * Writes partition i to the file {@code name(i)} with the format as extension.
   *
   * @return the number of files
   */
  int write(Dataset<Row> rows, String format, IntFunction<String> name) {
    Path work = new Path(directory, WORK);
    try {
      try {
        writer(rows, format).save(work.toString());
        return moveParts(work, format, name);
      } finally {
        files.delete(work, true);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot write files to " + directory + ": " + e.getMessage(), e);
    }
  }

  private static DataFrameWriter<Row> writer(Dataset<Row> rows, String format) {
    DataFrameWriter<Row> writer = rows.write().format(format).option("maxRecordsPerFile", 0);
    return switch (format) {
      case "csv" ->
          writer.option("header", true).option("escape", "\"").option("compression", "none");
      case "json" -> writer.option("compression", "none");
      case "parquet" -> {
        // Keys and times hardly repeat: Parquet would build a dictionary of them and discard it.
        for (RawColumn column : NEARLY_UNIQUE) {
          writer.option("parquet.enable.dictionary#" + column.columnName(), "false");
        }
        yield writer;
      }
      default -> writer;
    };
  }

  private int moveParts(Path work, String format, IntFunction<String> name) throws IOException {
    int moved = 0;
    for (FileStatus file : files.listStatus(work)) {
      Matcher part = PART.matcher(file.getPath().getName());
      if (part.matches()) {
        String target = name.apply(Integer.parseInt(part.group(1))) + "." + format;
        if (!files.rename(file.getPath(), new Path(directory, target))) {
          throw new IOException("cannot move " + file.getPath() + " to " + target);
        }
        moved++;
      }
    }
    return moved;
  }

  void writeText(String name, String text) {
    try (OutputStream out = files.create(new Path(directory, name))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + directory + "/" + name, e);
    }
  }
}
