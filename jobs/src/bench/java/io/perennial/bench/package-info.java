/**
 * Measures Perennial against DuckDB on the same lake with the same results: order_lines, orders,
 * customer_days, customer_months, the cohort matrix of all customers, and RFM.
 *
 * <p>{@link io.perennial.bench.Benchmark} starts a new JVM for each cold run and alternates between
 * the two engines. A run prints its seconds and then the rows of comparison queries on its tables.
 * The benchmark fails if these rows differ.
 */
package io.perennial.bench;
