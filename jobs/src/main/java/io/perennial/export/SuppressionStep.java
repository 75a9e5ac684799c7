package io.perennial.export;

/**
 * A step of the waterfall from all customers to the rows of a file.
 *
 * @param step reason for which customers leave
 * @param customersIn before the step
 * @param customersOut that leave at the step
 */
public record SuppressionStep(String step, long customersIn, long customersOut) {}
