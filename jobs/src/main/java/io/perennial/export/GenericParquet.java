package io.perennial.export;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.ExportSettings;
import io.perennial.config.ExportSettings.Property;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Rewrites the generic CSV files as Parquet, with the types of customer_profile. */
record GenericParquet(SparkSession spark, ExportFiles files, ExportSettings.Generic settings) {

  List<WrittenFile> write(ExportList list, List<WrittenFile> csv, ExportInputs inputs)
      throws IOException {
    List<WrittenFile> written = new ArrayList<>();
    for (ListWriter.Kind kind : ListWriter.Kind.values()) {
      boolean isRemove = kind == ListWriter.Kind.REMOVE;
      Dataset<Row> rows =
          spark
              .read()
              .option("header", "true")
              .option("quote", "\"")
              .option("escape", "\"")
              .option("multiLine", "true")
              .schema(texts(kind.headings(list.format())))
              .csv(new Path(list.staging(), kind.label() + ".csv").toString());
      List<Column> cells = new ArrayList<>();
      // The apostrophe that Csv.neutral adds is not part of the value.
      cells.add(
          regexp_replace(col(GenericFormat.ID), "^'(?=[=+\\-@\\t\\r\\n＝＋－＠])", "")
              .as(GenericFormat.ID));
      for (Property property : isRemove ? List.<Property>of() : settings.columns()) {
        cells.add(
            col("`" + property.heading() + "`")
                .cast(inputs.profile().schema().apply(property.column()).dataType())
                .as(property.heading()));
      }
      Dataset<Row> typed = rows.select(cells.toArray(Column[]::new));
      typed.coalesce(1).write().mode("overwrite").parquet(files.parquetStaging(list).toString());
      written.add(files.takeParquet(list, kind.label(), Manifest.rows(csv, kind)));
    }
    return written;
  }

  private static StructType texts(List<String> headings) {
    return DataTypes.createStructType(
        headings.stream()
            .map(heading -> DataTypes.createStructField(heading, DataTypes.StringType, true))
            .toList());
  }
}
