package io.perennial;

import io.perennial.cli.PerennialCommand;

/** The entry point for {@code spark-submit --class io.perennial.Main}. */
public final class Main {

  private Main() {}

  /** Runs the command that the arguments name and exits with its code. */
  public static void main(String[] args) {
    System.exit(PerennialCommand.execute(args));
  }
}
