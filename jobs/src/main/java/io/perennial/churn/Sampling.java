package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import org.apache.spark.sql.Column;

/**
 * The customers that models train on: all, or a share sampled by a hash of customer_id, so that the
 * sample is the same in every run and at every origin.
 *
 * @param millionths sampled customers per million
 */
record Sampling(int millionths) {

  private static final int ALL = 1_000_000;

  /** About {@code wanted} of {@code customers}; all where there are no more. */
  static Sampling of(long wanted, long customers) {
    return new Sampling(
        customers <= wanted ? ALL : (int) Math.max(1, wanted * (double) ALL / customers));
  }

  /** Whether the customer is in the sample. */
  Column includes(Column customerId) {
    return millionths == ALL
        ? lit(true)
        : pmod(xxhash64(customerId), lit((long) ALL)).lt(lit((long) millionths));
  }
}
