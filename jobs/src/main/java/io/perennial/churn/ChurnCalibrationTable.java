package io.perennial.churn;

import io.perennial.table.Field;
import io.perennial.table.Table;

/** Declares {@code churn_calibration}. */
public final class ChurnCalibrationTable {

  public static final Field BIN =
      Field.integer(
          "bin", "Bin of equal count, 1 to 10 from the least prediction; equal ones share it.");
  public static final Field PREDICTED = Field.rate("predicted", "Mean predicted probability.");
  public static final Field OBSERVED = Field.rate("observed", "Share that churned.");
  public static final Field CUSTOMERS = Field.count("customers", "Customers in the bin.");

  public static final Table TABLE =
      Table.named("churn_calibration")
          .oneRowPer("as_of, kind of model, test window and bin")
          .doc("Whether predictions mean what they say: predicted against observed, by bin.")
          .fields(
              Table.AS_OF,
              ChurnBacktestTable.MODEL_KIND,
              ChurnBacktestTable.ORIGIN,
              BIN,
              PREDICTED,
              OBSERVED,
              CUSTOMERS)
          .key(Table.AS_OF, ChurnBacktestTable.MODEL_KIND, ChurnBacktestTable.ORIGIN, BIN)
          .partitionedBy(Table.AS_OF)
          .build();

  private ChurnCalibrationTable() {}
}
