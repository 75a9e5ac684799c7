package io.perennial.export;

import java.util.List;

/**
 * Counts of customers from the targets of a list to its rows.
 *
 * @param targets members of the arm target
 * @param heldOut targets in the control group of the experiment through another audience
 * @param unusable targets that the platform could not match
 * @param sharedWithControl targets with the address or number of a customer held out
 * @param sameRow targets whose row equals another member's
 * @param badEmails invalid e-mail addresses
 * @param badPhones invalid phone numbers
 */
record ListCounts(
    long targets,
    long heldOut,
    long unusable,
    long sharedWithControl,
    long sameRow,
    long badEmails,
    long badPhones) {

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
