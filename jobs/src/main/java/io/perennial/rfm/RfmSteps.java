package io.perennial.rfm;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.RfmKeys;
import io.perennial.config.ShopKeys;
import io.perennial.months.CustomerDaysTable;
import io.perennial.spark.CachedDatasets;
import io.perennial.step.Step;
import io.perennial.step.StepContext;
import io.perennial.step.StepResult;
import io.perennial.table.Table;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The step that scores customers by recency, frequency and money, and says who moved. */
public final class RfmSteps {

  public static final Step RFM =
      Step.named(
              "rfm",
              List.of(CustomerDaysTable.TABLE),
              List.of(RfmTable.TABLE, RfmTransitionsTable.TABLE),
              List.of(RfmKeys.GROUP, ShopKeys.CURRENCY.path()),
              RfmSteps::rfm)
          .asOf();

  private RfmSteps() {}

  private static StepResult rfm(StepContext context) {
    LocalDate asOf = context.asOf();
    try (CachedDatasets kept = new CachedDatasets()) {
      Dataset<Row> values =
          kept.keep(
              Rfm.values(context.read(CustomerDaysTable.TABLE), asOf, context.settings().rfm()));
      context.write(
          RfmTable.TABLE, Rfm.of(values, asOf, context.settings().rfm(), context.minorDigits()));
    }

    Row previous =
        context
            .read(RfmTable.TABLE)
            .where(Table.AS_OF.col().lt(lit(asOf)))
            .agg(max(Table.AS_OF.col()))
            .first();
    if (previous.isNullAt(0)) {
      context.write(RfmTransitionsTable.TABLE, List.of());
      return StepResult.done("no earlier snapshot to move from");
    }
    LocalDate previousAsOf = previous.getDate(0).toLocalDate();
    context.write(
        RfmTransitionsTable.TABLE,
        RfmTransitions.of(
            context.store().snapshot(RfmTable.TABLE, previousAsOf),
            context.snapshot(RfmTable.TABLE),
            previousAsOf,
            asOf));
    return StepResult.done("moved from " + previousAsOf);
  }
}
