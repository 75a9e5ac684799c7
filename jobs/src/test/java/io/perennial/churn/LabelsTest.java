package io.perennial.churn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perennial.churn.CustomerDayRows.Day;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Churned is who places no valid order in [t0, t0+H), as far as that is over by as_of. */
class LabelsTest {

  private static final LocalDate AS_OF = LocalDate.of(2024, 7, 1);
  private static final RollingOrigins GRID = new RollingOrigins(AS_OF, 30);

  @Test
  void theWindowBeginsOnTheOriginAndEndsBeforeTheNextOne() {
    LocalDate origin = GRID.number(1);
    assertThat(origin).isEqualTo("2024-06-01");
    Map<String, Integer> labels =
        labels(
            List.of(
                Day.order("on the origin", origin, 100),
                Day.order("on the last day", AS_OF.minusDays(1), 100),
                Day.order("on the day after", AS_OF, 100),
                Day.refund("only sent something back", origin.plusDays(3), 100)),
            origin);

    assertThat(labels)
        .containsEntry("on the origin", 0)
        .containsEntry("on the last day", 0)
        .containsEntry("on the day after", 1)
        .containsEntry("only sent something back", 1)
        .containsEntry("stayed away", 1);
  }

  @Test
  void anOriginWhoseWindowIsNotOverHasNoLabel() {
    Dataset<Row> days =
        CustomerDayRows.of(List.of(Day.order("anna", LocalDate.of(2024, 1, 1), 100)));
    Dataset<Row> rows = histories(days, List.of(AS_OF));

    assertThatThrownBy(() -> Labels.label(rows, days, GRID, List.of(LocalDate.of(2024, 6, 2))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot label origin 2024-06-02: its outcome window of 30 days ends on 2024-07-02,"
                + " after as_of 2024-07-01");
    assertThatThrownBy(() -> Labels.label(rows, days, GRID, List.of(AS_OF)))
        .hasMessageContaining("after as_of 2024-07-01");
  }

  @Test
  void aTrainingWindowEndsByTheOriginThatIsTested() {
    GRID.requireTrainable(GRID.number(2), GRID.number(1));
    assertThatThrownBy(() -> GRID.requireTrainable(GRID.number(1), GRID.number(1)))
        .hasMessageContaining("Cannot train on origin 2024-06-01 for origin 2024-06-01");
    assertThatThrownBy(() -> GRID.requireTrainable(GRID.number(2).plusDays(1), GRID.number(1)))
        .hasMessageContaining("ends on 2024-06-02, after it");
    assertThat(Fold.of(GRID, GRID.between(1, 4), 2, 2))
        .containsExactly(
            new Fold(GRID.number(1), List.of(GRID.number(2), GRID.number(3))),
            new Fold(GRID.number(2), List.of(GRID.number(3), GRID.number(4))));
  }

  private static Map<String, Integer> labels(List<Day> later, LocalDate origin) {
    List<Day> all = new java.util.ArrayList<>(later);
    later.forEach(day -> all.add(Day.order(day.customer(), LocalDate.of(2024, 1, 1), 100)));
    all.add(Day.order("stayed away", LocalDate.of(2024, 1, 1), 100));
    Dataset<Row> days = CustomerDayRows.of(all);
    Map<String, Integer> labels = new HashMap<>();
    Labels.label(histories(days, List.of(origin)), days, GRID, List.of(origin))
        .select("customer_id", Labels.LABEL)
        .collectAsList()
        .forEach(row -> labels.put(row.getString(0), row.getInt(1)));
    return labels;
  }

  private static Dataset<Row> histories(Dataset<Row> days, List<LocalDate> origins) {
    return GroupedHistory.of(History.before(days, origins), 30, Optional.empty());
  }
}
