package io.perennial.products;

import java.io.Serializable;
import java.time.LocalDate;

/**
 * The month that recommendations are backtested on: the last complete one at as_of.
 *
 * @param from its first day, in days since 1970-01-01
 * @param to the day after its last one
 */
record HoldoutMonth(int from, int to) implements Serializable {

  static HoldoutMonth before(LocalDate asOf) {
    LocalDate to = asOf.withDayOfMonth(1);
    return new HoldoutMonth((int) to.minusMonths(1).toEpochDay(), (int) to.toEpochDay());
  }

  LocalDate firstDay() {
    return LocalDate.ofEpochDay(from);
  }
}
