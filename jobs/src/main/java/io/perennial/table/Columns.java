package io.perennial.table;

import org.apache.spark.sql.types.DataType;

/** Declares columns: each is registered, in order, by the call that makes it. */
@FunctionalInterface
public interface Columns {

  /** Registers a column, and returns it as registered. */
  Field add(Field field);

  /** Declares columns that a row may lack. */
  default Columns orNull() {
    return field -> add(field.orNull());
  }

  default Field text(String name, String doc) {
    return add(Field.text(name, doc));
  }

  default Field count(String name, String doc) {
    return add(Field.count(name, doc));
  }

  default Field integer(String name, String doc) {
    return add(Field.integer(name, doc));
  }

  default Field rate(String name, String doc) {
    return add(Field.rate(name, doc));
  }

  default Field date(String name, String doc) {
    return add(Field.date(name, doc));
  }

  default Field timestamp(String name, String doc) {
    return add(Field.timestamp(name, doc));
  }

  default Field flag(String name, String doc) {
    return add(Field.flag(name, doc));
  }

  default Field money(String name, String doc) {
    return add(Field.money(name, doc));
  }

  default Field of(String name, DataType type, String doc) {
    return add(Field.of(name, type, doc));
  }
}
