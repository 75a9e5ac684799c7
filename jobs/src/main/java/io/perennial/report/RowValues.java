package io.perennial.report;

import io.perennial.table.Field;
import java.time.LocalDate;
import org.apache.spark.sql.Row;

/** Values of a row by declared field. */
final class RowValues {

  private RowValues() {}

  static <T> T get(Row row, Field field) {
    return row.getAs(field.name());
  }

  static LocalDate day(Row row, Field field) {
    return row.<java.sql.Date>getAs(field.name()).toLocalDate();
  }
}
