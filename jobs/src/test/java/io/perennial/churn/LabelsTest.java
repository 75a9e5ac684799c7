package io.perennial.churn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perennial.churn.CustomerDayRows.Day;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** A customer churned without a valid order in [t0, t0+H), where that is over by as_of. */
class LabelsTest {

  private static final LocalDate AS_OF = LocalDate.of(2024, 7, 1);
  private static final RollingOrigins ORIGINS = new RollingOrigins(AS_OF, 30);

  @Test
  void theWindowBeginsOnTheOriginAndEndsBeforeTheNextOne() {
    LocalDate origin = ORIGINS.number(1);
    assertThat(origin).isEqualTo("2024-06-01");
    Map<String, Integer> labels =
        labels(
            List.of(
                Day.order("on the origin", origin, 100),
                Day.order("on the last day", AS_OF.minusDays(1), 100),
                Day.order("on the day after", AS_OF, 100),
                Day.refund("refund only", origin.plusDays(3), 100)),
            origin);

    assertThat(labels)
        .containsEntry("on the origin", 0)
        .containsEntry("on the last day", 0)
        .containsEntry("on the day after", 1)
        .containsEntry("refund only", 1)
        .containsEntry("no order", 1);
  }

  @Test
  void anOriginWhoseWindowIsNotOverHasNoLabel() {
    Dataset<Row> days =
        CustomerDayRows.of(List.of(Day.order("anna", LocalDate.of(2024, 1, 1), 100)));
    Dataset<Row> rows = histories(days, List.of(AS_OF));

    assertThatThrownBy(() -> Labels.label(rows, days, ORIGINS, List.of(LocalDate.of(2024, 6, 2))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot label origin 2024-06-02: its outcome window of 30 days ends on 2024-07-02,"
                + " after as_of 2024-07-01");
    assertThatThrownBy(() -> Labels.label(rows, days, ORIGINS, List.of(AS_OF)))
        .hasMessageContaining("after as_of 2024-07-01");
  }

  @Test
  void aTrainingWindowEndsByTheOriginThatIsTested() {
    ORIGINS.requireTrainable(ORIGINS.number(2), ORIGINS.number(1));
    assertThatThrownBy(() -> ORIGINS.requireTrainable(ORIGINS.number(1), ORIGINS.number(1)))
        .hasMessageContaining("Cannot train on origin 2024-06-01 for origin 2024-06-01");
    assertThatThrownBy(
            () -> ORIGINS.requireTrainable(ORIGINS.number(2).plusDays(1), ORIGINS.number(1)))
        .hasMessageContaining("ends on 2024-06-02, after it");
    assertThat(Fold.of(ORIGINS, ORIGINS.between(1, 4), 2, 2))
        .containsExactly(
            new Fold(ORIGINS.number(1), List.of(ORIGINS.number(2), ORIGINS.number(3))),
            new Fold(ORIGINS.number(2), List.of(ORIGINS.number(3), ORIGINS.number(4))));
  }

  private static Map<String, Integer> labels(List<Day> later, LocalDate origin) {
    List<Day> all = new java.util.ArrayList<>(later);
    later.forEach(day -> all.add(Day.order(day.customer(), LocalDate.of(2024, 1, 1), 100)));
    all.add(Day.order("no order", LocalDate.of(2024, 1, 1), 100));
    Dataset<Row> days = CustomerDayRows.of(all);
    Map<String, Integer> labels = new HashMap<>();
    Labels.label(histories(days, List.of(origin)), days, ORIGINS, List.of(origin))
        .select("customer_id", Labels.LABEL.name())
        .collectAsList()
        .forEach(row -> labels.put(row.getString(0), row.getInt(1)));
    return labels;
  }

  private static Dataset<Row> histories(Dataset<Row> days, List<LocalDate> origins) {
    return GroupedHistory.of(
        History.before(days, origins), new ChurnDefinition(30, ChurnDefinition.UNLIMITED));
  }
}
