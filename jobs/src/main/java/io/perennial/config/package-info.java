/**
 * Configuration: HOCON files to checked records. Everything that is wrong is reported at once, with
 * key, place, value and what is allowed. Nothing here knows Spark.
 */
package io.perennial.config;
