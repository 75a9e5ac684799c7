/**
 * The Spark session and what any stage may need from it: cached datasets, Bloom filters of keys,
 * parallel queries, the local filesystem, and error messages for storage.
 */
package io.perennial.spark;
