/**
 * Runs the graph of steps: which steps are up to date, in which order they run, whether the figures
 * reconcile, and the publication of what they wrote.
 */
package io.perennial.pipeline;
