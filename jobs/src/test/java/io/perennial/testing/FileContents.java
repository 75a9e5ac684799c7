package io.perennial.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/**
 * The contents of all files below a directory as text: the values and footers of Parquet files,
 * read without Spark, and the bytes of all files.
 */
public final class FileContents {

  private FileContents() {}

  /** The text of each file, by its path relative to the directory. */
  public static Map<String, String> of(Path directory) {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        texts.put(
            directory.relativize(file).toString(),
            file.toString().endsWith(".parquet") ? bytes + parquet(file) : bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return texts;
  }

  /** The files that contain any of the words. */
  public static List<String> containing(Map<String, String> texts, Iterable<String> words) {
    List<String> found = new ArrayList<>();
    texts.forEach(
        (file, text) ->
            words.forEach(
                word -> {
                  if (text.contains(word)) {
                    found.add(file + " holds " + word);
                  }
                }));
    return found;
  }

  private static String parquet(Path file) throws IOException {
    StringBuilder text = new StringBuilder();
    Configuration hadoop = new Configuration();
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(file.toUri());
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(path, hadoop))) {
      text.append(reader.getFooter().getFileMetaData().getKeyValueMetaData());
      for (BlockMetaData block : reader.getFooter().getBlocks()) {
        for (ColumnChunkMetaData column : block.getColumns()) {
          Statistics<?> statistics = column.getStatistics();
          text.append('\n').append(column.getPath()).append(": ");
          if (statistics.hasNonNullValue()) {
            text.append(new String(statistics.getMinBytes(), StandardCharsets.UTF_8));
            text.append(" .. ");
            text.append(new String(statistics.getMaxBytes(), StandardCharsets.UTF_8));
          }
        }
      }
    }
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), path).withConf(hadoop).build()) {
      for (Group row = reader.read(); row != null; row = reader.read()) {
        text.append('\n').append(row);
      }
    }
    return text.toString();
  }
}
