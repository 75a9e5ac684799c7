package io.perennial;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;

import io.perennial.months.CustomerDaysTable;
import io.perennial.rfm.Rfm;
import io.perennial.rfm.RfmTable;
import io.perennial.rfm.RfmTransitions;
import io.perennial.rfm.RfmTransitionsTable;
import io.perennial.table.Kept;
import io.perennial.table.Table;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The step that scores customers by recency, frequency and money, and says who moved. */
final class RfmSteps {

  static final Step RFM =
      Step.named(
              "rfm",
              List.of(CustomerDaysTable.TABLE),
              List.of(RfmTable.TABLE, RfmTransitionsTable.TABLE),
              List.of("rfm", "shop.currency"),
              RfmSteps::rfm)
          .asOf();

  private RfmSteps() {}

  private static String rfm(RunContext context) {
    LocalDate asOf = context.asOf();
    try (Kept kept = new Kept()) {
      Dataset<Row> values =
          kept.keep(
              Rfm.values(
                  context.store().read(CustomerDaysTable.TABLE), asOf, context.settings().rfm()));
      context.write(
          RfmTable.TABLE, Rfm.of(values, asOf, context.settings().rfm(), context.minorDigits()));
    }

    Row previous =
        context
            .store()
            .read(RfmTable.TABLE)
            .where(Table.AS_OF.col().lt(lit(asOf)))
            .agg(max(Table.AS_OF.col()))
            .first();
    if (previous.isNullAt(0)) {
      context.write(RfmTransitionsTable.TABLE, List.of());
      return "no earlier snapshot to move from";
    }
    LocalDate previousAsOf = previous.getDate(0).toLocalDate();
    context.write(
        RfmTransitionsTable.TABLE,
        RfmTransitions.of(
            context.store().snapshot(RfmTable.TABLE, previousAsOf),
            context.store().snapshot(RfmTable.TABLE, asOf),
            previousAsOf,
            asOf));
    return "moved from " + previousAsOf;
  }
}
