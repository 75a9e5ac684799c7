package io.perennial.audiences;

import io.perennial.customers.CustomersTable;
import io.perennial.table.Field;
import io.perennial.table.Table;

/** Declares {@code assignments}, a table of the private state. */
public final class AssignmentsTable {

  private static final Table.Builder BUILDER =
      Table.named("assignments")
          .oneRowPer("experiment, audience, customer and as_of of a selection")
          .doc(
              "Who was assigned to which arm and when. A customer who stays in an audience without"
                  + " cool-off has one row; with cool-off one for every selection.");

  public static final Field EXPERIMENT =
      BUILDER.text("experiment", "The experiment: the audience's name where it names no other.");
  public static final Field AUDIENCE = BUILDER.add(AudienceMembersTable.AUDIENCE);
  public static final Field CUSTOMER_ID = BUILDER.add(CustomersTable.CUSTOMER_ID);
  public static final Field ARM =
      BUILDER.text("arm", "target or control; the same in every row of an experiment's customer.");
  public static final Field ASSIGNED_AS_OF =
      BUILDER.date(
          "assigned_as_of",
          "as_of of the run that put the customer into the audience: cool-off counts from it. The"
              + " earliest of a customer is when it entered the experiment.");
  public static final Field RUN_ID = BUILDER.text("run_id", "The run that assigned.");

  public static final Table TABLE =
      BUILDER
          .key(EXPERIMENT, AUDIENCE, CUSTOMER_ID, ASSIGNED_AS_OF)
          .invariant("arm_is_known", "arm IN ('target', 'control')")
          .build();

  private AssignmentsTable() {}
}
