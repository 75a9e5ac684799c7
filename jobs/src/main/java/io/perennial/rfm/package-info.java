/**
 * Recency, frequency and monetary value: scores that ties share, segments by a scheme that covers
 * every cell once, and movements between snapshots.
 */
package io.perennial.rfm;
