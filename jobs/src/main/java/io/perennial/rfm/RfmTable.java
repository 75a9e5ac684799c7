package io.perennial.rfm;

import io.perennial.customers.CustomersTable;
import io.perennial.table.Field;
import io.perennial.table.Table;

public final class RfmTable {

  private static final Table.Builder BUILDER =
      Table.snapshot("rfm")
          .oneRowPer("as_of and customer with a valid order in the window")
          .doc("Recency, frequency and monetary value; customers with equal values score alike.");

  public static final Field CUSTOMER_ID = BUILDER.add(CustomersTable.CUSTOMER_ID);
  public static final Field RECENCY_DAYS =
      BUILDER.integer("recency_days", "R: whole days from the last valid order to as_of.");
  public static final Field FREQUENCY =
      BUILDER.count("frequency", "F: valid orders in the window (rfm.window).");
  public static final Field MONETARY =
      BUILDER.money("monetary", "M: net in the window, refunds on their own day.");
  public static final Field R_SCORE =
      BUILDER.integer("r_score", "Mid-rank score of recency; the highest level is best.");
  public static final Field F_SCORE = BUILDER.integer("f_score", "Mid-rank score of frequency.");
  public static final Field M_SCORE = BUILDER.integer("m_score", "Mid-rank score of net.");
  public static final Field RFM_CELL =
      BUILDER.text("rfm_cell", "The three scores in a row, such as 535.");
  public static final Field SEGMENT =
      BUILDER.text("segment", "Segment of the scheme rfm.scheme that the scores fall in.");

  public static final Table TABLE =
      BUILDER
          .key(Table.AS_OF, CUSTOMER_ID)
          .invariant("recency_is_positive", "recency_days >= 1")
          .invariant("frequency_is_positive", "frequency >= 1")
          .build();

  private RfmTable() {}
}
