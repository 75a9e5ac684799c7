package io.perennial.spark;

import java.io.IOException;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.Footer;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.orc.OrcUtils$;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat$;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.internal.SessionState;
import org.apache.spark.sql.types.StructType;

/** Schemas from the footers of single Parquet and ORC files, as Spark's readers translate them. */
public final class FileFooters {

  private FileFooters() {}

  /**
   * The session's Hadoop configuration with the settings that the translation of Parquet types
   * reads.
   */
  public static Configuration configuration(SparkSession spark) {
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

  public static StructType parquet(Configuration hadoop, Path path) throws IOException {
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

  /** The columns of an ORC file; none of a file without rows. */
  public static StructType orc(Configuration hadoop, Path path) {
    return OrcUtils$.MODULE$
        .readSchema(path, hadoop, false)
        .map(OrcUtils$.MODULE$::toCatalystSchema)
        .getOrElse(StructType::new);
  }
}
