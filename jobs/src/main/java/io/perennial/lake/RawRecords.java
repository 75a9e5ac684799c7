package io.perennial.lake;

import io.perennial.config.SourceSettings;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Reads files of the lake as raw records: the columns as stored, text as text, nothing inferred.
 */
public final class RawRecords {

  private final RawReader reader;

  /**
   * @param lake all files of the lake, including those not read
   */
  public RawRecords(SparkSession spark, SourceSettings source, Collection<LakeFile> lake) {
    this.reader = new RawReader(spark, source, SourceExpressions.of(source), lake);
  }

  /**
   * @return the files' records in parts, each of files with the same columns
   * @throws LakeException if a file cannot be read as the source's format
   */
  public List<Dataset<Row>> read(List<LakeFile> files) {
    return LakeFormats.of(reader.source().format()).read(reader, files).stream()
        .map(reader::shaped)
        .toList();
  }

  /** The columns of the lake that expressions may name. */
  public static List<String> columnsOf(List<Dataset<Row>> parts) {
    return parts.stream()
        .flatMap(records -> Arrays.stream(records.columns()))
        .filter(
            name -> !name.equals(RawReader.FILE.name()) && !name.equals(RawReader.CORRUPT.name()))
        .distinct()
        .toList();
  }

  /** The columns that no expression of the source names. */
  public Set<String> unusedOf(List<String> columns) {
    Set<String> unused = new LinkedHashSet<>(columns);
    Set<String> named =
        reader.expressions().columns().stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    unused.removeIf(name -> named.contains(name.toLowerCase(Locale.ROOT)));
    reader.source().explode().ifPresent(explode -> unused.remove(explode.as()));
    return unused;
  }
}
