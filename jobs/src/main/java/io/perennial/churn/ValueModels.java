package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What orders and money the future holds: BG/NBD and Gamma-Gamma fitted at one origin.
 *
 * @param bgNbd empty where it could not be fitted
 * @param paceCentre mean log-odds of no order that {@link BgNbdFeature} is centred on
 * @param gammaGamma empty where it could not be fitted
 */
record ValueModels(Optional<BgNbd> bgNbd, double paceCentre, Optional<GammaGamma> gammaGamma) {

  /**
   * Fits Gamma-Gamma on customers with a repeat order: their order days and net.
   *
   * @param histories rows of {@link GroupedHistory} that are learnt from
   */
  static ValueModels of(
      Dataset<Row> histories, BgNbdFeature pace, LocalDate origin, int minorDigits) {
    GammaGammaStatistics statistics =
        GammaGammaStatistics.collect(
                GammaGammaStatistics.group(
                    histories
                        .where(col(History.ORIGIN).equalTo(lit(origin)))
                        .where(col(GroupedHistory.PURCHASE_DAYS).gt(1)),
                    col(History.ORIGIN),
                    col(GroupedHistory.PURCHASE_DAYS),
                    col(History.NET_MINOR)))
            .getOrDefault(origin, GammaGammaStatistics.of(List.of(), 0));
    return new ValueModels(
        Optional.ofNullable(pace.fits().get(origin)),
        pace.centres().getOrDefault(origin, 0.0),
        GammaGammaFit.fit(statistics, minorDigits).model());
  }

  /** r, alpha, a, b, and the centre of pace; null without a model. */
  List<Double> bgNbdParameters() {
    return bgNbd
        .map(model -> List.of(model.r(), model.alpha(), model.a(), model.b(), paceCentre))
        .orElse(null);
  }

  /** p, q, gamma; null without a model. */
  List<Double> gammaGammaParameters() {
    return gammaGamma.map(model -> List.of(model.p(), model.q(), model.gamma())).orElse(null);
  }

  /** Expected days with an order in the horizon. */
  Column expectedOrders(int horizonDays) {
    return bgNbd
        .map(
            model ->
                model.expectedOrders(
                    BgNbdFeature.x(),
                    BgNbdFeature.recency(),
                    BgNbdFeature.age(),
                    horizonDays / BgNbd.DAYS_PER_WEEK))
        .orElse(lit(null).cast("double"));
  }

  /** Probability of still being a customer. */
  Column alive() {
    return bgNbd
        .map(model -> model.pAlive(BgNbdFeature.x(), BgNbdFeature.recency(), BgNbdFeature.age()))
        .orElse(lit(null).cast("double"));
  }

  /** Expected net of a day with an order, in the currency. */
  Column expectedNetOfAnOrder(int minorDigits) {
    Column days = col(GroupedHistory.PURCHASE_DAYS).cast("double");
    Column net = col(History.NET_MINOR).cast("double").multiply(Math.pow(10, -minorDigits));
    return gammaGamma
        .map(model -> model.expectedValue(days, net.divide(days)))
        .orElse(lit(null).cast("double"));
  }
}
