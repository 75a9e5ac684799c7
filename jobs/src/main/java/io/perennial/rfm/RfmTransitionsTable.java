package io.perennial.rfm;

import io.perennial.table.Field;
import io.perennial.table.Table;

public final class RfmTransitionsTable {

  /** Stands for customers who are in one of the two snapshots only. */
  public static final String NONE = "(none)";

  private static final Table.Builder BUILDER =
      Table.snapshot("rfm_transitions")
          .oneRowPer("as_of, segment before and segment now")
          .doc("How customers moved between segments since the snapshot before.");

  public static final Field PREVIOUS_AS_OF =
      BUILDER.date("previous_as_of", "The snapshot before: the newest earlier as_of of rfm.");
  public static final Field FROM_SEGMENT =
      BUILDER.text("from_segment", "Segment at previous_as_of; (none) for customers new since.");
  public static final Field TO_SEGMENT =
      BUILDER.text(
          "to_segment", "Segment at as_of; (none) for customers whose orders left the window.");
  public static final Field CUSTOMERS = BUILDER.count("customers", "Customers who made this move.");

  public static final Table TABLE = BUILDER.key(Table.AS_OF, FROM_SEGMENT, TO_SEGMENT).build();

  private RfmTransitionsTable() {}
}
