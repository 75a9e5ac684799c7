/**
 * Measures Perennial against DuckDB on the same lake with the same result: order_lines, orders,
 * customer_days, customer_months, the cohort matrix of all customers, and RFM.
 *
 * <p>{@link io.perennial.bench.Benchmark} starts a fresh JVM for each run, so that each is cold,
 * and alternates between the two. A run prints its own seconds and then figures of the tables it
 * made; the benchmark fails where the figures differ, because then the work was not the same.
 */
package io.perennial.bench;
