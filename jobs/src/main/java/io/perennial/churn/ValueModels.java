package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import java.time.LocalDate;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Models of future orders and their value at one origin. Each figure is null where its model could
 * not be fitted.
 *
 * @param bgNbd BG/NBD, fitted at every origin
 * @param origin the origin whose BG/NBD predicts
 * @param gammaGamma Gamma-Gamma, fitted at the origin; null without a model
 */
record ValueModels(BgNbdFeature bgNbd, LocalDate origin, GammaGamma gammaGamma) {

  /**
   * Fits Gamma-Gamma on the purchase days and net of customers with a repeat order.
   *
   * @param histories rows of {@link GroupedHistory} to learn from
   */
  static ValueModels of(
      Dataset<Row> histories, BgNbdFeature bgNbd, LocalDate origin, int minorDigits) {
    GammaGammaStatistics statistics =
        GammaGammaStatistics.collect(
                GammaGammaStatistics.group(
                    histories
                        .where(History.ORIGIN.col().equalTo(lit(origin)))
                        .where(GroupedHistory.PURCHASE_DAYS.col().gt(1)),
                    History.ORIGIN.col(),
                    GroupedHistory.PURCHASE_DAYS.col(),
                    History.NET_MINOR.col()),
                GammaGammaStatistics.MAX_GROUPS)
            .getOrDefault(origin, new GammaGammaStatistics(List.of()));
    return new ValueModels(bgNbd, origin, GammaGammaFit.fit(statistics, minorDigits).orElse(null));
  }

  /** r, alpha, a, b, and the mean log-odds of {@link BgNbdFeature}; null without a model. */
  List<Double> bgNbdParameters() {
    return orNull(
        bgNbd.models().get(origin),
        m -> List.of(m.r(), m.alpha(), m.a(), m.b(), bgNbd.means().get(origin)));
  }

  /** p, q, gamma; null without a model. */
  List<Double> gammaGammaParameters() {
    return orNull(gammaGamma, m -> List.of(m.p(), m.q(), m.gamma()));
  }

  /** Expected purchase days in the horizon. */
  Column expectedOrders(int horizonDays) {
    return figure(
        bgNbd.models().get(origin),
        model ->
            model.expectedOrders(
                BgNbdFeature.x(),
                BgNbdFeature.recency(),
                BgNbdFeature.age(),
                horizonDays / BgNbd.DAYS_PER_WEEK));
  }

  /** Probability that the customer has not dropped out. */
  Column pAlive() {
    return figure(
        bgNbd.models().get(origin),
        model -> model.pAlive(BgNbdFeature.x(), BgNbdFeature.recency(), BgNbdFeature.age()));
  }

  /** Expected net of a purchase day, in the currency's major unit. */
  Column expectedNetPerOrder(int minorDigits) {
    Column days = GroupedHistory.PURCHASE_DAYS.col().cast("double");
    Column net = History.NET_MINOR.col().cast("double").multiply(Math.pow(10, -minorDigits));
    return figure(gammaGamma, model -> model.expectedValue(days, net.divide(days)));
  }

  private static <M> Column figure(M model, Function<M, Column> figure) {
    return model == null ? lit(null).cast("double") : figure.apply(model);
  }

  private static <M, R> R orNull(M model, Function<M, R> figure) {
    return model == null ? null : figure.apply(model);
  }
}
