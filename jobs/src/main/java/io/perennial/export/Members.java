package io.perennial.export;

import static org.apache.spark.sql.functions.*;

import io.perennial.audiences.AssignmentsTable;
import io.perennial.audiences.AudienceMembersTable;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Who is to be on the lists of a plan, and who must not be. */
final class Members {

  private static final String AUDIENCE = AudienceMembersTable.AUDIENCE.name();
  private static final String EXPERIMENT = AssignmentsTable.EXPERIMENT.name();

  private Members() {}

  /** audience, customer_id of the arm target. */
  static Dataset<Row> targets(ExportInputs inputs, List<ExportList> lists, SparkSession spark) {
    return inputs
        .members()
        .where(AudienceMembersTable.ARM.col().equalTo(AudienceMembersTable.TARGET))
        .join(
            broadcast(experiments(inputs, lists, spark).select(AUDIENCE)),
            new String[] {AUDIENCE},
            "left_semi")
        .select(col(AUDIENCE), ExportColumns.CUSTOMER_ID.col());
  }

  /**
   * audience, customer_id of everybody who is held out of the audience's experiment, now or ever
   * before, through this audience or another one.
   */
  static Dataset<Row> controls(ExportInputs inputs, List<ExportList> lists, SparkSession spark) {
    Dataset<Row> listed = experiments(inputs, lists, spark);
    Dataset<Row> heldOut =
        inputs
            .members()
            .where(AudienceMembersTable.ARM.col().equalTo(AudienceMembersTable.CONTROL))
            .join(broadcast(all(inputs, spark)), AUDIENCE)
            .select(col(EXPERIMENT), ExportColumns.CUSTOMER_ID.col())
            .union(
                inputs.assignedControls().select(col(EXPERIMENT), ExportColumns.CUSTOMER_ID.col()));
    return heldOut
        .join(broadcast(listed), EXPERIMENT)
        .select(col(AUDIENCE), ExportColumns.CUSTOMER_ID.col());
  }

  private static Dataset<Row> experiments(
      ExportInputs inputs, List<ExportList> lists, SparkSession spark) {
    Map<String, Audience> byName =
        inputs.audiences().stream().collect(Collectors.toMap(Audience::name, Function.identity()));
    return table(
        lists.stream().map(ExportList::audience).distinct().map(byName::get).toList(), spark);
  }

  private static Dataset<Row> all(ExportInputs inputs, SparkSession spark) {
    return table(inputs.audiences(), spark);
  }

  private static Dataset<Row> table(List<Audience> audiences, SparkSession spark) {
    return spark.createDataFrame(
        audiences.stream()
            .map(audience -> RowFactory.create(audience.name(), audience.experiment()))
            .toList(),
        new StructType()
            .add(AUDIENCE, DataTypes.StringType, false)
            .add(EXPERIMENT, DataTypes.StringType, false));
  }
}
