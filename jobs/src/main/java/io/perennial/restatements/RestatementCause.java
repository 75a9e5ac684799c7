package io.perennial.restatements;

import java.util.Locale;

/** Why a published figure changed, in the order in which several are named. */
public enum RestatementCause {
  /** An order that was not known before. */
  LATE_ORDER,
  /** Money that went back on an order, as a refund line that was not known before. */
  REFUND,
  /** Another line of a known order that came, changed or left. */
  CORRECTION,
  /** A line that left with an erased person. */
  ERASURE,
  /** Configuration or code that gives the same records another meaning. */
  CONFIGURATION,
  /** Not to be told: the versions that were published before are no longer kept. */
  UNKNOWN;

  /** As users read it: "late order". */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  public static RestatementCause of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT).replace(' ', '_'));
  }
}
