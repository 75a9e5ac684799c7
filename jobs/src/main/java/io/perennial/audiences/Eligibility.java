package io.perennial.audiences;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.AudienceSettings.Audience;
import io.perennial.config.AudienceSettings.Channel;
import io.perennial.config.AudienceSettings.Identifier;
import io.perennial.table.Field;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Decides which customers are in the segment of an audience and at which of the steps that concern
 * a single customer they leave. All rules are evaluated in one pass over the profile.
 */
final class Eligibility {

  static final Field AUDIENCE_INDEX =
      Field.integer("audience_index", "Place of the audience in the list, from 0.");
  static final Field LEFT_AT =
      Field.integer("left_at", "Order of the waterfall step at which the customer leaves, or 0.");
  static final Field RANK_VALUE = Field.rate("rank_value", "The largest comes first.");
  static final Field STRATUM = Field.text("stratum", "Stratum of a stratified audience.");
  static final Field EARLIER_ARM = Field.text("earlier_arm", "Arm of an earlier assignment.");

  private static final Field REASON = AudienceMembersTable.REASON;
  private static final Field CUSTOMER_ID = CustomerProfileTable.CUSTOMER_ID;
  private static final Field MATCHES =
      Field.of("matches", DataTypes.NullType, "The audiences that the customer is in, as structs.");
  private static final Field IS_SUPPRESSED =
      Field.flag("is_suppressed", "Whether a suppression list names the customer.");
  private static final Field ASSIGNED =
      Field.of("assigned", DataTypes.NullType, "Arm and last selection by experiment.");
  private static final Field LAST = Field.date("last", "as_of of the last selection before.");

  private Eligibility() {}

  /**
   * Evaluates all rules. Arrays of one or no element are concatenated, since Spark does not compile
   * expressions below a higher-order function such as array_compact.
   *
   * @param reasons the reason of each audience, in order
   * @return customer_id and the audiences whose segment the customer is in; customers without one
   *     are left out
   */
  static Dataset<Row> matches(
      Dataset<Row> profile, List<Audience> audiences, List<Column> reasons) {
    List<Column> matches = new ArrayList<>();
    for (int i = 0; i < audiences.size(); i++) {
      Audience audience = audiences.get(i);
      Column match = array(match(i, audience, reasons.get(i)));
      matches.add(when(expr(audience.predicate()), match).otherwise(array()));
    }
    return profile
        .select(CUSTOMER_ID.col(), concat(matches.toArray(Column[]::new)).as(MATCHES.name()))
        .where(size(MATCHES.col()).gt(0));
  }

  private static Column match(int index, Audience audience, Column reason) {
    Column left = leftAt(audience);
    return struct(
        lit(index).as(AUDIENCE_INDEX.name()),
        left.as(LEFT_AT.name()),
        rankValue(audience).as(RANK_VALUE.name()),
        audience
            .stratifyBy()
            .map(text -> coalesce(expr(text).cast(DataTypes.StringType), lit("")))
            .orElse(lit(null).cast(DataTypes.StringType))
            .as(STRATUM.name()),
        when(left.equalTo(0), reason).as(REASON.name()));
  }

  /** NaN ranks last, as null does. */
  private static Column rankValue(Audience audience) {
    return audience
        .rankBy()
        .map(text -> expr(text).cast(DataTypes.DoubleType))
        .map(value -> when(value.isNaN(), lit(null)).otherwise(value))
        .orElse(lit(null).cast(DataTypes.DoubleType));
  }

  private static Column leftAt(Audience audience) {
    return when(not(isMatchable(audience)), Waterfall.Step.NO_IDENTIFIER.order())
        .when(not(hasConsent(audience.channel())), Waterfall.Step.NO_CONSENT.order())
        .otherwise(0);
  }

  /**
   * Whether one of the audience's platforms, or without any its channel, can match the customer.
   */
  private static Column isMatchable(Audience audience) {
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

  /** An unknown consent is no consent. */
  private static Column hasConsent(Channel channel) {
    return switch (channel) {
      case EMAIL -> coalesce(CustomerProfileTable.EMAIL_CONSENT.col(), lit(false));
      case SMS -> coalesce(CustomerProfileTable.SMS_CONSENT.col(), lit(false));
      case ADS -> coalesce(CustomerProfileTable.ADS_CONSENT.col(), lit(false));
      case NONE -> lit(true);
    };
  }

  /**
   * Applies suppression lists and earlier assignments, and expands matches to a row per audience.
   *
   * @param suppressed customer_id of customers who must not be addressed, each once
   */
  static Dataset<Row> outcomes(
      Dataset<Row> matches,
      List<Audience> audiences,
      Dataset<Row> suppressed,
      Dataset<Row> assignments,
      LocalDate asOf) {
    Column earlier =
        try_element_at(
            ASSIGNED.col(), perAudience(audiences, audience -> lit(audience.experiment())));
    Column coolOff = perAudience(audiences, audience -> lit(audience.coolOffDays()));
    Column isCooling =
        coalesce(earlier.getField(LAST.name()).gt(date_sub(lit(asOf), coolOff)), lit(false));
    return leftJoin(
            leftJoin(matches, suppressed.withColumn(IS_SUPPRESSED.name(), lit(true))),
            assignedBefore(assignments, audiences, asOf))
        .select(CUSTOMER_ID.col(), IS_SUPPRESSED.col(), ASSIGNED.col(), inline(MATCHES.col()))
        .withColumn(
            LEFT_AT.name(),
            when(LEFT_AT.col().gt(0), LEFT_AT.col())
                .when(IS_SUPPRESSED.col(), Waterfall.Step.SUPPRESSED.order())
                .when(isCooling, Waterfall.Step.COOL_OFF.order())
                .otherwise(0))
        .select(
            CUSTOMER_ID.col(),
            AUDIENCE_INDEX.col(),
            LEFT_AT.col(),
            RANK_VALUE.col(),
            STRATUM.col(),
            earlier.getField(AssignmentsTable.ARM.name()).as(EARLIER_ARM.name()),
            when(LEFT_AT.col().equalTo(0), REASON.col()).as(REASON.name()));
  }

  /** The value that the audience of a row has. */
  static Column perAudience(List<Audience> audiences, Function<Audience, Column> value) {
    Column[] values = audiences.stream().map(value).toArray(Column[]::new);
    return element_at(array(values), AUDIENCE_INDEX.col().plus(1));
  }

  /**
   * Per customer and experiment the arm, which never changes, and the last selection before this
   * as_of, so that a repeated run ignores its own.
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
            max(when(day.lt(lit(asOf)), day)).as(LAST.name()))
        .groupBy(AssignmentsTable.CUSTOMER_ID.col())
        .agg(
            map_from_entries(
                    collect_list(
                        struct(
                            AssignmentsTable.EXPERIMENT.col(),
                            struct(AssignmentsTable.ARM.col(), LAST.col()))))
                .as(ASSIGNED.name()));
  }

  private static Dataset<Row> leftJoin(Dataset<Row> rows, Dataset<Row> other) {
    return rows.join(other, new String[] {CUSTOMER_ID.name()}, "left");
  }
}
