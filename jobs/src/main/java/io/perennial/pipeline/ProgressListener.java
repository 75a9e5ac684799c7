package io.perennial.pipeline;

import io.perennial.table.RunRecord.IdentityCheck;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** Who is told what a run is doing. What is accepted is a line of text, without end of line. */
@FunctionalInterface
public interface ProgressListener extends Consumer<String> {

  /**
   * A step as it ended.
   *
   * @param number from 1
   * @param of steps of the run
   * @param rows of its first table, where it wrote and knows them
   * @param isUpToDate whether nothing had to be done
   * @param note what there is to say of it, or nothing
   */
  record StepDone(
      int number,
      int of,
      String name,
      Optional<Long> rows,
      double seconds,
      boolean isUpToDate,
      String note) {

    public String position() {
      return "[" + number + "/" + of + "]";
    }

    public String line() {
      return String.format(
              Locale.ROOT,
              "%s %-18s %16s %7.1f s  %s",
              position(),
              name,
              rows.map(n -> String.format(Locale.ROOT, "%,d rows", n)).orElse(""),
              seconds,
              isUpToDate ? "up to date" : note)
          .stripTrailing();
    }
  }

  /** A step begins. */
  default void begin(int number, int of, String step) {}

  /** A step has ended. */
  default void done(StepDone step) {
    accept(step.line());
  }

  /** An identity was checked. */
  default void checked(IdentityCheck check) {
    accept(line(check));
  }

  public static String line(IdentityCheck check) {
    return (check.holds() ? "  holds: " : "  FAILS: ")
        + check.identity()
        + ": "
        + check.left()
        + " = "
        + check.right();
  }
}
