/**
 * Cohort matrix, its average row, retention by month, and the time between orders. A month that has
 * not happened has no row; one that was observed without orders is a row of zeros.
 */
package io.perennial.cohorts;
