/**
 * Recency, frequency and monetary value ({@link io.perennial.rfm.RfmAxis}), their mid-rank scores
 * ({@link io.perennial.rfm.MidRankScores}), segments by a scheme that covers every cell exactly
 * once ({@link io.perennial.rfm.Rfm}), and movements between two snapshots ({@link
 * io.perennial.rfm.RfmTransitions}).
 */
package io.perennial.rfm;
