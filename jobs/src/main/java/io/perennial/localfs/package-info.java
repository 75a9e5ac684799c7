/**
 * The machine's own files, for the embedded session. Hadoop without its native library asks child
 * processes ({@code chmod}, {@code ls}, {@code readlink}) for what the JVM can tell by itself: on a
 * small lake, starting them took longer than the queries. Nothing else differs from Hadoop's local
 * filesystem; a session that spark-submit opened keeps the one it has.
 */
package io.perennial.localfs;
