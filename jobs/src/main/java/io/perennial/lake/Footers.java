package io.perennial.lake;

import io.perennial.spark.FileFooters;
import java.io.IOException;
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
 * Schemas in the footers of Parquet and ORC files. Spark would infer one schema for all files and
 * fail where two disagree, without naming them.
 *
 * @param schemas by file, in the order requested
 * @param unreadable failures of the other files
 */
record Footers(Map<LakeFile, StructType> schemas, List<LakeException> unreadable) {

  /** Reads the columns of one file. */
  interface SchemaReader extends Serializable {
    StructType read(Configuration hadoop, Path path) throws IOException;
  }

  /** Exactly one component is not null. */
  private record Answer(String schema, String problem) implements Serializable {}

  /** Reads the footers in one Spark job. */
  static Footers of(SparkSession spark, SchemaReader reader, List<LakeFile> files) {
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
            .map(location -> answer(hadoop.value(), reader, new Path(location)))
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

  private static Answer answer(Configuration hadoop, SchemaReader reader, Path path) {
    try {
      return new Answer(reader.read(hadoop, path).json(), null);
    } catch (Exception e) { // SparkException is checked; Scala does not declare it.
      return new Answer(null, LakeException.innermost(e));
    }
  }
}
