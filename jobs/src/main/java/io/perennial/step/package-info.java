/**
 * A step of the pipeline and everything that a stage may know of a run: its as_of, the tables it
 * reads and writes, and what changed in them since the step ran last.
 */
package io.perennial.step;
