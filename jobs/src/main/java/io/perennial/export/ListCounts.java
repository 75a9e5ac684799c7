package io.perennial.export;

import java.util.List;

/**
 * From the targets of a list to its rows.
 *
 * @param targets members of the arm target
 * @param heldOut in the control group of the experiment through another audience
 * @param unusable nothing that the platform could match
 * @param sharedWithControl the address or number is also that of somebody held out
 * @param sameRow the same row as another member's
 * @param badEmails e-mail addresses that are none
 * @param badPhones phone numbers that are none
 */
record ListCounts(
    long targets,
    long heldOut,
    long unusable,
    long sharedWithControl,
    long sameRow,
    long badEmails,
    long badPhones) {

  static final ListCounts NONE = new ListCounts(0, 0, 0, 0, 0, 0, 0);

  long rows() {
    return targets - heldOut - unusable - sharedWithControl - sameRow;
  }

  /** The export's own steps of the waterfall, after those of the audience. */
  List<SuppressionStep> steps() {
    long usable = targets - heldOut;
    long matched = usable - unusable;
    long own = matched - sharedWithControl;
    return List.of(
        new SuppressionStep("held out through another audience", targets, heldOut),
        new SuppressionStep("nothing the platform can match", usable, unusable),
        new SuppressionStep("address shared with somebody held out", matched, sharedWithControl),
        new SuppressionStep("same row as another member", own, sameRow));
  }
}
