package io.perennial.orders;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import io.perennial.config.Settings;
import io.perennial.config.SourceColumn;
import io.perennial.lake.Mapping;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * All raw records of some orders in; lines, records set aside and rejects out. The examples of this
 * package call ingest here and nowhere else.
 *
 * @param lines rows of order_lines
 * @param setAside records that lost to another, with the {@link #REASON}
 * @param rejects rows of rejects
 */
record RecordsToLines(Dataset<Row> lines, Dataset<Row> setAside, Dataset<Row> rejects) {

  /** Why a record was set aside: duplicate or superseded. */
  static final String REASON = "reason";

  private static final String INGEST_ID = "test";

  /** As ingest does it: only orders whose records may contradict each other are compared. */
  static RecordsToLines screened(Dataset<Row> raw, long records, Settings settings) {
    Dataset<Row> checked = checked(raw, settings);
    CloseLook look = CloseLook.at(checked, settings.source(), Optional.empty(), records);
    if (!look.isNeeded()) {
      return of(checked, clean(checked, settings), checked.limit(0), settings);
    }
    return of(checked, clean(look.except(checked), settings), look.only(checked), settings);
  }

  /** The same by the long way: the records of every order are compared. */
  static RecordsToLines unscreened(Dataset<Row> raw, Settings settings) {
    Dataset<Row> checked = checked(raw, settings);
    return of(checked, clean(checked.limit(0), settings), checked, settings);
  }

  private static Dataset<Row> checked(Dataset<Row> raw, Settings settings) {
    Dataset<Row> typed =
        new Mapping(raw.sparkSession(), settings.source(), settings.shop().minorDigits())
            .apply(List.of(raw));
    return held(RecordRules.inTheirOrdersCurrency(RecordRules.check(typed, settings), settings));
  }

  private static Dataset<Row> candidates(Dataset<Row> checked, Settings settings) {
    return Candidates.of(checked, settings.source(), settings.shop().minorDigits())
        .withColumn(OrderLinesTable.INGEST_ID.name(), lit(INGEST_ID));
  }

  private static Dataset<Row> clean(Dataset<Row> checked, Settings settings) {
    return orderLines(
        OrderCells.ofPlainOrders(candidates(checked, settings), settings.source()), settings);
  }

  private static RecordsToLines of(
      Dataset<Row> checked, Dataset<Row> clean, Dataset<Row> conflicting, Settings settings) {
    Dataset<Row> outcomes =
        held(
            Resolution.fates(
                Candidates.asNew(candidates(conflicting.where(not(Mapping.IS_FAULTY)), settings)),
                settings.source().updates()));
    Dataset<Row> compared =
        OrderCells.ofIntricateOrders(
            outcomes.where(Resolution.FATE.equalTo(Resolution.ACCEPTED)),
            settings.source().maps(SourceColumn.ORDER_DISCOUNT));
    Column isSetAside = Resolution.FATE.isin(Resolution.DUPLICATE, Resolution.SUPERSEDED);
    return new RecordsToLines(
        clean.unionByName(orderLines(compared, settings)),
        outcomes
            .where(isSetAside.and(not(OrderLinesTable.IS_DERIVED.col())))
            .withColumn(REASON, Resolution.FATE),
        Rejects.ofRecords(checked, INGEST_ID)
            .unionByName(Rejects.withTheirOrder(checked, Rejects.ordersIn(outcomes), INGEST_ID)));
  }

  /** The same rows, computed once. */
  private static Dataset<Row> held(Dataset<Row> rows) {
    return rows.sparkSession().createDataFrame(rows.collectAsList(), rows.schema());
  }

  private static Dataset<Row> orderLines(Dataset<Row> lines, Settings settings) {
    return OrderCells.asOrderLines(
        lines, settings.shop().currency().getCurrencyCode(), settings.shop().minorDigits());
  }
}
