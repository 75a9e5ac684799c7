package io.perennial.export;

import java.time.LocalDate;
import java.util.Optional;

/** What has become of a row of a list since it was sent. */
final class ListMerge {

  private ListMerge() {}

  /** What an export does with a row. */
  enum Change {
    /** New: in {@code full} and {@code add}. */
    ADDED(true, true),
    /** The same person with other properties: in {@code full} and {@code add}. */
    CHANGED(true, true),
    /** Sent again, since the platform forgets or a removal takes it along. */
    RESENT(true, true),
    /** Already there: in {@code full} only. */
    KEPT(true, false),
    /** Gone: in {@code remove}. */
    REMOVED(false, false);

    private final boolean inFull;
    private final boolean inAdd;

    Change(boolean inFull, boolean inAdd) {
      this.inFull = inFull;
      this.inAdd = inAdd;
    }

    boolean isInFull() {
      return inFull;
    }

    boolean isInAdd() {
      return inAdd;
    }
  }

  /**
   * The row as it was sent last.
   *
   * @param content as {@link Entry#content()} was then
   * @param sentAsOf as_of of the export that sent it last
   */
  record Before(String content, LocalDate sentAsOf) {}

  /**
   * The row as it is now.
   *
   * @param content {@link Entry#content()}
   * @param isHit whether a removal of this export names its address or number too, so that the
   *     platform takes it off unless it is sent again
   */
  record Now(String content, boolean isHit) {}

  /**
   * @param resendAfterDays days after which the platform forgets
   */
  static Change of(
      Optional<Before> before,
      Optional<Now> now,
      LocalDate asOf,
      Optional<Integer> resendAfterDays) {
    if (now.isEmpty()) {
      return Change.REMOVED;
    }
    if (before.isEmpty()) {
      return Change.ADDED;
    }
    if (!before.get().content().equals(now.get().content())) {
      return Change.CHANGED;
    }
    boolean isOld =
        resendAfterDays
            .map(days -> !before.get().sentAsOf().plusDays(days).isAfter(asOf))
            .orElse(false);
    return isOld || now.get().isHit() ? Change.RESENT : Change.KEPT;
  }
}
