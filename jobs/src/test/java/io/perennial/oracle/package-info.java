/**
 * The independent oracle: what every table must hold, computed from the definitions in plain Java
 * over lists, slowly and without Spark or any class of the job. A test feeds the same records to
 * the job and to the oracle and compares.
 *
 * <p>The story runs as in the job: {@link io.perennial.oracle.RawRecord}s go through {@link
 * io.perennial.oracle.Ingest} and become {@link io.perennial.oracle.Line}s, lines become {@link
 * io.perennial.oracle.Order}s and {@link io.perennial.oracle.CustomerDay}s, and {@link
 * io.perennial.oracle.Known}, the days before as_of, is all that cohorts, retention, repurchase and
 * RFM read. {@link io.perennial.oracle.Oracle} holds the whole. {@link
 * io.perennial.oracle.RandomLakes} makes awkward lakes to compare on; {@link
 * io.perennial.oracle.OnlineRetailFile} and {@link io.perennial.oracle.CdnowFile} read the public
 * data sets.
 *
 * <p>Where the definitions leave a choice, the choice is a comment that starts with "Choice:"
 * beside the code.
 */
package io.perennial.oracle;
