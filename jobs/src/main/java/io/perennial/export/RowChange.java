package io.perennial.export;

import java.time.LocalDate;

/** What an export does with a row of a list. The names are values of sent_members. */
enum RowChange {
  /** New: in {@code full} and {@code add}. */
  ADDED(true, true),
  /** Same key, other content: in {@code full} and {@code add}. */
  CHANGED(true, true),
  /** Sent again, since the membership expires or a removal takes it along: as if added. */
  RESENT(true, true),
  /** On the platform already: in {@code full} only. */
  UNCHANGED(true, false),
  /** No longer on the list: in {@code remove}. */
  REMOVED(false, false);

  private final boolean inFull;
  private final boolean inAdd;

  RowChange(boolean inFull, boolean inAdd) {
    this.inFull = inFull;
    this.inAdd = inAdd;
  }

  boolean isInFull() {
    return inFull;
  }

  boolean isInAdd() {
    return inAdd;
  }

  /**
   * A row as it was sent last.
   *
   * @param content {@link ListEntry#content()} at that time
   * @param asOf as_of of the export that sent it
   */
  record Sent(String content, LocalDate asOf) {}

  /**
   * A row as it is now.
   *
   * @param content {@link ListEntry#content()}
   * @param isAlsoRemoved whether a removal of this export names its address or number too, so that
   *     the platform drops the row unless it is sent again
   */
  record Current(String content, boolean isAlsoRemoved) {}

  /**
   * The change of a row that was on the list and still is.
   *
   * @param asOf as_of of this export
   */
  static RowChange between(Sent sent, Current current, LocalDate asOf, PlatformFormat format) {
    if (!sent.content().equals(current.content())) {
      return CHANGED;
    }
    boolean isExpired =
        format
            .resendAfterDays()
            .filter(days -> !sent.asOf().plusDays(days).isAfter(asOf))
            .isPresent();
    return isExpired || current.isAlsoRemoved() ? RESENT : UNCHANGED;
  }
}
