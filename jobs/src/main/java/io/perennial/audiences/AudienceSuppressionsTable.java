package io.perennial.audiences;

import io.perennial.table.Field;
import io.perennial.table.Table;

public final class AudienceSuppressionsTable {

  private static final Table.Builder BUILDER =
      Table.snapshot("audience_suppressions")
          .oneRowPer("as_of, audience and step of the waterfall")
          .doc("Why an audience has the size it has: from all customers down to its targets.");

  public static final Field AUDIENCE = BUILDER.add(AudienceMembersTable.AUDIENCE);
  public static final Field STEP_ORDER =
      BUILDER.integer("step_order", "Place of the step in the waterfall: 1 to 7.");
  public static final Field STEP =
      BUILDER.text(
          "step",
          "What customers leave for: not in segment, no usable identifier, no consent, suppressed,"
              + " cool-off, cap, control group.");
  public static final Field CUSTOMERS_IN =
      BUILDER.count(
          "customers_in",
          "Customers before the step: all of customer_profile before the first, what the step"
              + " before left over at the others.");
  public static final Field CUSTOMERS_OUT =
      BUILDER.count(
          "customers_out",
          "Customers that leave at this step, each at the first that applies. customers_in less"
              + " customers_out of the last step are the audience's targets.");

  public static final Table TABLE =
      BUILDER
          .key(Table.AS_OF, AUDIENCE, STEP_ORDER)
          .invariant("nobody_leaves_twice", "customers_out >= 0 AND customers_out <= customers_in")
          .build();

  private AudienceSuppressionsTable() {}
}
