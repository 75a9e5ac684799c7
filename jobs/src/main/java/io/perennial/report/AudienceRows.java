package io.perennial.report;

import static io.perennial.report.CohortRows.day;
import static io.perennial.report.CohortRows.get;
import static io.perennial.table.Table.AS_OF;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import io.perennial.report.ReportModel.Audience;
import io.perennial.report.ReportModel.Campaign;
import io.perennial.report.ReportModel.Suppression;
import io.perennial.table.Field;
import io.perennial.table.Table;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

/**
 * Reads audiences and campaigns: what the report needs to know of the tables audience_members,
 * audience_suppressions and campaign_lift.
 */
final class AudienceRows {

  private static final int CAMPAIGNS = 12;

  private static final Field AUDIENCE = Field.text("audience", "");
  private static final Field ARM = Field.text("arm", "");
  private static final Field CUSTOMERS = Field.count("customers", "");
  private static final Table MEMBERS = table("audience_members");

  private static final Field STEP_ORDER = Field.integer("step_order", "");
  private static final Field STEP = Field.text("step", "");
  private static final Field IN = Field.count("customers_in", "");
  private static final Field OUT = Field.count("customers_out", "");
  private static final Table SUPPRESSIONS = table("audience_suppressions");

  private static final Field EXPERIMENT = Field.text("experiment", "");
  private static final Field SENT_AS_OF = Field.date("sent_as_of", "");
  private static final Field WINDOW_DAYS = Field.integer("window_days", "");
  private static final Field N_TARGET = Field.count("n_target", "");
  private static final Field N_CONTROL = Field.count("n_control", "");
  private static final Field P_TARGET = Field.rate("p_target", "");
  private static final Field P_CONTROL = Field.rate("p_control", "");
  private static final Field LIFT = Field.rate("lift", "");
  private static final Field LOW = Field.rate("low", "");
  private static final Field HIGH = Field.rate("high", "");
  private static final Field INCREMENTAL_NET = Field.money("incremental_net", "");
  private static final Field DETECTABLE = Field.rate("minimum_detectable_effect", "");
  private static final Field VERDICT = Field.text("verdict", "");
  private static final Table CAMPAIGN_LIFT = table("campaign_lift");

  private AudienceRows() {}

  static List<Audience> audiences(PublishedTables tables) {
    Map<String, Map<String, Long>> arms =
        tables
            .rowsAsOf(
                MEMBERS,
                rows ->
                    rows.groupBy(AUDIENCE.col(), ARM.col()).agg(count(lit(1)).as(CUSTOMERS.name())))
            .stream()
            .collect(
                Collectors.groupingBy(
                    row -> get(row, AUDIENCE),
                    Collectors.toMap(row -> get(row, ARM), row -> get(row, CUSTOMERS))));
    Map<String, List<Suppression>> steps =
        tables
            .rowsAsOf(SUPPRESSIONS, rows -> rows.orderBy(AUDIENCE.col(), STEP_ORDER.col()))
            .stream()
            .collect(
                Collectors.groupingBy(
                    row -> get(row, AUDIENCE),
                    TreeMap::new,
                    Collectors.mapping(
                        row -> new Suppression(get(row, STEP), get(row, IN), get(row, OUT)),
                        Collectors.toList())));
    TreeSet<String> names = new TreeSet<>(arms.keySet());
    names.addAll(steps.keySet());
    List<Audience> audiences = new ArrayList<>();
    for (String name : names) {
      Map<String, Long> sizes = arms.getOrDefault(name, Map.of());
      audiences.add(
          new Audience(
              name,
              sizes.getOrDefault("target", 0L),
              sizes.getOrDefault("control", 0L),
              steps.getOrDefault(name, List.of())));
    }
    return audiences;
  }

  /** As they were last measured by the run's as_of. */
  static List<Campaign> campaigns(PublishedTables tables) {
    List<Row> measured =
        tables.rows(CAMPAIGN_LIFT, rows -> rows.where(AS_OF.col().leq(lit(tables.asOf()))));
    Optional<LocalDate> newest =
        measured.stream().map(row -> day(row, AS_OF)).max(Comparator.naturalOrder());
    return measured.stream()
        .filter(row -> newest.get().equals(day(row, AS_OF)))
        .map(AudienceRows::campaign)
        .sorted(
            Comparator.comparing(Campaign::sentAsOf)
                .reversed()
                .thenComparing(Campaign::experiment)
                .thenComparing(Campaign::windowDays))
        .limit(CAMPAIGNS)
        .toList();
  }

  private static Campaign campaign(Row row) {
    return new Campaign(
        get(row, EXPERIMENT),
        day(row, SENT_AS_OF),
        get(row, WINDOW_DAYS),
        get(row, N_TARGET),
        get(row, N_CONTROL),
        get(row, P_TARGET),
        get(row, P_CONTROL),
        get(row, LIFT),
        get(row, LOW),
        get(row, HIGH),
        get(row, INCREMENTAL_NET),
        get(row, DETECTABLE),
        get(row, VERDICT));
  }

  private static Table table(String name) {
    return Table.named(name).fields(AS_OF).build();
  }
}
