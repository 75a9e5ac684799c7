package io.perennial.restatements;

import java.util.Locale;

/** Why a published figure changed; several causes are listed in this order. */
public enum RestatementCause {
  /** An order that was not known before. */
  LATE_ORDER,
  /** A refund line that was not known before, of a known order. */
  REFUND,
  /** Any other line of a known order that was added, changed or removed. */
  CORRECTION,
  /** A line that was removed with an erased person. */
  ERASURE,
  /** Configuration or code that computes other figures from the same records. */
  CONFIGURATION,
  /** Not known: the previously published table versions are no longer kept. */
  UNKNOWN;

  /** The label in the column cause, such as "late order". */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  public static RestatementCause of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT).replace(' ', '_'));
  }
}
