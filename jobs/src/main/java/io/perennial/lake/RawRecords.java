package io.perennial.lake;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.ConfigurationException;
import io.perennial.config.SourceSettings;
import io.perennial.config.SourceSettings.Format;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
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

  private final SparkSession spark;
  private final SourceSettings source;
  private final MappedNames names;
  private final Collection<LakeFile> lake;

  /**
   * @param lake all files of the lake, whichever are read
   */
  public RawRecords(SparkSession spark, SourceSettings source, Collection<LakeFile> lake) {
    this.spark = spark;
    this.source = source;
    this.names = MappedNames.of(source);
    this.lake = lake;
  }

  /**
   * @return the files' records in parts, each of files with the same columns
   * @throws LakeException if a file cannot be read as the source's format
   */
  public List<Dataset<Row>> read(List<LakeFile> files) {
    return switch (source.format()) {
      case CSV -> csv(files);
      case JSON -> List.of(ruled(withFile(json(files), files)));
      case PARQUET, ORC -> columnar(files);
      case DELTA ->
          List.of(
              ruled(
                  delta(files.get(0))
                      .withColumn(FILE, lit(files.get(0).path()))
                      .withColumn(CORRUPT, noText())));
    };
  }

  /** Without what the source ignores, and a record for each element that it explodes. */
  private Dataset<Row> ruled(Dataset<Row> records) {
    Dataset<Row> kept =
        source
            .ignore()
            .map(
                predicate ->
                    resolved(
                        "ignore",
                        predicate,
                        () -> records.where(not(coalesce(expr(predicate), lit(false))))))
            .orElse(records);
    return source
        .explode()
        .map(
            explode ->
                resolved(
                    "explode",
                    explode.array(),
                    () -> kept.withColumn(explode.as(), explode_outer(expr(explode.array())))))
        .orElse(kept);
  }

  /** The columns that expressions may name, as the lake has them. */
  public static List<String> columnsOf(List<Dataset<Row>> parts) {
    return parts.stream()
        .flatMap(records -> Arrays.stream(records.columns()))
        .filter(name -> !name.equals(FILE) && !name.equals(CORRUPT))
        .distinct()
        .toList();
  }

  /** Those columns that no expression of the source names. */
  public Set<String> unusedOf(List<String> columns) {
    Set<String> unused = new LinkedHashSet<>(columns);
    Set<String> named =
        names.all().stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    unused.removeIf(name -> named.contains(name.toLowerCase(Locale.ROOT)));
    source.explode().ifPresent(explode -> unused.remove(explode.as()));
    return unused;
  }

  private <T> T resolved(String key, String expression, Supplier<T> use) {
    try {
      return use.get();
    } catch (Exception e) { // AnalysisException is checked; Scala does not declare it.
      throw new ConfigurationException(Mapping.unresolved(source, key, expression, e));
    }
  }

  private List<Dataset<Row>> csv(List<LakeFile> files) {
    CsvFiles csv = new CsvFiles(spark, source, names);
    List<Dataset<Row>> parts = new ArrayList<>();
    csv.alike(files)
        .forEach(
            (heading, alike) -> {
              StructType schema = new StructType();
              for (String column : heading) {
                schema = schema.add(column, DataTypes.StringType);
              }
              Dataset<Row> records =
                  reader(csv.options())
                      .schema(schema.add(CORRUPT, DataTypes.StringType))
                      .csv(locations(alike));
              parts.add(ruled(withFile(records, alike)));
            });
    return parts;
  }

  private Dataset<Row> json(List<LakeFile> files) {
    StructType schema =
        source
            .schema()
            .map(ddl -> resolved("schema", ddl, () -> StructType.fromDDL(ddl)))
            .orElseGet(
                () -> {
                  StructType text = new StructType();
                  for (String name : names.all()) {
                    text = text.add(name, DataTypes.StringType);
                  }
                  return text;
                });
    if (source.schema().isEmpty()) {
      JsonNames.check(spark, names, files);
    }
    return reader(source.options())
        .schema(schema.add(CORRUPT, DataTypes.StringType))
        .json(locations(files));
  }

  private Dataset<Row> delta(LakeFile table) {
    Dataset<Row> records =
        spark.read().options(source.options()).format("delta").load(table.location());
    names.requireIn(Arrays.asList(records.columns()), "the lake");
    return records;
  }

  private List<Dataset<Row>> columnar(List<LakeFile> files) {
    ColumnarFiles columnar = new ColumnarFiles(spark, source, names, files, lake);
    List<Dataset<Row>> parts = new ArrayList<>();
    columnar
        .alike()
        .forEach(
            (schema, alike) -> {
              Dataset<Row> records = columnar(alike, schema);
              parts.add(
                  ruled(resolves(records) ? records : columnar(alike, columnar.widened(schema))));
            });
    return parts;
  }

  private Dataset<Row> columnar(List<LakeFile> alike, StructType schema) {
    Dataset<Row> records =
        spark
            .read()
            .options(source.options())
            .format(source.format() == Format.PARQUET ? "parquet" : "orc")
            .schema(schema)
            .load(locations(alike));
    return withFile(records, alike).withColumn(CORRUPT, noText());
  }

  /** Whether the records have all that the source's expressions speak of. */
  private boolean resolves(Dataset<Row> records) {
    Column[] mapped =
        source.columns().values().stream().map(text -> expr(text)).toArray(Column[]::new);
    try {
      Mapping.lenient(spark, () -> ruled(records).select(mapped));
      return true;
    } catch (Exception e) { // AnalysisException is checked; Scala does not declare it.
      return false;
    }
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
    int root = first.uri().length() - new Path(first.path()).toUri().toString().length();
    Column relative = substring(col("_metadata.file_path"), lit(root + 1), lit(Integer.MAX_VALUE));
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
    return files.stream().map(LakeFile::pattern).toArray(String[]::new);
  }
}
