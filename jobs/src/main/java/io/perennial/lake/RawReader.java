package io.perennial.lake;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.ConfigurationException;
import io.perennial.config.SourceSettings;
import io.perennial.table.Field;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What formats need to read files of a source.
 *
 * @param lake all files of the lake, including those not read
 */
record RawReader(
    SparkSession spark,
    SourceSettings source,
    SourceExpressions expressions,
    Collection<LakeFile> lake) {

  static final Field FILE =
      Field.text("_perennial_file", "File of the record, relative to the lake's root.");

  static final Field CORRUPT =
      Field.text("_perennial_corrupt", "Text of a record that cannot be parsed; else null.")
          .orNull();

  /** Spark's reader for a text format, which keeps records that it cannot parse. */
  DataFrameReader text(Map<String, String> options, StructType schema) {
    return spark
        .read()
        .options(options)
        .option("mode", "PERMISSIVE")
        .option("columnNameOfCorruptRecord", CORRUPT.name())
        .schema(schema.add(CORRUPT.name(), DataTypes.StringType));
  }

  static StructType allText(Collection<String> columns) {
    StructType text = new StructType();
    for (String column : columns) {
      text = text.add(column, DataTypes.StringType);
    }
    return text;
  }

  /** Locations of files for Spark's readers. */
  static String[] locations(List<LakeFile> files) {
    return files.stream().map(LakeFile::pattern).toArray(String[]::new);
  }

  /**
   * Adds {@link #FILE}. Spark names files by escaped URI: the lake's root is cut off and escapes
   * are undone.
   */
  static Dataset<Row> withFile(Dataset<Row> records, List<LakeFile> files) {
    LakeFile first = files.get(0);
    int root = first.uri().length() - new Path(first.path()).toUri().toString().length();
    Column relative = substring(col("_metadata.file_path"), lit(root + 1), lit(Integer.MAX_VALUE));
    boolean isEscaped =
        files.stream().anyMatch(file -> !file.uri().substring(root).equals(file.path()));
    // A plus sign is literal in a URI path, but a blank to url_decode.
    return records.withColumn(
        FILE.name(), isEscaped ? url_decode(replace(relative, lit("+"), lit("%2B"))) : relative);
  }

  /** Adds {@link #CORRUPT} for formats whose records are always parsed. */
  static Dataset<Row> withoutCorrupt(Dataset<Row> records) {
    return records.withColumn(CORRUPT.name(), lit(null).cast("string"));
  }

  /** Drops the records that the source ignores, and explodes its array of lines. */
  Dataset<Row> shaped(Dataset<Row> records) {
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

  /** Whether the records have all columns that the source's expressions name. */
  boolean resolves(Dataset<Row> records) {
    Column[] mapped =
        source.columns().values().stream().map(text -> expr(text)).toArray(Column[]::new);
    try {
      SourceExpressions.lenient(spark, () -> shaped(records).select(mapped));
      return true;
    } catch (Exception e) { // AnalysisException is checked; Scala does not declare it.
      return false;
    }
  }

  /**
   * @throws ConfigurationException if Spark cannot resolve the expression
   */
  <T> T resolved(String key, String expression, Supplier<T> use) {
    try {
      return use.get();
    } catch (Exception e) { // AnalysisException is checked; Scala does not declare it.
      throw new ConfigurationException(SourceExpressions.unresolved(source, key, expression, e));
    }
  }
}
