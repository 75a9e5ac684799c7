package io.perennial.spark;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The machine's files once more, under the scheme {@code faulty}, for tests that want a write to go
 * wrong. A plan hears of everything that changes a file, before and after it happens, and may throw
 * or halt the JVM. Nothing of it is known to the job: it is given a path of that scheme.
 */
public final class Faults {

  /** The scheme of paths whose files can fail. */
  public static final String SCHEME = "faulty";

  private static volatile Plan plan = Plan.NONE;

  private Faults() {}

  /** What happens to a file. */
  public enum Kind {
    /** A file is opened to be written; it exists, empty, afterwards. */
    CREATE,
    /** Bytes are written. */
    WRITE,
    /** A written file is closed. */
    CLOSE,
    /** A file is renamed. */
    RENAME,
    /** A file or directory is removed. */
    DELETE,
    /** A directory is created. */
    MKDIRS,
    /** A file is opened to be read. */
    OPEN,
    /** A directory is listed, or the status of a file read. */
    LOOK
  }

  /** Whether a plan is asked before or after something happens. */
  public enum When {
    BEFORE,
    AFTER
  }

  /** Decides which operations fail. */
  public interface Plan {

    /** No operation fails. */
    Plan NONE = (when, kind, file) -> {};

    /**
     * @param file where; of a file that is renamed the new name
     * @throws IOException if it is to fail
     */
    void meet(When when, Kind kind, Path file) throws IOException;
  }

  /** A path of the scheme for a file of this machine. */
  public static String uri(java.nio.file.Path file) {
    return SCHEME + "://" + file.toAbsolutePath();
  }

  /** Makes the scheme known to a Hadoop configuration. */
  public static void register(Configuration configuration) {
    configuration.set("fs." + SCHEME + ".impl", FaultyFileSystem.class.getName());
    configuration.set("fs.AbstractFileSystem." + SCHEME + ".impl", FaultyFs.class.getName());
  }

  /** Installs a plan for all later operations. */
  public static void install(Plan wanted) {
    plan = wanted;
  }

  /** Removes the plan. */
  public static void none() {
    install(Plan.NONE);
  }

  static void meet(When when, Kind kind, Path file) throws IOException {
    plan.meet(when, kind, file);
  }
}
