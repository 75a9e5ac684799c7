/**
 * What a table is: declared once with its grain, columns and rules, written and read by one class,
 * published by one row of {@code runs}.
 */
package io.perennial.table;
