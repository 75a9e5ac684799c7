/**
 * The independent oracle: the expected rows of every table, computed from the definitions in plain
 * Java over lists, without Spark or any class of the job. A test gives the same records to the job
 * and to the oracle and compares the rows.
 *
 * <p>The flow is that of the job: {@link io.perennial.oracle.RawRecord}s go through {@link
 * io.perennial.oracle.Ingest} and become {@link io.perennial.oracle.Line}s; lines become {@link
 * io.perennial.oracle.Order}s and {@link io.perennial.oracle.CustomerDay}s; {@link
 * io.perennial.oracle.AsOfView}, the days before as_of, is all that cohorts, retention, repurchase
 * and RFM read. {@link io.perennial.oracle.Oracle} holds all tables. {@link
 * io.perennial.oracle.RandomLakes} generates lakes with edge cases; {@link
 * io.perennial.oracle.OnlineRetailFile} and {@link io.perennial.oracle.CdnowFile} read the public
 * data sets.
 *
 * <p>A comment that starts with "Choice:" states a choice that the definitions leave open.
 */
package io.perennial.oracle;
