/**
 * Customers by day and by month: sales on the day of the order, refunds on their own day. Later
 * stages read these tables instead of lines and orders.
 */
package io.perennial.months;
