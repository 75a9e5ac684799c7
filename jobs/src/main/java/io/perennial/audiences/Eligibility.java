package io.perennial.audiences;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.AudienceSettings.Audience;
import io.perennial.config.AudienceSettings.Channel;
import io.perennial.config.AudienceSettings.Identifier;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Who is in the segment of which audience, and at which of the steps that look at one customer
 * alone they leave. All rules are asked about a customer at once: the profile is read once.
 */
final class Eligibility {

  /** Number of the audience in the list, from 0. */
  static final String NO = "no";

  /** {@link Waterfall.Step#order} of the step at which the customer leaves, 0 for who stays. */
  static final String LEFT_AT = "left_at";

  static final String RANK_VALUE = "rank_value";
  static final String STRATUM = "stratum";
  static final String EARLIER_ARM = "earlier_arm";

  private static final String MATCHES = "matches";
  private static final String SUPPRESSED = "is_suppressed";
  private static final String ASSIGNED = "assigned";
  private static final String LAST = "last";

  private Eligibility() {}

  /**
   * Evaluates all rules. (Lists of one or none are strung together, since Spark would interpret
   * whatever stands below a function that takes a function, such as array_compact.)
   *
   * @param profile rows of customer_profile of one as_of
   * @param reasons of each audience, in order
   * @return customer_id and the audiences that it is in the segment of; customers of none are left
   *     out
   */
  static Dataset<Row> matches(
      Dataset<Row> profile, List<Audience> audiences, List<Column> reasons) {
    List<Column> matches = new ArrayList<>();
    for (int no = 0; no < audiences.size(); no++) {
      Audience audience = audiences.get(no);
      Column match = array(match(no, audience, reasons.get(no)));
      matches.add(when(expr(audience.predicate()), match).otherwise(array()));
    }
    return profile
        .select(
            CustomerProfileTable.CUSTOMER_ID.col(),
            concat(matches.toArray(Column[]::new)).as(MATCHES))
        .where(size(col(MATCHES)).gt(0));
  }

  private static Column match(int no, Audience audience, Column reason) {
    Column left = leftAt(audience);
    return struct(
        lit(no).as(NO),
        left.as(LEFT_AT),
        rankValue(audience).as(RANK_VALUE),
        audience
            .stratifyBy()
            .map(text -> coalesce(expr(text).cast(DataTypes.StringType), lit("")))
            .orElse(lit(null).cast(DataTypes.StringType))
            .as(STRATUM),
        when(left.equalTo(0), reason).as(AudienceMembersTable.REASON.name()));
  }

  /** A value that is no number ranks last, as an unknown one does. */
  private static Column rankValue(Audience audience) {
    return audience
        .rankBy()
        .map(text -> expr(text).cast(DataTypes.DoubleType))
        .map(value -> when(value.isNaN(), lit(null)).otherwise(value))
        .orElse(lit(null).cast(DataTypes.DoubleType));
  }

  private static Column leftAt(Audience audience) {
    return when(usable(audience).unary_$bang(), Waterfall.Step.NO_IDENTIFIER.order())
        .when(consent(audience.channel()).unary_$bang(), Waterfall.Step.NO_CONSENT.order())
        .otherwise(0);
  }

  /** Whether one of the audience's platforms, or without any its channel, can match the customer. */
  private static Column usable(Audience audience) {
    Set<Identifier> identifiers = EnumSet.noneOf(Identifier.class);
    if (audience.platforms().isEmpty()) {
      identifiers.addAll(audience.channel().identifiers());
    }
    audience.platforms().forEach(p -> identifiers.addAll(p.identifiers(audience.channel())));
    return identifiers.stream().map(Eligibility::has).reduce(Column::or).orElseThrow();
  }

  /** Every customer has a customer id: audiences work where contacts are not kept. */
  private static Column has(Identifier identifier) {
    return switch (identifier) {
      case CUSTOMER_ID -> lit(true);
      case EMAIL -> CustomerProfileTable.HAS_EMAIL.col();
      case PHONE -> CustomerProfileTable.HAS_PHONE.col();
      case POSTAL_ADDRESS -> CustomerProfileTable.HAS_POSTAL_ADDRESS.col();
    };
  }

  /** Unknown consent is no consent. */
  private static Column consent(Channel channel) {
    return switch (channel) {
      case EMAIL -> coalesce(CustomerProfileTable.EMAIL_CONSENT.col(), lit(false));
      case SMS -> coalesce(CustomerProfileTable.SMS_CONSENT.col(), lit(false));
      case ADS -> coalesce(CustomerProfileTable.ADS_CONSENT.col(), lit(false));
      case NONE -> lit(true);
    };
  }

  /**
   * Adds what earlier runs and suppression lists say, and makes a row of each audience.
   *
   * @param matches what {@link #matches} gives
   * @param suppressed customer_id of those whom nobody may address, each once; empty for nobody
   * @param assignments rows of assignments; empty where nobody was ever assigned
   */
  static Dataset<Row> outcomes(
      Dataset<Row> matches,
      List<Audience> audiences,
      Optional<Dataset<Row>> suppressed,
      Optional<Dataset<Row>> assignments,
      LocalDate asOf) {
    Dataset<Row> rows =
        suppressed
            .map(who -> leftJoin(matches, who.withColumn(SUPPRESSED, lit(true))))
            .orElse(matches.withColumn(SUPPRESSED, lit(false)));
    Column earlierArm = lit(null).cast(DataTypes.StringType);
    Column last = lit(null).cast(DataTypes.DateType);
    if (assignments.isPresent()) {
      rows = leftJoin(rows, assignedBefore(assignments.get(), audiences, asOf));
      Column mine =
          try_element_at(col(ASSIGNED), of(audiences, audience -> lit(audience.experiment())));
      earlierArm = mine.getField(AssignmentsTable.ARM.name());
      last = mine.getField(LAST);
    } else {
      rows = rows.withColumn(ASSIGNED, lit(null));
    }
    Column coolOff = of(audiences, audience -> lit(audience.coolOffDays()));
    Column isCooling = coalesce(last.gt(date_sub(lit(asOf), coolOff)), lit(false));
    return rows.select(
            CustomerProfileTable.CUSTOMER_ID.col(),
            col(SUPPRESSED),
            col(ASSIGNED),
            inline(col(MATCHES)))
        .withColumn(
            LEFT_AT,
            when(col(LEFT_AT).gt(0), col(LEFT_AT))
                .when(coalesce(col(SUPPRESSED), lit(false)), Waterfall.Step.SUPPRESSED.order())
                .when(isCooling, Waterfall.Step.COOL_OFF.order())
                .otherwise(0))
        .withColumn(EARLIER_ARM, earlierArm)
        .select(
            CustomerProfileTable.CUSTOMER_ID.col(),
            col(NO),
            col(LEFT_AT),
            col(RANK_VALUE),
            col(STRATUM),
            col(EARLIER_ARM),
            when(col(LEFT_AT).equalTo(0), AudienceMembersTable.REASON.col())
                .as(AudienceMembersTable.REASON.name()));
  }

  /** The value that the row's audience has. */
  static Column of(List<Audience> audiences, Function<Audience, Column> value) {
    Column[] values = audiences.stream().map(value).toArray(Column[]::new);
    return element_at(array(values), col(NO).plus(1));
  }

  /**
   * Per customer and experiment the arm, which never changes, and the last day of a selection
   * before this as_of: a run that is repeated must not see its own.
   */
  private static Dataset<Row> assignedBefore(
      Dataset<Row> assignments, List<Audience> audiences, LocalDate asOf) {
    Object[] experiments = audiences.stream().map(Audience::experiment).distinct().toArray();
    Column day = AssignmentsTable.ASSIGNED_AS_OF.col();
    return assignments
        .where(AssignmentsTable.EXPERIMENT.col().isin(experiments))
        .groupBy(AssignmentsTable.CUSTOMER_ID.col(), AssignmentsTable.EXPERIMENT.col())
        .agg(
            min(AssignmentsTable.ARM.col()).as(AssignmentsTable.ARM.name()),
            max(when(day.lt(lit(asOf)), day)).as(LAST))
        .groupBy(AssignmentsTable.CUSTOMER_ID.col())
        .agg(
            map_from_entries(
                    collect_list(
                        struct(
                            AssignmentsTable.EXPERIMENT.col(),
                            struct(AssignmentsTable.ARM.col(), col(LAST)))))
                .as(ASSIGNED));
  }

  private static Dataset<Row> leftJoin(Dataset<Row> rows, Dataset<Row> more) {
    return rows.join(
        more,
        CollectionConverters.asScala(List.of(CustomerProfileTable.CUSTOMER_ID.name())).toSeq(),
        "left");
  }
}
