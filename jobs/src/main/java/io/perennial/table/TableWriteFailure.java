package io.perennial.table;

/**
 * Names the table that could not be written, as a suppressed exception of the failure itself, which
 * often does not.
 */
public final class TableWriteFailure extends Exception {

  private static final long serialVersionUID = 1L;

  private final String path;

  TableWriteFailure(String path) {
    super("Table " + path + " was not written", null, false, false);
    this.path = path;
  }

  public String path() {
    return path;
  }
}
