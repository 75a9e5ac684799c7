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

/** Ranks and caps the customers that the waterfall leaves, and holds out the control group. */
final class AudienceMembers {

  /** The salts of draws: one for control groups, one for stratified samples. */
  record Salts(String experiments, String samples) {

    private static final Field EXPERIMENTS = Field.text("experiments_salt", "Salts controls.");
    private static final Field SAMPLES = Field.text("samples_salt", "Salts stratified samples.");

    /**
     * Adds the salts as columns; as literals in the plan, logs and the Spark UI would show them.
     */
    private Dataset<Row> addTo(Dataset<Row> rows) {
      StructType schema =
          new StructType()
              .add(EXPERIMENTS.name(), DataTypes.StringType)
              .add(SAMPLES.name(), DataTypes.StringType);
      return rows.crossJoin(
          broadcast(
              rows.sparkSession()
                  .createDataFrame(List.of(RowFactory.create(experiments, samples)), schema)));
    }
  }

  private AudienceMembers() {}

  /**
   * @param outcomes rows of {@link Eligibility#outcomes}
   */
  static Dataset<Row> of(
      Dataset<Row> outcomes, List<Audience> audiences, Salts salts, LocalDate asOf) {
    Dataset<Row> staying = salts.addTo(outcomes.where(Eligibility.LEFT_AT.col().equalTo(0)));
    Column name = Eligibility.perAudience(audiences, audience -> lit(audience.name()));
    Column cap =
        Eligibility.perAudience(
            audiences, audience -> lit(audience.cap().orElse(Integer.MAX_VALUE)));
    Column threshold =
        Eligibility.perAudience(
            audiences, audience -> lit(ControlGroup.threshold(audience.controlShare())));
    Column experiment = Eligibility.perAudience(audiences, audience -> lit(audience.experiment()));
    WindowSpec ranking =
        Window.partitionBy(Eligibility.AUDIENCE_INDEX.col())
            .orderBy(
                Eligibility.RANK_VALUE.col().desc_nulls_last(),
                CustomerProfileTable.CUSTOMER_ID.col());
    Column drawn =
        ControlGroup.draw(
            Salts.EXPERIMENTS.col(), experiment, CustomerProfileTable.CUSTOMER_ID.col());
    Column arm =
        when(threshold.equalTo(0L), AudienceMembersTable.TARGET)
            .otherwise(
                coalesce(
                    Eligibility.EARLIER_ARM.col(),
                    when(drawn.lt(threshold), AudienceMembersTable.CONTROL)
                        .otherwise(AudienceMembersTable.TARGET)));
    return drawnByStratum(staying, audiences, asOf)
        .withColumn(AudienceMembersTable.RANK.name(), row_number().over(ranking))
        .where(AudienceMembersTable.RANK.col().leq(cap))
        .withColumn(Table.AS_OF.name(), lit(asOf))
        .withColumn(AudienceMembersTable.AUDIENCE.name(), name)
        .withColumn(AudienceMembersTable.ARM.name(), arm)
        .select(AudienceMembersTable.TABLE.columns());
  }

  /**
   * Gives the rows of stratified audiences the rank value {@code -(k - 1/2) / n}, where k is the
   * place in the stratum by a salted draw and n the stratum's size. Whatever the cap, each stratum
   * then has its share of the members (Webster's method).
   */
  private static Dataset<Row> drawnByStratum(
      Dataset<Row> rows, List<Audience> audiences, LocalDate asOf) {
    if (audiences.stream().allMatch(audience -> audience.stratifyBy().isEmpty())) {
      return rows;
    }
    WindowSpec stratum =
        Window.partitionBy(Eligibility.AUDIENCE_INDEX.col(), Eligibility.STRATUM.col());
    Column name =
        concat_ws(
            ":",
            Eligibility.perAudience(audiences, audience -> lit(audience.name())),
            lit(asOf.toString()));
    Column draw =
        ControlGroup.draw(Salts.SAMPLES.col(), name, CustomerProfileTable.CUSTOMER_ID.col());
    Column place = row_number().over(stratum.orderBy(draw, CustomerProfileTable.CUSTOMER_ID.col()));
    Dataset<Row> ranked = rows.where(Eligibility.STRATUM.col().isNull());
    Dataset<Row> drawn =
        rows.where(Eligibility.STRATUM.col().isNotNull())
            .withColumn(
                Eligibility.RANK_VALUE.name(),
                lit(0.5).minus(place).divide(count(lit(1)).over(stratum)));
    return ranked.unionByName(drawn);
  }
}
