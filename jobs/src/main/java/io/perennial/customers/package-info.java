/**
 * Who the customers are and how each began: attributes of the first valid order, by which cohorts
 * are cut. And how to reach them, as far as they consent: what the accepted records say of the
 * person, merged file by file into {@code contacts}.
 */
package io.perennial.customers;
