/**
 * The command line and the pipeline on top of the stages. {@link io.perennial.Steps} lists what
 * runs in which order; {@link io.perennial.Pipeline} skips what is up to date, reconciles and
 * publishes.
 */
package io.perennial;
