/**
 * Restatements: published cohort figures of complete months that a later run changed, with the
 * value before and after, and the causes. A history: rows are added and never recomputed.
 */
package io.perennial.restatements;
