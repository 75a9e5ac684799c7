/**
 * Cohort matrix, its averages, the monthly retention summary and the repurchase curve. A month that
 * has not begun has no row; a month without orders is a row of zeros.
 */
package io.perennial.cohorts;
