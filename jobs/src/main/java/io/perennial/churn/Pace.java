package io.perennial.churn;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_sub;
import static org.apache.spark.sql.functions.datediff;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.when;

import java.time.LocalDate;
import java.util.Map;
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
record Pace(
    SortedMap<LocalDate, BgNbd> fits, SortedMap<LocalDate, Double> centres, int horizonDays) {

  /** Probability of no order in the horizon by BG/NBD; null where it could not be fitted. */
  static final String PROBABILITY = "bg_nbd_probability";

  /** Its log-odds less the origin's mean; 0 where BG/NBD could not be fitted. */
  static final String CENTRED = "pace";

  private static final double CLIP = 1e-6;

  /**
   * Fits and centres.
   *
   * @param histories rows of {@link Histories} that are learnt from
   */
  static Pace of(Dataset<Row> histories, int horizonDays) {
    SortedMap<LocalDate, BgNbd> fits = new TreeMap<>();
    BgNbdStatistics.collect(
            BgNbdStatistics.group(
                histories,
                col(History.ORIGIN),
                col(Histories.FIRST_DAY),
                col(Histories.LAST_DAY),
                col(Histories.PURCHASE_DAYS)))
        .entrySet()
        .parallelStream()
        .map(entry -> Map.entry(entry.getKey(), BgNbdFit.fit(entry.getValue())))
        .filter(entry -> entry.getValue().model().isPresent())
        .toList()
        .forEach(entry -> fits.put(entry.getKey(), entry.getValue().model().get()));
    Pace uncentred = new Pace(fits, new TreeMap<>(), horizonDays);
    SortedMap<LocalDate, Double> centres = new TreeMap<>();
    if (!fits.isEmpty()) {
      uncentred
          .addTo(histories.where(col(Histories.IS_ELIGIBLE)))
          .groupBy(col(History.ORIGIN))
          .agg(avg(col(CENTRED)))
          .collectAsList()
          .forEach(row -> centres.put(row.getDate(0).toLocalDate(), row.getDouble(1)));
    }
    return new Pace(fits, centres, horizonDays);
  }

  /** Adds {@link #PROBABILITY} and {@link #CENTRED} to rows of {@link Histories}. */
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
    return col(Histories.PURCHASE_DAYS).minus(1).cast("double");
  }

  static Column recency() {
    return datediff(col(Histories.LAST_DAY), col(Histories.FIRST_DAY)).divide(BgNbd.DAYS_PER_WEEK);
  }

  static Column age() {
    return datediff(date_sub(col(History.ORIGIN), 1), col(Histories.FIRST_DAY))
        .divide(BgNbd.DAYS_PER_WEEK);
  }
}
