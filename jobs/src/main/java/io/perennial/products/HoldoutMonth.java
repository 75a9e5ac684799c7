package io.perennial.products;

import java.io.Serializable;
import java.time.LocalDate;

/**
 * The month that recommendations are tried on: the last one that is complete at as_of.
 *
 * @param from its first day, since 1970-01-01
 * @param to the day after its last
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
