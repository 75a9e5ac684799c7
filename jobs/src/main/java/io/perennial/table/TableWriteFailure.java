package io.perennial.table;

/**
 * Hangs as a suppressed exception on whatever kept a table from being written: what fails below
 * often does not say where.
 */
public final class TableWriteFailure extends Exception {

  private static final long serialVersionUID = 1L;

  private final String path;

  TableWriteFailure(String path) {
    super("Table " + path + " was not written", null, false, false);
    this.path = path;
  }

  /** The table. */
  public String path() {
    return path;
  }
}
