package io.perennial.report;

import io.perennial.report.RetentionFigures.Month;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The figures at the top, each with its change against the as_of before and against the month
 * before.
 */
final class Headlines {

  private static final int SPARK_MONTHS = 13;

  /**
   * A figure, ready to print.
   *
   * @param when the month it is of
   * @param spark the figure in the last months, oldest first; null where unknown
   */
  record Card(
      String title,
      String value,
      String when,
      List<Change> changes,
      List<Double> spark,
      String definition) {}

  /** A change, ready to print. */
  record Change(String text, Mood mood) {}

  /** Whether a change is good news. */
  enum Mood {
    GOOD,
    BAD,
    NEITHER
  }

  /** Whether more of a figure is better. */
  private enum More {
    BETTER,
    WORSE
  }

  /**
   * How a kind of figure is printed.
   *
   * @param change from an earlier value, the second argument
   */
  private record Format(
      Function<Double, String> value, BiFunction<Double, Double, String> change) {}

  /** Chooses the month that a figure is of, among the months known at an as_of. */
  private interface MonthChoice extends BiFunction<List<Month>, LocalDate, Optional<Month>> {}

  private record Figure(
      String title,
      Function<Month, Double> value,
      Format format,
      More more,
      MonthChoice month,
      String definition) {}

  private final ReportModel.About about;
  private final RetentionFigures retention;
  private final NumberFormats numbers;

  private Headlines(ReportModel model, NumberFormats numbers) {
    this.about = model.about();
    this.retention = model.get(RetentionFigures.class);
    this.numbers = numbers;
  }

  static List<Card> of(ReportModel model, NumberFormats numbers) {
    Headlines headlines = new Headlines(model, numbers);
    return headlines.figures().stream().map(headlines::card).toList();
  }

  private List<Figure> figures() {
    int window = about.activeWindow();
    Format count =
        new Format(
            value -> numbers.count(Math.round(value)),
            (now, was) -> numbers.signed(Math.round(now - was)));
    Format percent = new Format(numbers::percent, (now, was) -> numbers.points(now - was));
    Format money = new Format(numbers::money, numbers::change);
    MonthChoice newest = (months, asOf) -> RetentionFigures.newestComplete(months);
    return List.of(
        new Figure(
            "Active customers",
            m -> m.end() == null ? null : m.end().doubleValue(),
            count,
            More.BETTER,
            newest,
            "Customers with a valid order in the "
                + window
                + " months that end with the month (retention_summary.customers_end)."),
        new Figure(
            "Retention rate",
            Month::retention,
            percent,
            More.BETTER,
            newest,
            "Of the customers active at the start of the month, the share still active at its"
                + " end; active means a valid order within "
                + window
                + " months (retention_summary.retention_rate)."),
        new Figure(
            "Churn rate",
            Month::churn,
            percent,
            More.WORSE,
            newest,
            "Of the customers active at the start of the month, the share that was no longer"
                + " active at its end; the retention rate's other part"
                + " (retention_summary.churn_rate)."),
        new Figure(
            "Repeat purchase rate",
            Month::repeat,
            percent,
            More.BETTER,
            this::newestRepeat,
            "Of the customers acquired in the month, the share that ordered again within "
                + about.repeatDays()
                + " days; of the newest month for which these days are over"
                + " (retention_summary.repeat_purchase_rate)."),
        new Figure(
            "Average order value",
            Month::aov,
            money,
            More.BETTER,
            newest,
            "Sales less discounts, per valid order of the month; shipping and tax are not in"
                + " it (retention_summary.aov)."),
        new Figure(
            "Net revenue",
            m -> m.net().doubleValue(),
            money,
            More.BETTER,
            newest,
            "Sales less discounts and refunds of the month, of customers that are known; the"
                + " sum of the two figures beside it."),
        new Figure(
            "… from new customers",
            m -> m.netNew().doubleValue(),
            money,
            More.BETTER,
            newest,
            "Net of the month from customers whose first valid order is of it"
                + " (retention_summary.net_new)."),
        new Figure(
            "… from returning customers",
            m -> m.netReturning().doubleValue(),
            money,
            More.BETTER,
            newest,
            "Net of the month from customers acquired before it"
                + " (retention_summary.net_returning)."));
  }

  /** A month's rate is final once the repeat days after its last day are over. */
  private Optional<Month> newestRepeat(List<Month> months, LocalDate asOf) {
    return months.stream()
        .filter(m -> m.repeat() != null)
        .filter(
            m -> m.month().plusMonths(1).minusDays(1).plusDays(about.repeatDays()).isBefore(asOf))
        .reduce((a, b) -> b);
  }

  private Card card(Figure figure) {
    Optional<Month> now = figure.month().apply(retention.months(), about.asOf());
    Double value = now.map(figure.value()).orElse(null);
    List<Change> changes = new ArrayList<>();
    retention
        .previousAsOf()
        .ifPresent(
            day ->
                figure
                    .month()
                    .apply(retention.previousMonths(), day)
                    .flatMap(
                        was -> change(figure, value, was, "since " + NumberFormats.shortDay(day)))
                    .ifPresent(changes::add));
    now.flatMap(retention::before)
        .flatMap(was -> change(figure, value, was, "on " + NumberFormats.shortMonth(was.month())))
        .ifPresent(changes::add);
    return new Card(
        figure.title(),
        value == null ? NumberFormats.NOTHING : figure.format().value().apply(value),
        now.map(m -> NumberFormats.month(m.month())).orElse("no complete month yet"),
        changes,
        now.map(m -> spark(figure, m)).orElse(List.of()),
        figure.definition());
  }

  /** A change from an earlier month; none from nothing or from less, which has no share. */
  private static Optional<Change> change(Figure figure, Double now, Month earlier, String against) {
    Double was = figure.value().apply(earlier);
    if (now == null || was == null || was <= 0) {
      return Optional.empty();
    }
    String text = figure.format().change().apply(now, was);
    Mood mood =
        text.startsWith("±")
            ? Mood.NEITHER
            : (now > was) == (figure.more() == More.BETTER) ? Mood.GOOD : Mood.BAD;
    return Optional.of(new Change(text + " " + against, mood));
  }

  private List<Double> spark(Figure figure, Month until) {
    return retention.months().stream()
        .filter(m -> m.isComplete() && !m.month().isAfter(until.month()))
        .filter(m -> m.month().isAfter(until.month().minusMonths(SPARK_MONTHS)))
        .map(figure.value())
        .toList();
  }
}
