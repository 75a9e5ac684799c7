package io.perennial.report;

import static io.perennial.report.RowValues.day;
import static io.perennial.report.RowValues.get;
import static org.apache.spark.sql.functions.*;

import io.perennial.audiences.CampaignLiftTable;
import io.perennial.table.PublishedTables;
import io.perennial.table.Table;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;

/**
 * Campaigns as they were last measured by the run's as_of.
 *
 * @param campaigns newest first
 */
public record CampaignFigures(List<Campaign> campaigns) {

  private static final int SHOWN = 12;

  /**
   * A row of campaign_lift; null where a figure cannot be known.
   *
   * @param verdict conclusion as a sentence
   */
  public record Campaign(
      String experiment,
      LocalDate sentAsOf,
      int windowDays,
      long target,
      long control,
      Double targetRate,
      Double controlRate,
      Double lift,
      Double low,
      Double high,
      BigDecimal incrementalNet,
      Double minimumDetectable,
      String verdict) {

    public static Campaign of(Row row) {
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

    boolean hasInterval() {
      return lift != null && low != null && high != null;
    }

    /** What the interval allows to conclude. */
    Effect effect() {
      if (!hasInterval()) {
        return Effect.UNKNOWN;
      }
      if (low > 0) {
        return Effect.POSITIVE;
      }
      return high < 0 ? Effect.NEGATIVE : Effect.NOT_SHOWN;
    }
  }

  /** The sign of a campaign's effect, as far as its interval shows it. */
  enum Effect {
    POSITIVE,
    NEGATIVE,
    NOT_SHOWN,
    UNKNOWN
  }

  static CampaignFigures read(PublishedTables tables) {
    List<Row> measured =
        tables.rows(
            CampaignLiftTable.TABLE, rows -> rows.where(Table.AS_OF.col().leq(lit(tables.asOf()))));
    Optional<LocalDate> newest =
        measured.stream().map(row -> day(row, Table.AS_OF)).max(Comparator.naturalOrder());
    return new CampaignFigures(
        measured.stream()
            .filter(row -> newest.get().equals(day(row, Table.AS_OF)))
            .map(Campaign::of)
            .sorted(
                Comparator.comparing(Campaign::sentAsOf)
                    .reversed()
                    .thenComparing(Campaign::experiment)
                    .thenComparing(Campaign::windowDays))
            .limit(SHOWN)
            .toList());
  }
}
