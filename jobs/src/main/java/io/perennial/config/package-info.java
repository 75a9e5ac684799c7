/**
 * HOCON files to checked records. Every setting is a {@link io.perennial.config.Key} with its
 * allowed values, declared in the {@code *Keys} class of its group, which also reads it; {@code
 * reference.conf} has its default and help. All problems are reported at once with key, place,
 * value and allowed values. The package does not use Spark.
 */
package io.perennial.config;
