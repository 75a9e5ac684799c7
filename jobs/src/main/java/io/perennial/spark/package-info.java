/**
 * The Spark session and its internals, for any stage: cached datasets, Bloom filters of keys,
 * parallel queries, expressions that Spark's public interface lacks, the local filesystem, and
 * error messages.
 */
package io.perennial.spark;
