package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import io.perennial.spark.ParallelQueries;
import io.perennial.table.Field;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The BG/NBD prediction as a feature: log-odds of no order in the horizon. Its parameters are
 * fitted at each origin on the history before it, so it knows no more than any other feature. The
 * log-odds are centred on their mean over the origin's customers: the overall level swings with the
 * season, which a fit on the past cannot know, and is left to the regression.
 *
 * @param models BG/NBD by origin; without one for an origin its log-odds are 0
 * @param means mean log-odds of no order over an origin's eligible customers
 * @param horizonDays H, days of the outcome window
 */
record BgNbdFeature(
    SortedMap<LocalDate, BgNbd> models, SortedMap<LocalDate, Double> means, int horizonDays) {

  static final Field PROBABILITY =
      Field.rate("bg_nbd_probability", "Of no order in the horizon; null without a fit.").orNull();
  static final Field LOG_ODDS =
      Field.rate("bg_nbd_log_odds", "Less the origin's mean; 0 without a fit.");

  private static final double CLIP = 1e-6;

  /**
   * Fits the models and their means on grouped histories, so no sum depends on the partitioning.
   *
   * @param histories rows of {@link GroupedHistory} to learn from
   */
  static BgNbdFeature of(Dataset<Row> histories, ChurnDefinition definition) {
    SortedMap<LocalDate, BgNbdStatistics> statistics =
        BgNbdStatistics.collect(
            BgNbdStatistics.group(
                histories,
                History.ORIGIN.col(),
                GroupedHistory.FIRST_DAY.col(),
                GroupedHistory.LAST_DAY.col(),
                GroupedHistory.PURCHASE_DAYS.col()),
            BgNbdStatistics.MAX_GROUPS);
    SortedMap<LocalDate, BgNbd> models = new TreeMap<>();
    ParallelQueries.map(
            List.copyOf(statistics.entrySet()),
            entry -> Map.entry(entry.getKey(), BgNbdFit.fit(entry.getValue())))
        .forEach(entry -> entry.getValue().ifPresent(model -> models.put(entry.getKey(), model)));
    SortedMap<LocalDate, Double> means = new TreeMap<>();
    models.forEach(
        (origin, model) ->
            means.put(origin, meanLogOdds(model, statistics.get(origin), definition)));
    return new BgNbdFeature(models, means, definition.horizonDays());
  }

  private static double meanLogOdds(
      BgNbd model, BgNbdStatistics statistics, ChurnDefinition definition) {
    double sum = 0;
    double customers = 0;
    for (BgNbdStatistics.Group group : statistics.groups()) {
      if (group.ageDays() - group.recencyDays() < definition.lookbackDays()) {
        double p =
            model.probabilityOfNoOrder(
                group.x(),
                group.recencyDays() / BgNbd.DAYS_PER_WEEK,
                group.ageDays() / BgNbd.DAYS_PER_WEEK,
                definition.horizonDays() / BgNbd.DAYS_PER_WEEK);
        double clipped = Math.min(Math.max(p, CLIP), 1 - CLIP);
        sum += group.customers() * Math.log(clipped / (1 - clipped));
        customers += group.customers();
      }
    }
    return customers == 0 ? 0 : sum / customers;
  }

  /** Adds {@link #PROBABILITY} and {@link #LOG_ODDS} to rows of {@link GroupedHistory}. */
  Dataset<Row> addTo(Dataset<Row> histories) {
    Column p = PROBABILITY.col();
    Column clipped = least(greatest(p, lit(CLIP)), lit(1 - CLIP));
    Column logOdds = log(clipped.divide(lit(1.0).minus(clipped)));
    Column mean = byOrigin(means.keySet(), origin -> lit(means.get(origin)), lit(0.0));
    Column probability =
        byOrigin(
            models.keySet(),
            origin ->
                models
                    .get(origin)
                    .probabilityOfNoOrder(x(), recency(), age(), horizonDays / BgNbd.DAYS_PER_WEEK),
            lit(null).cast("double"));
    return histories
        .withColumn(PROBABILITY.name(), probability)
        .withColumn(LOG_ODDS.name(), when(p.isNull(), lit(0.0)).otherwise(logOdds.minus(mean)));
  }

  private static Column byOrigin(
      Iterable<LocalDate> origins, Function<LocalDate, Column> figure, Column otherwise) {
    Column result = null;
    for (LocalDate origin : origins) {
      Column isOrigin = History.ORIGIN.col().equalTo(lit(origin));
      result =
          result == null
              ? when(isOrigin, figure.apply(origin))
              : result.when(isOrigin, figure.apply(origin));
    }
    return result == null ? otherwise : result.otherwise(otherwise);
  }

  /** Repeat purchase days. */
  static Column x() {
    return GroupedHistory.PURCHASE_DAYS.col().minus(1).cast("double");
  }

  /** t_x, in weeks. */
  static Column recency() {
    return datediff(GroupedHistory.LAST_DAY.col(), GroupedHistory.FIRST_DAY.col())
        .divide(BgNbd.DAYS_PER_WEEK);
  }

  /** T, in weeks. */
  static Column age() {
    return datediff(date_sub(History.ORIGIN.col(), 1), GroupedHistory.FIRST_DAY.col())
        .divide(BgNbd.DAYS_PER_WEEK);
  }
}
