package io.perennial.audiences;

import java.util.ArrayList;
import java.util.List;

/**
 * The steps that reduce all customers to an audience's targets. A customer leaves at the first step
 * that applies, so that the counts add up.
 */
public final class Waterfall {

  /** The steps in order. */
  public enum Step {
    NOT_IN_SEGMENT("not in segment"),
    NO_IDENTIFIER("no usable identifier"),
    NO_CONSENT("no consent"),
    SUPPRESSED("suppressed"),
    COOL_OFF("cool-off"),
    CAP("cap"),
    CONTROL_GROUP("control group");

    private final String label;

    Step(String label) {
      this.label = label;
    }

    /** The value of the column {@code step}. */
    public String label() {
      return label;
    }

    /** The value of the column {@code step_order}. */
    public int order() {
      return ordinal() + 1;
    }
  }

  /** How many customers there were before a step, and how many left at it. */
  public record Count(Step step, long in, long out) {}

  private Waterfall() {}

  /**
   * @param customers all customers of the profile
   * @param left customers that left at each step, in the order of the steps
   */
  static List<Count> of(long customers, List<Long> left) {
    List<Count> counts = new ArrayList<>();
    long in = customers;
    for (Step step : Step.values()) {
      long out = left.get(step.ordinal());
      if (out < 0 || out > in) {
        throw new IllegalStateException(
            "Cannot count step '" + step.label() + "': " + out + " of " + in + " customers left");
      }
      counts.add(new Count(step, in, out));
      in -= out;
    }
    return counts;
  }
}
