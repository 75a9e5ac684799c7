/**
 * From lines to {@code orders}: totals, first category and span of months of each order. A refresh
 * computes only the orders with a changed line.
 */
package io.perennial.orders;
