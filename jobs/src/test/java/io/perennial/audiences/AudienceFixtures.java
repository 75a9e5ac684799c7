package io.perennial.audiences;

import io.perennial.acceptance.Perennial;
import io.perennial.config.AudienceSettings.Audience;
import io.perennial.config.AudienceSettings.Channel;
import io.perennial.config.AudienceSettings.Platform;
import io.perennial.config.SettingsLoader;
import io.perennial.table.Table;
import io.perennial.testing.SharedSpark;
import java.math.BigDecimal;
import java.sql.Date;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** Rows and audiences for tests; values that a test does not set do not matter. */
final class AudienceFixtures {

  static final int MINOR_DIGITS = 2;

  private AudienceFixtures() {}

  /** A session configured as for a run on a small lake, without code generation. */
  static SparkSession session() {
    return Perennial.session(
        SettingsLoader.load(List.of("lake.path=x", "warehouse.path=y", "shop.time-zone=UTC")));
  }

  /** Rows of a table by column name; money may be text, a missing column is null. */
  static Dataset<Row> rows(Table table, List<Map<String, Object>> rows) {
    return SharedSpark.session()
        .createDataFrame(
            rows.stream()
                .map(
                    row ->
                        RowFactory.create(
                            table.fields().stream()
                                .map(
                                    field -> {
                                      Object value = row.get(field.name());
                                      return field.isMoney() && value instanceof String text
                                          ? new BigDecimal(text).setScale(MINOR_DIGITS)
                                          : value instanceof LocalDate day
                                              ? Date.valueOf(day)
                                              : value;
                                    })
                                .toArray()))
                .toList(),
            table.schema(MINOR_DIGITS));
  }

  /** A row of customer_profile with one order and every consent and identifier. */
  static Map<String, Object> profile(String id, LocalDate asOf, Map<String, Object> values) {
    Map<String, Object> row = new HashMap<>();
    row.put("as_of", asOf);
    row.put("customer_id", id);
    row.put("first_order_day", asOf.minusDays(10));
    row.put("last_order_day", asOf.minusDays(10));
    row.put("days_since_first_order", 10);
    row.put("days_since_last_order", 10);
    row.put("orders", 1L);
    row.put("net", "10.00");
    row.put("aov", 10.0);
    row.put("orders_last_year", 1L);
    row.put("net_last_year", "10.00");
    row.put("discounted_orders", 0L);
    row.put("discounted_share", 0.0);
    row.put("refund_days", 0L);
    row.put("refund", "0.00");
    row.put("bought_months", new Integer[] {1});
    row.put("coming_season_years", 0);
    row.put("cohort_month", asOf.withDayOfMonth(1));
    row.put("is_guest", false);
    row.put("has_email", true);
    row.put("has_phone", true);
    row.put("has_postal_address", true);
    row.put("email_consent", true);
    row.put("sms_consent", true);
    row.put("ads_consent", true);
    row.putAll(values);
    return row;
  }

  /** An audience of the channel email without cap, control group or cool-off. */
  static Audience audience(String name, String predicate) {
    return new Audience(
        name,
        "Words of " + name,
        "Whenever",
        predicate,
        "",
        Channel.EMAIL,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        0,
        0,
        name,
        Set.of(),
        name,
        "audiences.conf, line 1");
  }

  static Audience sent(Audience a, Channel channel, Platform... platforms) {
    return new Audience(
        a.name(),
        a.words(),
        a.use(),
        a.predicate(),
        a.reason(),
        channel,
        a.rankBy(),
        a.stratifyBy(),
        a.cap(),
        a.coolOffDays(),
        a.controlShare(),
        a.experiment(),
        Set.of(platforms),
        a.platformName(),
        a.origin());
  }

  static Audience explained(Audience a, String reason) {
    return new Audience(
        a.name(),
        a.words(),
        a.use(),
        a.predicate(),
        reason,
        a.channel(),
        a.rankBy(),
        a.stratifyBy(),
        a.cap(),
        a.coolOffDays(),
        a.controlShare(),
        a.experiment(),
        a.platforms(),
        a.platformName(),
        a.origin());
  }

  static Audience ranked(Audience a, String rankBy, Integer cap) {
    return chosen(a, Optional.of(rankBy), Optional.empty(), cap);
  }

  static Audience stratified(Audience a, String stratifyBy, Integer cap) {
    return chosen(a, Optional.empty(), Optional.of(stratifyBy), cap);
  }

  private static Audience chosen(
      Audience a, Optional<String> rankBy, Optional<String> stratifyBy, Integer cap) {
    return new Audience(
        a.name(),
        a.words(),
        a.use(),
        a.predicate(),
        a.reason(),
        a.channel(),
        rankBy,
        stratifyBy,
        Optional.ofNullable(cap),
        a.coolOffDays(),
        a.controlShare(),
        a.experiment(),
        a.platforms(),
        a.platformName(),
        a.origin());
  }

  static Audience tested(Audience a, String experiment, double controlShare, int coolOffDays) {
    return new Audience(
        a.name(),
        a.words(),
        a.use(),
        a.predicate(),
        a.reason(),
        a.channel(),
        a.rankBy(),
        a.stratifyBy(),
        a.cap(),
        coolOffDays,
        controlShare,
        experiment,
        a.platforms(),
        a.platformName(),
        a.origin());
  }
}
