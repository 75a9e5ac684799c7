/**
 * Who the customers are and how each began: attributes of the first valid order, by which cohorts
 * are cut.
 */
package io.perennial.customers;
