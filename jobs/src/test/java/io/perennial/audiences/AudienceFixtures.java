package io.perennial.audiences;

import io.perennial.acceptance.CommandRunner;
import io.perennial.config.AudienceSettings.Audience;
import io.perennial.config.AudienceSettings.Channel;
import io.perennial.config.AudienceSettings.Platform;
import io.perennial.config.SettingsLoader;
import io.perennial.table.Field;
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
    return CommandRunner.session(
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

  /** A row of customer_profile with one order, every consent and every identifier. */
  static Map<String, Object> profile(String id, LocalDate asOf, Map<String, Object> values) {
    Map<String, Object> row = new HashMap<>();
    CustomerProfileTable.TABLE.fields().stream()
        .filter(field -> !field.nullable())
        .forEach(field -> row.put(field.name(), anyValue(field, asOf)));
    row.put("customer_id", id);
    row.put("email_consent", true);
    row.put("sms_consent", true);
    row.put("ads_consent", true);
    row.putAll(values);
    return row;
  }

  private static Object anyValue(Field field, LocalDate asOf) {
    return field.isMoney()
        ? "10.00"
        : switch (field.fixedType().typeName()) {
          case "date" -> asOf;
          case "long" -> 1L;
          case "integer" -> 1;
          case "double" -> 1.0;
          case "boolean" -> true;
          case "array" -> new Integer[] {1};
          default -> "";
        };
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
