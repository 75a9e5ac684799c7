package io.perennial.cli;

/** A failure after a run was published, such as a report that cannot be written. */
final class AfterPublicationException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String runId;

  AfterPublicationException(String runId, Exception cause) {
    super(cause);
    this.runId = runId;
  }

  /** The run whose tables are published. */
  String runId() {
    return runId;
  }
}
