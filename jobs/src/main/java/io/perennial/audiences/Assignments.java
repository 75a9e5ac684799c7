package io.perennial.audiences;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.AudienceSettings.Audience;
import io.perennial.table.Field;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Computes the rows that a run adds to {@code assignments}. */
final class Assignments {

  private static final Field EXPERIMENT = AssignmentsTable.EXPERIMENT;
  private static final Field AUDIENCE = AssignmentsTable.AUDIENCE;
  private static final Field CUSTOMER_ID = AssignmentsTable.CUSTOMER_ID;
  private static final Field REPEATS =
      Field.flag("repeats", "Whether the audience has a cool-off: each selection is recorded.");

  private Assignments() {}

  /** Whether an audience has a control group or a cool-off, which need its assignments. */
  static boolean areRecorded(Audience audience) {
    return audience.controlShare() > 0 || audience.coolOffDays() > 0;
  }

  /**
   * The members whose selection is new: a repeated run adds nothing, and neither does a run of an
   * as_of before the last one recorded.
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
    List<Row> recorded =
        audiences.stream()
            .filter(Assignments::areRecorded)
            .map(
                audience ->
                    RowFactory.create(
                        audience.name(), audience.experiment(), audience.coolOffDays() > 0))
            .toList();
    Dataset<Row> experiments =
        members
            .sparkSession()
            .createDataFrame(
                recorded,
                new StructType()
                    .add(AUDIENCE.name(), DataTypes.StringType, false)
                    .add(EXPERIMENT.name(), DataTypes.StringType, false)
                    .add(REPEATS.name(), DataTypes.BooleanType, false));
    Column isKnown =
        EXPERIMENT
            .of("now")
            .equalTo(EXPERIMENT.of("known"))
            .and(AUDIENCE.of("now").equalTo(AUDIENCE.of("known")))
            .and(CUSTOMER_ID.of("now").equalTo(CUSTOMER_ID.of("known")))
            .and(
                not(REPEATS.of("now"))
                    .or(AssignmentsTable.ASSIGNED_AS_OF.of("known").geq(lit(asOf))));
    return members
        .select(AUDIENCE.col(), CUSTOMER_ID.col(), AudienceMembersTable.ARM.col())
        .join(broadcast(experiments), AUDIENCE.name())
        .alias("now")
        .join(known.alias("known"), isKnown, "left_anti")
        .withColumn(AssignmentsTable.ASSIGNED_AS_OF.name(), lit(asOf))
        .withColumn(AssignmentsTable.RUN_ID.name(), lit(runId))
        .select(AssignmentsTable.TABLE.columns());
  }
}
