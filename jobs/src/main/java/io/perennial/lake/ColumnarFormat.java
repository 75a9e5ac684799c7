package io.perennial.lake;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Parquet or ORC files, read by the columns in their footers.
 *
 * @param name name of Spark's data source
 * @param footer reads the columns of a single file
 */
record ColumnarFormat(String name, Footers.SchemaReader footer) implements LakeFormat {

  @Override
  public List<Dataset<Row>> read(RawReader reader, List<LakeFile> files) {
    ColumnarFiles columnar = new ColumnarFiles(reader, footer, files);
    List<Dataset<Row>> parts = new ArrayList<>();
    columnar
        .compatible()
        .forEach(
            (schema, compatible) -> {
              Dataset<Row> records = read(reader, compatible, schema);
              parts.add(
                  reader.resolves(records)
                      ? records
                      : read(reader, compatible, columnar.widened(schema)));
            });
    return parts;
  }

  private Dataset<Row> read(RawReader reader, List<LakeFile> files, StructType schema) {
    Dataset<Row> records =
        reader
            .spark()
            .read()
            .options(reader.source().options())
            .format(name)
            .schema(schema)
            .load(RawReader.locations(files));
    return RawReader.withoutCorrupt(RawReader.withFile(records, files));
  }
}
