package io.perennial.churn;

import static org.apache.spark.sql.functions.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.churn.CustomerDayRows.Day;
import io.perennial.churn.Feature.Term;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No feature knows what happens on its origin or after it. */
class LeakageTest {

  private static final LocalDate FIRST = LocalDate.of(2023, 1, 1);
  private static final LocalDate AS_OF = FIRST.plusDays(600);
  private static final int HORIZON = 90;
  private static final RollingOrigins GRID = new RollingOrigins(AS_OF, HORIZON);

  /** Every order and refund on or after an origin is deleted, doubled, moved or repriced. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void rewritingTheFutureMovesNoFeature(long seed) {
    List<Day> days = CustomerDayRows.lives(seed, 300, FIRST, 600);
    LocalDate origin = GRID.number(1 + (int) seed);
    List<Day> rewritten = rewrittenFrom(origin, days, new Random(seed));
    assertThat(rewritten).isNotEqualTo(days);

    assertThat(features(rewritten, origin)).isEqualTo(features(days, origin)).isNotEmpty();
  }

  @Test
  void whatChangesBeforeTheOriginDoesMoveThem() {
    List<Day> days = CustomerDayRows.lives(4, 300, FIRST, 600);
    LocalDate origin = GRID.number(2);
    List<Day> rewritten = rewrittenFrom(origin.minusDays(1), days, new Random(4));

    assertThat(features(rewritten, origin)).isNotEqualTo(features(days, origin));
  }

  @Test
  void aRefundThatIsKnownLaterDoesNotReachBack() {
    LocalDate origin = GRID.number(2);
    List<Day> days =
        List.of(
            Day.order("anna", origin.minusDays(40), 10_000),
            Day.order("ben", origin.minusDays(20), 5_000),
            Day.order("ben", origin.minusDays(60), 5_000));
    List<Day> refunded = new ArrayList<>(days);
    refunded.add(Day.refund("anna", origin, 10_000));
    List<Day> refundedBefore = new ArrayList<>(days);
    refundedBefore.add(Day.refund("anna", origin.minusDays(1), 10_000));

    assertThat(features(refunded, origin)).isEqualTo(features(days, origin));
    assertThat(features(refundedBefore, origin).get("anna"))
        .isNotEqualTo(features(days, origin).get("anna"));
  }

  @Test
  void historyHasNoRowOnItsOriginOrAfterIt() {
    Dataset<Row> rows =
        History.before(
                CustomerDayRows.of(CustomerDayRows.lives(5, 200, FIRST, 600)), GRID.between(0, 5))
            .rows();
    assertThat(rows.where(col("day").geq(col(History.ORIGIN))).count()).isZero();
    assertThat(rows.select(History.ORIGIN).distinct().count()).isEqualTo(6);
  }

  private static List<Day> rewrittenFrom(LocalDate from, List<Day> days, Random random) {
    Map<String, Day> result = new TreeMap<>();
    for (Day day : days) {
      if (day.day().isBefore(from)) {
        result.put(day.customer() + day.day(), day);
        continue;
      }
      LocalDate moved = from.plusDays(random.nextInt(100));
      Day other =
          switch (random.nextInt(4)) {
            case 0 -> null;
            case 1 -> new Day(day.customer(), day.day(), 2 * day.orders(), 2 * day.cents(), 0);
            case 2 -> Day.refund(day.customer(), moved, 1 + random.nextInt(90_000));
            default -> Day.order(day.customer(), moved, 1 + random.nextInt(90_000));
          };
      if (other != null) {
        result.put(other.customer() + other.day(), other);
      }
    }
    return List.copyOf(result.values());
  }

  /** Every term of every feature, and every figure that they are made of, by customer. */
  private static Map<String, List<Object>> features(List<Day> days, LocalDate origin) {
    Dataset<Row> histories =
        GroupedHistory.of(
            History.before(CustomerDayRows.of(days), List.of(origin)), HORIZON, Optional.of(365));
    List<Term> terms = LogisticTrainer.terms(Features.of(HORIZON, CustomerDayRows.MINOR_DIGITS));
    Column[] columns =
        Stream.concat(Stream.of(col("*")), terms.stream().map(Term::value)).toArray(Column[]::new);
    Map<String, List<Object>> result = new TreeMap<>();
    for (Row row :
        BgNbdFeature.of(histories, HORIZON, Optional.of(365))
            .addTo(histories)
            .select(columns)
            .collectAsList()) {
      List<Object> values = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        values.add(row.get(i));
      }
      result.put(row.getAs("customer_id"), values);
    }
    return result;
  }
}
