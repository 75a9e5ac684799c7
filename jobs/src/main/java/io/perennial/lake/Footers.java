package io.perennial.lake;

import io.perennial.config.SourceSettings.Format;
import io.perennial.spark.FileFooters;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
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
    SerializableConfiguration hadoop =
        new SerializableConfiguration(FileFooters.configuration(spark));
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

  private static Answer answer(Configuration hadoop, Format format, Path path) {
    try {
      StructType schema =
          format == Format.PARQUET
              ? FileFooters.parquet(hadoop, path)
              : FileFooters.orc(hadoop, path);
      return new Answer(schema.json(), null);
    } catch (Exception e) { // SparkException is checked; Scala does not declare it.
      return new Answer(null, LakeException.innermost(e));
    }
  }
}
