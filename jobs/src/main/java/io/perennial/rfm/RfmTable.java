package io.perennial.rfm;

import io.perennial.customers.CustomersTable;
import io.perennial.table.Field;
import io.perennial.table.Table;

/** Declares {@code rfm}. */
public final class RfmTable {

  public static final Field CUSTOMER_ID = CustomersTable.CUSTOMER_ID;
  public static final Field RECENCY_DAYS =
      Field.integer("recency_days", "R: whole days from the last valid order to as_of.");
  public static final Field FREQUENCY =
      Field.count("frequency", "F: valid orders in the window (rfm.window).");
  public static final Field MONETARY =
      Field.money("monetary", "M: net in the window, refunds on their own day.");
  public static final Field R_SCORE =
      Field.integer("r_score", "Mid-rank score of recency; the highest level is best.");
  public static final Field F_SCORE = Field.integer("f_score", "Mid-rank score of frequency.");
  public static final Field M_SCORE = Field.integer("m_score", "Mid-rank score of net.");
  public static final Field RFM_CELL =
      Field.text("rfm_cell", "The three scores in a row, such as 535.");
  public static final Field SEGMENT =
      Field.text("segment", "Segment of the scheme rfm.scheme that the scores fall in.");

  public static final Table TABLE =
      Table.named("rfm")
          .oneRowPer("as_of and customer with a valid order in the window")
          .doc("Recency, frequency and monetary value; customers with equal values score alike.")
          .fields(
              Table.AS_OF,
              CUSTOMER_ID,
              RECENCY_DAYS,
              FREQUENCY,
              MONETARY,
              R_SCORE,
              F_SCORE,
              M_SCORE,
              RFM_CELL,
              SEGMENT)
          .key(Table.AS_OF, CUSTOMER_ID)
          .partitionedBy(Table.AS_OF)
          .invariant("recency_is_positive", "recency_days >= 1")
          .invariant("frequency_is_positive", "frequency >= 1")
          .build();

  private RfmTable() {}
}
