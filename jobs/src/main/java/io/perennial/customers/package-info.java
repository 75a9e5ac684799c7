/**
 * Customers with the attributes of their first valid order, by which cohorts are defined, and
 * {@code contacts}: addresses and consents from the accepted records, merged file by file.
 */
package io.perennial.customers;
