package io.perennial.report;

import io.perennial.report.ReportModel.RetentionMonth;
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

  private static final int SPARK = 13;

  /**
   * A figure.
   *
   * @param when the month it is of
   * @param changes in words, with how to take them
   * @param spark the figure in the last months, oldest first; null where unknown
   */
  record Card(
      String title,
      String value,
      String when,
      List<Change> changes,
      List<Double> spark,
      String definition) {}

  /** A change in words. */
  record Change(String text, Mood mood) {}

  /** How to take a change. */
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

  private record Figure(
      String title,
      Function<RetentionMonth, Double> value,
      Function<Double, String> text,
      BiFunction<Double, Double, String> change,
      More more,
      String definition) {}

  private final ReportModel model;
  private final NumberFormats numbers;

  private Headlines(ReportModel model, NumberFormats numbers) {
    this.model = model;
    this.numbers = numbers;
  }

  static List<Card> of(ReportModel model, NumberFormats numbers) {
    return new Headlines(model, numbers).cards();
  }

  /** The newest complete month, which headline figures are of. */
  static Optional<RetentionMonth> newest(List<RetentionMonth> months) {
    return months.stream().filter(RetentionMonth::isComplete).reduce((a, b) -> b);
  }

  /** The complete month before the newest one. */
  static Optional<RetentionMonth> before(List<RetentionMonth> months) {
    return newest(months)
        .flatMap(
            last ->
                months.stream()
                    .filter(m -> m.month().equals(last.month().minusMonths(1)))
                    .findFirst());
  }

  private List<Card> cards() {
    int window = model.about().activeWindow();
    BiFunction<Double, Double, String> relative = (now, was) -> numbers.change(now, was);
    BiFunction<Double, Double, String> points = (now, was) -> numbers.points(now - was);
    Function<Double, String> percent = numbers::percent;
    Function<Double, String> money = numbers::money;
    List<Figure> figures =
        List.of(
            new Figure(
                "Active customers",
                m -> m.end() == null ? null : m.end().doubleValue(),
                v -> numbers.count(Math.round(v)),
                (now, was) -> numbers.signed(Math.round(now - was)),
                More.BETTER,
                "Customers with a valid order in the "
                    + window
                    + " months that end with the month (retention_summary.customers_end)."),
            new Figure(
                "Retention rate",
                RetentionMonth::retention,
                percent,
                points,
                More.BETTER,
                "Of the customers active at the start of the month, the share still active at its"
                    + " end; active means a valid order within "
                    + window
                    + " months (retention_summary.retention_rate)."),
            new Figure(
                "Churn rate",
                RetentionMonth::churn,
                percent,
                points,
                More.WORSE,
                "Of the customers active at the start of the month, the share that was no longer"
                    + " active at its end; the retention rate's other part"
                    + " (retention_summary.churn_rate)."),
            new Figure(
                "Average order value",
                RetentionMonth::aov,
                money,
                relative,
                More.BETTER,
                "Sales less discounts, per valid order of the month; shipping and tax are not in"
                    + " it (retention_summary.aov)."),
            new Figure(
                "Net revenue",
                m -> m.net().doubleValue(),
                money,
                relative,
                More.BETTER,
                "Sales less discounts and refunds of the month, of customers that are known; the"
                    + " sum of the two figures beside it."),
            new Figure(
                "… from new customers",
                m -> m.netNew().doubleValue(),
                money,
                relative,
                More.BETTER,
                "Net of the month from customers whose first valid order is of it"
                    + " (retention_summary.net_new)."),
            new Figure(
                "… from returning customers",
                m -> m.netReturning().doubleValue(),
                money,
                relative,
                More.BETTER,
                "Net of the month from customers acquired before it"
                    + " (retention_summary.net_returning)."));
    List<Card> cards = new ArrayList<>();
    figures.forEach(figure -> cards.add(card(figure, this::newestOf)));
    cards.add(
        3,
        card(
            new Figure(
                "Repeat purchase rate",
                RetentionMonth::repeat,
                percent,
                points,
                More.BETTER,
                "Of the customers acquired in the month, the share that ordered again within "
                    + model.about().repeatDays()
                    + " days; of the newest month for which these days are over"
                    + " (retention_summary.repeat_purchase_rate)."),
            this::newestRepeat));
    return cards;
  }

  private Optional<RetentionMonth> newestOf(List<RetentionMonth> months, LocalDate asOf) {
    return newest(months);
  }

  /** A month is observed for everybody when its last day's customers are. */
  private Optional<RetentionMonth> newestRepeat(List<RetentionMonth> months, LocalDate asOf) {
    return months.stream()
        .filter(m -> m.repeat() != null)
        .filter(
            m ->
                m.month()
                    .plusMonths(1)
                    .minusDays(1)
                    .plusDays(model.about().repeatDays())
                    .isBefore(asOf))
        .reduce((a, b) -> b);
  }

  private Card card(
      Figure figure, BiFunction<List<RetentionMonth>, LocalDate, Optional<RetentionMonth>> choose) {
    List<RetentionMonth> months = model.months();
    Optional<RetentionMonth> now = choose.apply(months, model.about().asOf());
    Optional<Double> value = now.map(figure.value());
    List<Change> changes = new ArrayList<>();
    model
        .about()
        .previousAsOf()
        .ifPresent(
            day ->
                choose
                    .apply(model.previousMonths(), day)
                    .map(figure.value())
                    .flatMap(
                        was -> change(figure, value, was, "since " + NumberFormats.shortDay(day)))
                    .ifPresent(changes::add));
    now.flatMap(
            m ->
                months.stream()
                    .filter(other -> other.month().equals(m.month().minusMonths(1)))
                    .findFirst())
        .flatMap(
            other ->
                Optional.ofNullable(figure.value().apply(other))
                    .flatMap(
                        was ->
                            change(
                                figure,
                                value,
                                was,
                                "on " + NumberFormats.shortMonth(other.month()))))
        .ifPresent(changes::add);
    return new Card(
        figure.title(),
        value.map(figure.text()).orElse(NumberFormats.NOTHING),
        now.map(m -> NumberFormats.month(m.month())).orElse("no complete month yet"),
        changes,
        now.map(m -> spark(figure, m)).orElse(List.of()),
        figure.definition());
  }

  private static Optional<Change> change(
      Figure figure, Optional<Double> now, double was, String against) {
    if (now.isEmpty() || was <= 0) {
      return Optional.empty(); // Nothing is a share of nothing, or of less.
    }
    String text = figure.change().apply(now.get(), was);
    Mood mood =
        text.startsWith("±")
            ? Mood.NEITHER
            : (now.get() > was) == (figure.more() == More.BETTER) ? Mood.GOOD : Mood.BAD;
    return Optional.of(new Change(text + " " + against, mood));
  }

  private List<Double> spark(Figure figure, RetentionMonth until) {
    List<Double> values = new ArrayList<>();
    model.months().stream()
        .filter(m -> m.isComplete() && !m.month().isAfter(until.month()))
        .filter(m -> m.month().isAfter(until.month().minusMonths(SPARK)))
        .forEach(m -> values.add(figure.value().apply(m)));
    return values;
  }
}
