package io.perennial.report;

import io.perennial.table.Field;
import java.time.LocalDate;
import org.apache.spark.sql.Row;

/** Values of a row by declared field. */
public final class RowValues {

  private RowValues() {}

  public static <T> T get(Row row, Field field) {
    return row.getAs(field.name());
  }

  public static LocalDate day(Row row, Field field) {
    return row.<java.sql.Date>getAs(field.name()).toLocalDate();
  }
}
