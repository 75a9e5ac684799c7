package io.perennial.table;

/**
 * A rule that every row satisfies: a CHECK constraint of the Delta table.
 *
 * @param name name of the constraint
 * @param predicate Spark SQL predicate over the row
 */
public record Invariant(String name, String predicate) {}
