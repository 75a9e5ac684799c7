package io.perennial.lake;

import io.perennial.config.SourceSettings.Format;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.Footer;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.orc.OrcUtils$;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat$;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.internal.SessionState;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What Parquet and ORC files say of their own columns. Spark infers one schema for many files and
 * gives up where two of them do not agree, without saying which.
 *
 * @param schemas by file, in the order asked for
 * @param unreadable what is wrong with the others
 */
record Footers(Map<LakeFile, StructType> schemas, List<LakeException> unreadable) {

  /** One of the two. */
  private record Answer(String schema, String problem) implements Serializable {}

  /** Reads them in one Spark job. */
  static Footers of(SparkSession spark, Format format, List<LakeFile> files) {
    if (files.isEmpty()) {
      return new Footers(Map.of(), List.of());
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    SerializableConfiguration hadoop = new SerializableConfiguration(configuration(spark));
    List<Answer> answers =
        context
            .parallelize(
                files.stream().map(LakeFile::location).toList(),
                Math.min(files.size(), context.defaultParallelism()))
            .map(location -> answer(hadoop.value(), format, new Path(location)))
            .collect();
    Map<LakeFile, StructType> schemas = new LinkedHashMap<>();
    List<LakeException> unreadable = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      Answer answer = answers.get(i);
      if (answer.problem() == null) {
        schemas.put(files.get(i), (StructType) DataType.fromJson(answer.schema()));
      } else {
        unreadable.add(LakeException.unreadable(files.get(i).path(), answer.problem(), null));
      }
    }
    return new Footers(schemas, unreadable);
  }

  /** The session's, with what Spark's translation of Parquet's types must be told. */
  private static Configuration configuration(SparkSession spark) {
    SessionState state = ((org.apache.spark.sql.classic.SparkSession) spark).sessionState();
    Configuration hadoop = state.newHadoopConf();
    Stream.of(
            SQLConf.PARQUET_BINARY_AS_STRING(),
            SQLConf.PARQUET_INT96_AS_TIMESTAMP(),
            SQLConf.PARQUET_INFER_TIMESTAMP_NTZ_ENABLED(),
            SQLConf.LEGACY_PARQUET_NANOS_AS_LONG(),
            SQLConf.CASE_SENSITIVE())
        .forEach(entry -> hadoop.set(entry.key(), String.valueOf(state.conf().getConf(entry))));
    return hadoop;
  }

  private static Answer answer(Configuration hadoop, Format format, Path path) {
    try {
      StructType schema = format == Format.PARQUET ? parquet(hadoop, path) : orc(hadoop, path);
      return new Answer(schema.json(), null);
    } catch (Exception e) { // SparkException is checked; Scala does not declare it.
      return new Answer(null, LakeException.innermost(e));
    }
  }

  private static StructType parquet(Configuration hadoop, Path path) throws IOException {
    ParquetReadOptions options =
        HadoopReadOptions.builder(hadoop, path)
            .withMetadataFilter(ParquetMetadataConverter.SKIP_ROW_GROUPS)
            .build();
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(path, hadoop), options)) {
      return ParquetFileFormat$.MODULE$.readSchemaFromFooter(
          new Footer(path, reader.getFooter()), new ParquetToSparkSchemaConverter(hadoop));
    }
  }

  private static StructType orc(Configuration hadoop, Path path) {
    return OrcUtils$.MODULE$
        .readSchema(path, hadoop, false)
        .map(OrcUtils$.MODULE$::toCatalystSchema)
        .getOrElse(StructType::new);
  }
}
