package io.perennial.export;

/**
 * A step on the way from all customers to the rows of a file.
 *
 * @param step what customers leave for
 * @param customersIn before it
 * @param customersOut that leave
 */
public record SuppressionStep(String step, long customersIn, long customersOut) {}
