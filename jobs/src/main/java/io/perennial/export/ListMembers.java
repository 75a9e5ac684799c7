package io.perennial.export;

import static org.apache.spark.sql.functions.*;

import io.perennial.audiences.AssignmentsTable;
import io.perennial.audiences.AudienceMembersTable;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** The customers that the lists of an export address, and those that they must not reach. */
final class ListMembers {

  private static final Column AUDIENCE = AudienceMembersTable.AUDIENCE.col();
  private static final Column CUSTOMER_ID = ExportColumns.CUSTOMER_ID.col();

  private ListMembers() {}

  /** audience, customer_id of the arm target. */
  static Dataset<Row> targets(ExportInputs inputs, List<ExportList> lists) {
    return inArm(inputs, AudienceMembersTable.TARGET)
        .join(
            broadcast(experimentsOf(inputs, lists).select(AUDIENCE)),
            new String[] {AudienceMembersTable.AUDIENCE.name()},
            "left_semi")
        .select(AUDIENCE, CUSTOMER_ID);
  }

  /**
   * audience, customer_id of every customer held out of the audience's experiment, now or ever
   * before, through this audience or another one.
   */
  static Dataset<Row> controls(ExportInputs inputs, List<ExportList> lists) {
    Column experiment = AssignmentsTable.EXPERIMENT.col();
    Dataset<Row> heldOut =
        inArm(inputs, AudienceMembersTable.CONTROL)
            .join(
                broadcast(experiments(inputs, inputs.audiences())),
                AudienceMembersTable.AUDIENCE.name())
            .select(experiment, CUSTOMER_ID)
            .union(inputs.assignedControls().select(experiment, CUSTOMER_ID));
    return heldOut
        .join(broadcast(experimentsOf(inputs, lists)), AssignmentsTable.EXPERIMENT.name())
        .select(AUDIENCE, CUSTOMER_ID);
  }

  private static Dataset<Row> inArm(ExportInputs inputs, String arm) {
    return inputs.members().where(AudienceMembersTable.ARM.col().equalTo(arm));
  }

  private static Dataset<Row> experimentsOf(ExportInputs inputs, List<ExportList> lists) {
    Map<String, ExportAudience> byName =
        inputs.audiences().stream()
            .collect(Collectors.toMap(ExportAudience::name, Function.identity()));
    return experiments(
        inputs, lists.stream().map(ExportList::audience).distinct().map(byName::get).toList());
  }

  /** audience, experiment. */
  private static Dataset<Row> experiments(ExportInputs inputs, List<ExportAudience> audiences) {
    return inputs
        .members()
        .sparkSession()
        .createDataFrame(
            audiences.stream()
                .map(audience -> RowFactory.create(audience.name(), audience.experiment()))
                .toList(),
            ExportColumns.schema(AudienceMembersTable.AUDIENCE, AssignmentsTable.EXPERIMENT));
  }
}
