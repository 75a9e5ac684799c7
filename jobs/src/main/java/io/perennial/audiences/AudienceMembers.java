package io.perennial.audiences;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.AudienceSettings.Audience;
import io.perennial.table.Field;
import io.perennial.table.Table;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Ranks and caps those whom the waterfall leaves, and holds out the control group. */
final class AudienceMembers {

  /** What draws are salted with: each use has a salt of its own. */
  record Salts(String experiments, String samples) {

    private static final String EXPERIMENTS = "experiments_salt";
    private static final String SAMPLES = "samples_salt";

    /** Beside every row instead of in the plan, which logs and the Spark UI would show. */
    private Dataset<Row> beside(Dataset<Row> rows) {
      StructType schema =
          new StructType()
              .add(EXPERIMENTS, DataTypes.StringType)
              .add(SAMPLES, DataTypes.StringType);
      return rows.crossJoin(
          broadcast(
              rows.sparkSession()
                  .createDataFrame(List.of(RowFactory.create(experiments, samples)), schema)));
    }
  }

  private AudienceMembers() {}

  /**
   * @param outcomes what {@link Eligibility#outcomes} gives
   */
  static Dataset<Row> of(
      Dataset<Row> outcomes, List<Audience> audiences, Salts salts, LocalDate asOf) {
    Dataset<Row> staying = salts.beside(outcomes.where(col(Eligibility.LEFT_AT).equalTo(0)));
    Column name = Eligibility.of(audiences, audience -> lit(audience.name()));
    Column cap =
        Eligibility.of(audiences, audience -> lit(audience.cap().orElse(Integer.MAX_VALUE)));
    Column threshold =
        Eligibility.of(audiences, audience -> lit(ControlGroup.threshold(audience.controlShare())));
    Column experiment = Eligibility.of(audiences, audience -> lit(audience.experiment()));
    WindowSpec ranking =
        Window.partitionBy(col(Eligibility.NO))
            .orderBy(
                col(Eligibility.RANK_VALUE).desc_nulls_last(),
                CustomerProfileTable.CUSTOMER_ID.col());
    Column drawn =
        ControlGroup.draw(
            col(Salts.EXPERIMENTS), experiment, CustomerProfileTable.CUSTOMER_ID.col());
    Column arm =
        when(threshold.equalTo(0L), AudienceMembersTable.TARGET)
            .otherwise(
                coalesce(
                    col(Eligibility.EARLIER_ARM),
                    when(drawn.lt(threshold), AudienceMembersTable.CONTROL)
                        .otherwise(AudienceMembersTable.TARGET)));
    return drawnByStratum(staying, audiences, asOf)
        .withColumn(AudienceMembersTable.RANK.name(), row_number().over(ranking))
        .where(AudienceMembersTable.RANK.col().leq(cap))
        .withColumn(Table.AS_OF.name(), lit(asOf))
        .withColumn(AudienceMembersTable.AUDIENCE.name(), name)
        .withColumn(AudienceMembersTable.ARM.name(), arm)
        .select(
            AudienceMembersTable.TABLE.fields().stream().map(Field::col).toArray(Column[]::new));
  }

  /**
   * Gives the rows of stratified audiences the rank value {@code -(k - 1/2) / n}: k is the place in
   * the stratum by a salted draw, n the stratum's size. Whatever the cap, each stratum then has its
   * share of those who are kept (Webster's method).
   */
  private static Dataset<Row> drawnByStratum(
      Dataset<Row> rows, List<Audience> audiences, LocalDate asOf) {
    if (audiences.stream().allMatch(audience -> audience.stratifyBy().isEmpty())) {
      return rows;
    }
    WindowSpec stratum = Window.partitionBy(col(Eligibility.NO), col(Eligibility.STRATUM));
    Column name =
        concat_ws(
            ":", Eligibility.of(audiences, audience -> lit(audience.name())), lit(asOf.toString()));
    Column draw =
        ControlGroup.draw(col(Salts.SAMPLES), name, CustomerProfileTable.CUSTOMER_ID.col());
    Column place = row_number().over(stratum.orderBy(draw, CustomerProfileTable.CUSTOMER_ID.col()));
    Dataset<Row> ranked = rows.where(col(Eligibility.STRATUM).isNull());
    Dataset<Row> drawn =
        rows.where(col(Eligibility.STRATUM).isNotNull())
            .withColumn(
                Eligibility.RANK_VALUE, lit(0.5).minus(place).divide(count(lit(1)).over(stratum)));
    return ranked.unionByName(drawn);
  }
}
