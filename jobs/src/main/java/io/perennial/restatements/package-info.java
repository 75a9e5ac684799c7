/**
 * Published figures that came out otherwise later: which cohort cells changed that were complete
 * before, from what to what, and why. A history, which is never made anew.
 */
package io.perennial.restatements;
