/**
 * Customers by day and by month: sales on the day of their order, refunds on the day the money went
 * back. Every figure after this reads these, never lines or orders again.
 */
package io.perennial.months;
