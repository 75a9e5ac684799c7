package io.perennial.lake;

import static org.apache.spark.sql.functions.*;

import io.delta.tables.DeltaTable;
import io.perennial.table.delta.TableSnapshot;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A Delta table: one file of the lake that changes with the table's version. */
final class DeltaFormat implements LakeFormat {

  @Override
  public List<LakeFile> list(SparkSession spark, String text) throws IOException {
    Path path = new Path(text);
    FileSystem fs = path.getFileSystem(spark.sparkContext().hadoopConfiguration());
    if (!fs.exists(path)) {
      throw LakeException.missing(text);
    }
    if (!DeltaTable.isDeltaTable(spark, text)) {
      throw LakeException.unreadable(text, "it is not a Delta table", null);
    }
    TableSnapshot table = TableSnapshot.at(spark, text);
    return List.of(
        LakeFile.of(
            path.getName(), fs.makeQualified(path), table.sizeInBytes(), table.committedAt()));
  }

  @Override
  public List<Dataset<Row>> read(RawReader reader, List<LakeFile> files) {
    LakeFile table = files.get(0);
    Dataset<Row> records =
        reader
            .spark()
            .read()
            .options(reader.source().options())
            .format("delta")
            .load(table.location());
    reader.expressions().requireIn(Arrays.asList(records.columns()), "the lake");
    return List.of(
        RawReader.withoutCorrupt(records.withColumn(RawReader.FILE.name(), lit(table.path()))));
  }
}
