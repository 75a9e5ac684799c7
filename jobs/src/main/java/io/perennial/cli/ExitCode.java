package io.perennial.cli;

import io.perennial.config.ConfigurationException;
import io.perennial.step.QualityGateException;

/** How a command ended, as schedulers see it. */
public enum ExitCode {
  DONE(0),
  /** Failed while running. */
  FAILED(1),
  /** Wrong usage or configuration. */
  USAGE(2),
  /** A quality gate refused to publish. */
  REFUSED(3);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  static ExitCode of(Exception failure) {
    if (failure instanceof ConfigurationException) {
      return USAGE;
    }
    return failure instanceof QualityGateException ? REFUSED : FAILED;
  }
}
