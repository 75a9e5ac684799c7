/**
 * From records to lines and orders: rules for single records, which record counts where several
 * speak of the same line or order, what an order says as a whole. Everything is counted: no record
 * is lost, none counts twice.
 */
package io.perennial.orders;
