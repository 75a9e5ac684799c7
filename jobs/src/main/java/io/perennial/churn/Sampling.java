package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import org.apache.spark.sql.Column;

/**
 * Which customers models learn from: all, or a share of them drawn by a hash of customer_id, so
 * that the same customers are drawn on every run and for every origin.
 *
 * @param millionths customers drawn out of a million
 */
record Sampling(int millionths) {

  private static final int ALL = 1_000_000;

  /** As many as are wanted, of so many customers. */
  static Sampling of(long wanted, long customers) {
    return new Sampling(
        customers <= wanted ? ALL : (int) Math.max(1, wanted * (double) ALL / customers));
  }

  /** Whether the customer is drawn. */
  Column draws(Column customerId) {
    return millionths == ALL
        ? lit(true)
        : pmod(xxhash64(customerId), lit((long) ALL)).lt(lit((long) millionths));
  }
}
