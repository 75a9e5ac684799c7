package io.perennial.churn;

import io.perennial.table.Field;
import io.perennial.table.Table;

public final class ChurnCalibrationTable {

  private static final Table.Builder BUILDER =
      Table.snapshot("churn_calibration")
          .oneRowPer("as_of, kind of model, test window and bin")
          .doc("Whether predictions mean what they say: predicted against observed, by bin.")
          .fields(ChurnBacktestTable.MODEL_KIND, ChurnBacktestTable.ORIGIN);

  public static final Field BIN =
      BUILDER.integer(
          "bin", "Bin of equal count, 1 to 10 from the least prediction; equal ones share it.");
  public static final Field PREDICTED = BUILDER.rate("predicted", "Mean predicted probability.");
  public static final Field OBSERVED = BUILDER.rate("observed", "Share that churned.");
  public static final Field CUSTOMERS = BUILDER.count("customers", "Customers in the bin.");

  public static final Table TABLE =
      BUILDER
          .key(Table.AS_OF, ChurnBacktestTable.MODEL_KIND, ChurnBacktestTable.ORIGIN, BIN)
          .build();

  private ChurnCalibrationTable() {}
}
