package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.Settings;
import io.perennial.lake.Mapping;
import java.util.List;
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

  /** As ingest does it: only orders whose records may conflict are compared. */
  static RecordsToLines screened(Dataset<Row> raw, long records, Settings settings) {
    Dataset<Row> checked = checked(raw, settings);
    ConflictScreen screen =
        ConflictScreen.of(checked, settings.source(), RetainedLines.NONE, records);
    return of(
        checked,
        screen.clean(candidates(checked, settings)),
        screen.isAnyConflicting() ? checked.where(screen.isConflicting()) : checked.limit(0),
        settings);
  }

  /** The same by the long way: the records of every order are compared. */
  static RecordsToLines unscreened(Dataset<Row> raw, Settings settings) {
    Dataset<Row> checked = checked(raw, settings);
    return of(checked, candidates(checked, settings).limit(0), checked, settings);
  }

  private static Dataset<Row> checked(Dataset<Row> raw, Settings settings) {
    Dataset<Row> typed =
        new Mapping(raw.sparkSession(), settings.source(), settings.shop().minorDigits())
            .apply(List.of(raw));
    return materialized(
        RecordRules.withCurrencyOfOrder(RecordRules.check(typed, settings), settings));
  }

  private static Dataset<Row> candidates(Dataset<Row> checked, Settings settings) {
    return CandidateLines.of(checked, settings.source(), settings.shop().minorDigits())
        .withColumn(OrderLinesTable.INGEST_ID.name(), lit(INGEST_ID));
  }

  private static RecordsToLines of(
      Dataset<Row> checked, Dataset<Row> clean, Dataset<Row> conflicting, Settings settings) {
    Dataset<Row> outcomes =
        materialized(
            Deduplication.outcomes(
                CandidateLines.asNew(
                    candidates(conflicting.where(not(Mapping.IS_FAULTY.col())), settings)),
                settings.source().updates()));
    Column outcome = Deduplication.OUTCOME.col();
    Dataset<Row> compared =
        OrderAttributes.ofConflictingOrders(
            outcomes.where(outcome.equalTo(Deduplication.ACCEPTED)), settings.source());
    Column isSetAside = outcome.isin(Deduplication.DUPLICATE, Deduplication.SUPERSEDED);
    return new RecordsToLines(
        orderLines(OrderAttributes.ofCleanOrders(clean, settings.source()), settings)
            .unionByName(orderLines(compared, settings)),
        outcomes
            .where(isSetAside.and(not(OrderLinesTable.IS_DERIVED.col())))
            .withColumn(REASON, outcome),
        Rejects.ofRecords(checked, INGEST_ID)
            .unionByName(Rejects.ofOrders(checked, Rejects.orders(outcomes), INGEST_ID)));
  }

  /** The same rows, computed once. */
  private static Dataset<Row> materialized(Dataset<Row> rows) {
    return rows.sparkSession().createDataFrame(rows.collectAsList(), rows.schema());
  }

  private static Dataset<Row> orderLines(Dataset<Row> lines, Settings settings) {
    return OrderAttributes.asOrderLines(
        lines, settings.shop().currency().getCurrencyCode(), settings.shop().minorDigits());
  }
}
