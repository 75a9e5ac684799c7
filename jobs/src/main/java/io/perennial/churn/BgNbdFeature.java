package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import io.perennial.spark.ParallelQueries;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What BG/NBD says of each customer at each origin. Its parameters are fitted at the origin on the
 * history before it, so they know no more than any other feature. The log-odds are centred on the
 * mean of the origin's customers: how many will order at all is left to the regression, since the
 * share swings with the season and a fit only knows the past.
 *
 * @param fits BG/NBD by origin; an origin without one has a pace of 0 for everybody
 * @param centres mean log-odds of no order over an origin's eligible customers
 * @param horizonDays H
 */
record BgNbdFeature(
    SortedMap<LocalDate, BgNbd> fits, SortedMap<LocalDate, Double> centres, int horizonDays) {

  /** Probability of no order in the horizon by BG/NBD; null where it could not be fitted. */
  static final String PROBABILITY = "bg_nbd_probability";

  /** Its log-odds less the origin's mean; 0 where BG/NBD could not be fitted. */
  static final String CENTRED = "pace";

  private static final double CLIP = 1e-6;

  /**
   * Fits and centres, both on how many customers have each history: no sum depends on how rows lie.
   *
   * @param histories rows of {@link GroupedHistory} that are learnt from
   * @param lookbackDays whose mean the centre is: customers with an order in so many days before
   */
  static BgNbdFeature of(Dataset<Row> histories, int horizonDays, Optional<Integer> lookbackDays) {
    SortedMap<LocalDate, BgNbdStatistics> statistics =
        BgNbdStatistics.collect(
            BgNbdStatistics.group(
                histories,
                col(History.ORIGIN),
                col(GroupedHistory.FIRST_DAY),
                col(GroupedHistory.LAST_DAY),
                col(GroupedHistory.PURCHASE_DAYS)));
    SortedMap<LocalDate, BgNbd> fits = new TreeMap<>();
    ParallelQueries.map(
            List.copyOf(statistics.entrySet()),
            entry -> Map.entry(entry.getKey(), BgNbdFit.fit(entry.getValue())))
        .forEach(
            entry -> entry.getValue().model().ifPresent(model -> fits.put(entry.getKey(), model)));
    SortedMap<LocalDate, Double> centres = new TreeMap<>();
    fits.forEach(
        (origin, model) ->
            centres.put(
                origin,
                centre(
                    model,
                    statistics.get(origin),
                    horizonDays,
                    lookbackDays.orElse(Integer.MAX_VALUE))));
    return new BgNbdFeature(fits, centres, horizonDays);
  }

  private static double centre(
      BgNbd model, BgNbdStatistics statistics, int horizonDays, int lookbackDays) {
    double sum = 0;
    double customers = 0;
    for (BgNbdStatistics.Group group : statistics.groups()) {
      if (group.ageDays() - group.recencyDays() < lookbackDays) {
        double p =
            model.probabilityOfNoOrder(
                group.x(),
                group.recencyDays() / BgNbd.DAYS_PER_WEEK,
                group.ageDays() / BgNbd.DAYS_PER_WEEK,
                horizonDays / BgNbd.DAYS_PER_WEEK);
        double clipped = Math.min(Math.max(p, CLIP), 1 - CLIP);
        sum += group.customers() * Math.log(clipped / (1 - clipped));
        customers += group.customers();
      }
    }
    return customers == 0 ? 0 : sum / customers;
  }

  /** Adds {@link #PROBABILITY} and {@link #CENTRED} to rows of {@link GroupedHistory}. */
  Dataset<Row> addTo(Dataset<Row> histories) {
    Column p = col(PROBABILITY);
    Column clipped = least(greatest(p, lit(CLIP)), lit(1 - CLIP));
    Column logOdds = log(clipped.divide(lit(1.0).minus(clipped)));
    Column centre = byOrigin(centres.keySet(), origin -> lit(centres.get(origin)), lit(0.0));
    return histories
        .withColumn(
            PROBABILITY,
            perModel(
                model ->
                    model.probabilityOfNoOrder(
                        x(), recency(), age(), horizonDays / BgNbd.DAYS_PER_WEEK)))
        .withColumn(CENTRED, when(p.isNull(), lit(0.0)).otherwise(logOdds.minus(centre)));
  }

  /** A figure of each origin's own model; null where there is none. */
  Column perModel(Function<BgNbd, Column> figure) {
    return byOrigin(
        fits.keySet(), origin -> figure.apply(fits.get(origin)), lit(null).cast("double"));
  }

  private static Column byOrigin(
      Iterable<LocalDate> origins, Function<LocalDate, Column> figure, Column otherwise) {
    Column result = null;
    for (LocalDate origin : origins) {
      Column isIt = col(History.ORIGIN).equalTo(lit(origin));
      result =
          result == null
              ? when(isIt, figure.apply(origin))
              : result.when(isIt, figure.apply(origin));
    }
    return result == null ? otherwise : result.otherwise(otherwise);
  }

  static Column x() {
    return col(GroupedHistory.PURCHASE_DAYS).minus(1).cast("double");
  }

  static Column recency() {
    return datediff(col(GroupedHistory.LAST_DAY), col(GroupedHistory.FIRST_DAY))
        .divide(BgNbd.DAYS_PER_WEEK);
  }

  static Column age() {
    return datediff(date_sub(col(History.ORIGIN), 1), col(GroupedHistory.FIRST_DAY))
        .divide(BgNbd.DAYS_PER_WEEK);
  }
}
