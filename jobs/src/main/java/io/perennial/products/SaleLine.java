package io.perennial.products;

import org.apache.spark.sql.Row;

/**
 * A sale line, counted or not.
 *
 * @param micros time of purchase, in microseconds since 1970-01-01T00:00Z
 * @param day local day of purchase, in days since 1970-01-01
 * @param productId null where unknown
 * @param category null where unknown
 * @param amount in minor units, before discount
 * @param discount in minor units
 */
record SaleLine(
    String orderId,
    long micros,
    int day,
    String productId,
    String category,
    long amount,
    long discount,
    boolean isCounted) {

  static final int CUSTOMER = 0;
  static final int ORDER = 1;

  /** Reads a row of the columns that {@link PurchaseHistories} selects, in their order. */
  static SaleLine of(Row row) {
    return new SaleLine(
        row.getString(ORDER),
        row.getLong(2),
        row.getInt(3),
        row.getString(4),
        row.getString(5),
        row.getLong(6),
        row.getLong(7),
        row.getBoolean(8));
  }
}
