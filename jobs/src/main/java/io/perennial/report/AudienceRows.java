package io.perennial.report;

import static io.perennial.report.CohortRows.day;
import static io.perennial.report.CohortRows.get;
import static org.apache.spark.sql.functions.*;

import io.perennial.audiences.AudienceMembersTable;
import io.perennial.audiences.AudienceSuppressionsTable;
import io.perennial.audiences.CampaignLiftTable;
import io.perennial.report.ReportModel.Audience;
import io.perennial.report.ReportModel.Campaign;
import io.perennial.report.ReportModel.Suppression;
import io.perennial.table.Field;
import io.perennial.table.PublishedTables;
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

  /** A column of the count, not of a table. */
  private static final Field CUSTOMERS = Field.count("customers", "");

  private AudienceRows() {}

  static List<Audience> audiences(PublishedTables tables) {
    Map<String, Map<String, Long>> arms =
        tables
            .rowsAsOf(
                AudienceMembersTable.TABLE,
                rows ->
                    rows.groupBy(
                            AudienceMembersTable.AUDIENCE.col(), AudienceMembersTable.ARM.col())
                        .agg(count(lit(1)).as(CUSTOMERS.name())))
            .stream()
            .collect(
                Collectors.groupingBy(
                    row -> get(row, AudienceMembersTable.AUDIENCE),
                    Collectors.toMap(
                        row -> get(row, AudienceMembersTable.ARM), row -> get(row, CUSTOMERS))));
    Map<String, List<Suppression>> steps =
        tables
            .rowsAsOf(
                AudienceSuppressionsTable.TABLE,
                rows ->
                    rows.orderBy(
                        AudienceSuppressionsTable.AUDIENCE.col(),
                        AudienceSuppressionsTable.STEP_ORDER.col()))
            .stream()
            .collect(
                Collectors.groupingBy(
                    row -> get(row, AudienceSuppressionsTable.AUDIENCE),
                    TreeMap::new,
                    Collectors.mapping(
                        row ->
                            new Suppression(
                                get(row, AudienceSuppressionsTable.STEP),
                                get(row, AudienceSuppressionsTable.CUSTOMERS_IN),
                                get(row, AudienceSuppressionsTable.CUSTOMERS_OUT)),
                        Collectors.toList())));
    TreeSet<String> names = new TreeSet<>(arms.keySet());
    names.addAll(steps.keySet());
    List<Audience> audiences = new ArrayList<>();
    for (String name : names) {
      Map<String, Long> sizes = arms.getOrDefault(name, Map.of());
      audiences.add(
          new Audience(
              name,
              sizes.getOrDefault(AudienceMembersTable.TARGET, 0L),
              sizes.getOrDefault(AudienceMembersTable.CONTROL, 0L),
              steps.getOrDefault(name, List.of())));
    }
    return audiences;
  }

  /** As they were last measured by the run's as_of. */
  static List<Campaign> campaigns(PublishedTables tables) {
    List<Row> measured =
        tables.rows(
            CampaignLiftTable.TABLE, rows -> rows.where(Table.AS_OF.col().leq(lit(tables.asOf()))));
    Optional<LocalDate> newest =
        measured.stream().map(row -> day(row, Table.AS_OF)).max(Comparator.naturalOrder());
    return measured.stream()
        .filter(row -> newest.get().equals(day(row, Table.AS_OF)))
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
        get(row, CampaignLiftTable.EXPERIMENT),
        day(row, CampaignLiftTable.SENT_AS_OF),
        get(row, CampaignLiftTable.WINDOW_DAYS),
        get(row, CampaignLiftTable.N_TARGET),
        get(row, CampaignLiftTable.N_CONTROL),
        get(row, CampaignLiftTable.P_TARGET),
        get(row, CampaignLiftTable.P_CONTROL),
        get(row, CampaignLiftTable.LIFT),
        get(row, CampaignLiftTable.LOW),
        get(row, CampaignLiftTable.HIGH),
        get(row, CampaignLiftTable.INCREMENTAL_NET),
        get(row, CampaignLiftTable.MINIMUM_DETECTABLE_EFFECT),
        get(row, CampaignLiftTable.VERDICT));
  }
}
