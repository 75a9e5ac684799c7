/**
 * HOCON files to checked records. Every setting is a {@link io.perennial.config.Key} with its
 * default, allowed values and help, declared in the {@code *Keys} class of its group, which also
 * reads it. All problems are reported at once with key, place, value and allowed values. The
 * package does not use Spark.
 */
package io.perennial.config;
