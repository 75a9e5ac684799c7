package io.perennial.audiences;

import io.perennial.customers.CustomersTable;
import io.perennial.table.Field;
import io.perennial.table.Table;

public final class AudienceMembersTable {

  /** Arm of those who are in the files. */
  public static final String TARGET = "target";

  /** Arm of those who are held out: never in a file of their experiment. */
  public static final String CONTROL = "control";

  private static final Table.Builder BUILDER =
      Table.snapshot("audience_members")
          .oneRowPer("as_of, audience and member")
          .doc(
              "Who is in which audience, after all suppressions. Rows of the arm control are kept"
                  + " to be compared with, never to be addressed.");

  public static final Field AUDIENCE =
      BUILDER.text("audience", "The audience: its name in audiences.conf.");
  public static final Field CUSTOMER_ID = BUILDER.add(CustomersTable.CUSTOMER_ID);
  public static final Field ARM =
      BUILDER.text(
          "arm", "target: to be addressed; control: held out, and in no file of the experiment.");
  public static final Field RANK =
      BUILDER.integer(
          "rank",
          "Place in the audience's ranking, 1 being first, over both arms and without gaps.");
  public static final Field REASON =
      BUILDER.text("reason", "Why the customer is in the audience, in words with exact figures.");

  public static final Table TABLE =
      BUILDER
          .key(Table.AS_OF, AUDIENCE, CUSTOMER_ID)
          .invariant("arm_is_known", "arm IN ('target', 'control')")
          .invariant("rank_is_positive", "rank >= 1")
          .build();

  private AudienceMembersTable() {}
}
