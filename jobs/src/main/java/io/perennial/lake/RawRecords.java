package io.perennial.lake;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode_outer;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.replace;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.url_decode;

import io.perennial.config.SourceSettings;
import io.perennial.config.SourceSettings.Format;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Reads files of the lake as raw records: the columns as stored, text as text, nothing inferred.
 *
 * <p>Beside its columns a record has {@link #FILE}, and {@link #CORRUPT}: its text where a text
 * format could not be parsed, else null.
 */
public final class RawRecords {

  /** File of the record, relative to the lake's root. */
  public static final String FILE = "_perennial_file";

  /** The record's text where it could not be parsed. */
  public static final String CORRUPT = "_perennial_corrupt";

  private static final Map<String, String> CSV_DEFAULTS =
      Map.of(
          "header", "true",
          "delimiter", ",",
          "quote", "\"",
          "escape", "\"",
          "encoding", "UTF-8",
          "maxCharsPerColumn", "1000000",
          "ignoreLeadingWhiteSpace", "true",
          "ignoreTrailingWhiteSpace", "true");

  private final SparkSession spark;
  private final SourceSettings source;
  private final MappedNames names;

  public RawRecords(SparkSession spark, SourceSettings source) {
    this.spark = spark;
    this.source = source;
    this.names = MappedNames.of(source);
  }

  /**
   * @throws LakeException if a file cannot be read as the source's format
   */
  public Dataset<Row> read(List<LakeFile> files) {
    Dataset<Row> records =
        switch (source.format()) {
          case CSV -> csv(files);
          case JSON -> withFile(json(files), files);
          case PARQUET, ORC -> withFile(columnar(files), files).withColumn(CORRUPT, noText());
          case DELTA ->
              spark
                  .read()
                  .format("delta")
                  .load(files.get(0).location())
                  .withColumn(FILE, lit(files.get(0).path()))
                  .withColumn(CORRUPT, noText());
        };
    Dataset<Row> kept =
        source
            .ignore()
            .map(predicate -> records.where(not(coalesce(expr(predicate), lit(false)))))
            .orElse(records);
    return source
        .explode()
        .map(explode -> kept.withColumn(explode.as(), explode_outer(expr(explode.array()))))
        .orElse(kept);
  }

  private Dataset<Row> csv(List<LakeFile> files) {
    Map<String, String> options = new LinkedHashMap<>(CSV_DEFAULTS);
    options.putAll(source.options());
    boolean hasHeader = Boolean.parseBoolean(options.get("header"));
    Map<List<String>, List<LakeFile>> byHeading = new LinkedHashMap<>();
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    for (LakeFile file : files) {
      byHeading
          .computeIfAbsent(heading(hadoop, file, options, hasHeader), any -> new ArrayList<>())
          .add(file);
    }
    Dataset<Row> all = null;
    for (Map.Entry<List<String>, List<LakeFile>> group : byHeading.entrySet()) {
      StructType schema = new StructType();
      for (String column : group.getKey()) {
        schema = schema.add(column, DataTypes.StringType);
      }
      Dataset<Row> part =
          withFile(
              reader(options)
                  .schema(schema.add(CORRUPT, DataTypes.StringType))
                  .csv(locations(group.getValue())),
              group.getValue());
      all = all == null ? part : all.unionByName(part, true);
    }
    return all;
  }

  private List<String> heading(
      Configuration hadoop, LakeFile file, Map<String, String> options, boolean hasHeader) {
    if (!source.names().isEmpty()) {
      return source.names();
    }
    if (!hasHeader) {
      throw new IllegalStateException(
          "Cannot read source " + source.name() + ": it has neither a header nor `names`.");
    }
    CsvHeader header = CsvHeader.read(hadoop, file, options);
    Set<String> ambiguous = names.among(header.repeated());
    if (!ambiguous.isEmpty()) {
      throw LakeException.unreadable(
          file.path(),
          "its heading has more than one column " + String.join(", ", ambiguous),
          null);
    }
    Set<String> missing = names.missingFrom(header.columns());
    if (!missing.isEmpty() && !header.columns().isEmpty()) {
      throw LakeException.unreadable(
          file.path(),
          "the mapping of source "
              + source.name()
              + " names "
              + quoted(missing)
              + ", which the file does not have; its columns are "
              + quoted(header.columns()),
          null);
    }
    return header.columns();
  }

  private Dataset<Row> json(List<LakeFile> files) {
    StructType schema =
        source
            .schema()
            .map(StructType::fromDDL)
            .orElseGet(
                () -> {
                  StructType text = new StructType();
                  for (String name : names.all()) {
                    text = text.add(name, DataTypes.StringType);
                  }
                  return text;
                });
    if (source.schema().isEmpty()) {
      JsonNames.check(spark, source, names, files);
    }
    return reader(source.options())
        .schema(schema.add(CORRUPT, DataTypes.StringType))
        .json(locations(files));
  }

  private Dataset<Row> columnar(List<LakeFile> files) {
    DataFrameReader reader = spark.read().options(source.options()).option("mergeSchema", "true");
    String format = source.format() == Format.PARQUET ? "parquet" : "orc";
    Dataset<Row> records = reader.format(format).load(locations(files));
    Set<String> missing = names.missingFrom(Arrays.asList(records.columns()));
    if (!missing.isEmpty()) {
      throw LakeException.unreadable(
          files.get(0).path(),
          "the mapping of source "
              + source.name()
              + " names "
              + quoted(missing)
              + ", which the lake does not have; its columns are "
              + quoted(Arrays.asList(records.columns())),
          null);
    }
    return records;
  }

  private DataFrameReader reader(Map<String, String> options) {
    return spark
        .read()
        .options(options)
        .option("mode", "PERMISSIVE")
        .option("columnNameOfCorruptRecord", CORRUPT);
  }

  /** Spark names files by escaped URI; the lake's root is cut off and escapes are undone. */
  private Dataset<Row> withFile(Dataset<Row> records, List<LakeFile> files) {
    LakeFile first = files.get(0);
    int root =
        first.uri().length()
            - new org.apache.hadoop.fs.Path(first.path()).toUri().toString().length();
    Column relative =
        substring(col("_metadata.file_path"), lit(root + 1), lit(Integer.MAX_VALUE));
    boolean isEscaped =
        files.stream().anyMatch(file -> !file.uri().substring(root).equals(file.path()));
    // A plus sign stands for itself in a URI, but for a blank where url_decode was made for.
    return records.withColumn(
        FILE, isEscaped ? url_decode(replace(relative, lit("+"), lit("%2B"))) : relative);
  }

  private static Column noText() {
    return lit(null).cast("string");
  }

  private static String[] locations(List<LakeFile> files) {
    return files.stream().map(LakeFile::location).toArray(String[]::new);
  }

  private static String quoted(Iterable<String> columns) {
    List<String> list = new ArrayList<>();
    columns.forEach(list::add);
    return list.stream()
        .filter(name -> !name.equals(FILE) && !name.equals(CORRUPT))
        .map(name -> "'" + name + "'")
        .collect(Collectors.joining(", "));
  }
}
