package io.perennial.audiences;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.AudienceSettings.Audience;
import io.perennial.table.Field;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What {@code assignments} gains by a run. */
final class Assignments {

  private Assignments() {}

  /** Audiences without control group and without cool-off have nothing to remember. */
  static boolean areRemembered(Audience audience) {
    return audience.controlShare() > 0 || audience.coolOffDays() > 0;
  }

  /**
   * The members whose selection is new: a run that is repeated adds nothing, and neither does one
   * of an as_of before what is already known.
   *
   * @param members rows of audience_members of this as_of
   * @param known rows of assignments
   */
  static Dataset<Row> ofNew(
      Dataset<Row> members,
      Dataset<Row> known,
      List<Audience> audiences,
      LocalDate asOf,
      String runId) {
    Column[] named =
        audiences.stream()
            .filter(Assignments::areRemembered)
            .map(
                audience ->
                    struct(
                        lit(audience.name()).as("name"),
                        lit(audience.experiment()).as("experiment"),
                        lit(audience.coolOffDays() > 0).as("selects")))
            .toArray(Column[]::new);
    Dataset<Row> remembered =
        members
            .select(
                AudienceMembersTable.AUDIENCE.col(),
                AudienceMembersTable.CUSTOMER_ID.col(),
                AudienceMembersTable.ARM.col(),
                explode(array(named)).as("of"))
            .where(col("of.name").equalTo(AudienceMembersTable.AUDIENCE.col()));
    Dataset<Row> now = remembered.alias("now");
    Column isTheSame =
        col("of.experiment")
            .equalTo(AssignmentsTable.EXPERIMENT.of("known"))
            .and(AssignmentsTable.AUDIENCE.of("now").equalTo(AssignmentsTable.AUDIENCE.of("known")))
            .and(
                AssignmentsTable.CUSTOMER_ID
                    .of("now")
                    .equalTo(AssignmentsTable.CUSTOMER_ID.of("known")))
            .and(
                col("of.selects")
                    .unary_$bang()
                    .or(AssignmentsTable.ASSIGNED_AS_OF.of("known").geq(lit(asOf))));
    return now.join(known.alias("known"), isTheSame, "left_anti")
        .withColumn(AssignmentsTable.EXPERIMENT.name(), col("of.experiment"))
        .withColumn(AssignmentsTable.ASSIGNED_AS_OF.name(), lit(asOf))
        .withColumn(AssignmentsTable.RUN_ID.name(), lit(runId))
        .select(AssignmentsTable.TABLE.fields().stream().map(Field::col).toArray(Column[]::new));
  }
}
