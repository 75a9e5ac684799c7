package io.perennial.export;

/** What an export does with a row of a list. The names are values of sent_members. */
enum RowChange {
  /** New: in {@code full} and {@code add}. */
  ADDED,
  /** Same key, other content: in {@code full} and {@code add}. */
  CHANGED,
  /** Sent again, since the membership expires or a removal takes it along: as if added. */
  RESENT,
  /** On the platform already: in {@code full} only. */
  UNCHANGED,
  /** No longer on the list: in {@code remove}. */
  REMOVED;

  boolean isInFull() {
    return this != REMOVED;
  }

  boolean isInAdd() {
    return isInFull() && this != UNCHANGED;
  }
}
