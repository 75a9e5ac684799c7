package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.SourceSettings.Updates;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Decides which record counts where several speak of the same line or order: "Which record counts"
 * in the definitions. Works on whole orders; one shuffle by order serves all windows.
 */
final class Deduplication {

  /** What became of a candidate line: one of the constants below. */
  static final Column FATE = col("fate");

  static final String ACCEPTED = "accepted";
  static final String DUPLICATE = "duplicate";
  static final String SUPERSEDED = "superseded";
  static final String REJECTED = "rejected";

  /** Why an order was rejected whole; null where it was not. */
  static final Column ORDER_FAULT = col("order_fault");

  private static final WindowSpec ORDER = Window.partitionBy(OrderLinesTable.ORDER_ID.col());

  /** Ends the line_id of a derived refund line. */
  private static final String REFUND_PART = "/refund";

  /** The line_id of a record: of a derived refund line, that of the sale line beside it. */
  private static final Column RECORD_LINE =
      when(
              OrderLinesTable.IS_DERIVED.col(),
              substring(
                  OrderLinesTable.LINE_ID.col(),
                  lit(1),
                  length(OrderLinesTable.LINE_ID.col()).minus(REFUND_PART.length())))
          .otherwise(OrderLinesTable.LINE_ID.col());

  private Deduplication() {}

  /**
   * Adds {@link #FATE} and {@link #ORDER_FAULT}, and gives every line its line_id.
   *
   * @param lines all candidate lines of the orders in question, those accepted earlier among them
   */
  static Dataset<Row> fates(Dataset<Row> lines, Updates updates) {
    Dataset<Row> numbered = withLineId(lines.repartition(OrderLinesTable.ORDER_ID.col()));
    Dataset<Row> ranked =
        switch (updates) {
          case NONE -> newestOfLine(numbered, DUPLICATE);
          case LINE -> newestOfLine(numbered, SUPERSEDED);
          case ORDER -> newestOfOrder(numbered);
        };
    Column counts = FATE.equalTo(ACCEPTED);
    Column customer = when(counts, OrderLinesTable.CUSTOMER_ID.col());
    Column time = when(counts, OrderLinesTable.ORDERED_AT.col());
    return ranked
        .withColumn("customer_min", min(customer).over(ORDER))
        .withColumn("customer_max", max(customer).over(ORDER))
        .withColumn("time_min", min(time).over(ORDER))
        .withColumn(
            "order_fault",
            when(
                    col("customer_min").notEqual(col("customer_max")),
                    lit("the order has more than one customer_id"))
                .when(col("time_min").isNull(), lit("ordered_at is missing on all of the order")))
        .withColumn("fate", when(ORDER_FAULT.isNotNull(), REJECTED).otherwise(FATE))
        .drop("customer_min", "customer_max", "time_min");
  }

  /** The identity of a line whose source has none: hash and occurrence number within its file. */
  static Column generatedLineId(Column occurrence) {
    return concat(
        lpad(lower(hex(CandidateLines.IDENTITY)), 16, "0"), lit("-"), occurrence.cast("string"));
  }

  /** A derived refund line is named after the sale line it stands beside. */
  static Column withPart(Column lineId) {
    return when(OrderLinesTable.IS_DERIVED.col(), concat(lineId, lit(REFUND_PART)))
        .otherwise(lineId);
  }

  private static Dataset<Row> withLineId(Dataset<Row> lines) {
    WindowSpec repeats =
        Window.partitionBy(
                OrderLinesTable.ORDER_ID.col(),
                OrderLinesTable.SOURCE_FILE.col(),
                CandidateLines.IDENTITY,
                OrderLinesTable.LINE_ID.col(),
                OrderLinesTable.IS_DERIVED.col())
            .orderBy(OrderLinesTable.UPDATED_AT.col(), OrderLinesTable.STATUS.col());
    return lines
        .withColumn("occurrence", row_number().over(repeats))
        .withColumn(
            OrderLinesTable.LINE_ID.name(),
            when(
                    CandidateLines.IS_NEW,
                    withPart(
                        coalesce(
                            OrderLinesTable.LINE_ID.col(), generatedLineId(col("occurrence")))))
                .otherwise(OrderLinesTable.LINE_ID.col()))
        .drop("occurrence");
  }

  /** The newest record of a line stands; others of the same version only repeat it. */
  private static Dataset<Row> newestOfLine(Dataset<Row> lines, String older) {
    WindowSpec records =
        choosing(
            OrderLinesTable.UPDATED_AT.col().desc_nulls_last(),
            OrderLinesTable.SOURCE_FILE.col().desc());
    Column isNewest =
        OrderLinesTable.UPDATED_AT
            .col()
            .eqNullSafe(first(OrderLinesTable.UPDATED_AT.col()).over(records))
            .and(
                OrderLinesTable.SOURCE_FILE
                    .col()
                    .equalTo(first(OrderLinesTable.SOURCE_FILE.col()).over(records)));
    return withFate(lines, records, not(isNewest), older);
  }

  /** Records whose version cells are blank belong to the version of their file. */
  private static Dataset<Row> newestOfOrder(Dataset<Row> lines) {
    WindowSpec file =
        Window.partitionBy(OrderLinesTable.ORDER_ID.col(), OrderLinesTable.SOURCE_FILE.col());
    WindowSpec versions =
        ORDER.orderBy(
            OrderLinesTable.UPDATED_AT.col().desc_nulls_last(),
            OrderLinesTable.SOURCE_FILE.col().desc());
    Dataset<Row> ranked =
        lines
            .withColumn(
                OrderLinesTable.UPDATED_AT.name(),
                coalesce(
                    OrderLinesTable.UPDATED_AT.col(),
                    max(OrderLinesTable.UPDATED_AT.col()).over(file)))
            .withColumn("version", rank().over(versions));
    return withFate(ranked, choosing(col("version").asc()), col("version").gt(1), SUPERSEDED)
        .drop("version");
  }

  /** The records of each line up to one, the newest first; of a version the one that is chosen. */
  private static WindowSpec choosing(Column... newestFirst) {
    List<Column> order = new ArrayList<>(List.of(newestFirst));
    order.add(CandidateLines.IDENTITY.asc());
    order.add(OrderLinesTable.STATUS.col().asc());
    return Window.partitionBy(OrderLinesTable.ORDER_ID.col(), RECORD_LINE)
        .orderBy(order.toArray(Column[]::new))
        .rowsBetween(Window.unboundedPreceding(), Window.currentRow());
  }

  /**
   * Of the newest version one record stands for each line, with the refund that it gives: a refund
   * never outlives the record that it was derived from. Most lines have one record: what is asked
   * of those of a line is asked in one window, since a window costs the most where it is small.
   *
   * @param records what {@link #choosing} gives
   */
  private static Dataset<Row> withFate(
      Dataset<Row> lines, WindowSpec records, Column isOlder, String older) {
    Column turnOfRecord = dense_rank().over(records);
    Column turnOfPart =
        when(
                OrderLinesTable.IS_DERIVED.col(),
                count_if(OrderLinesTable.IS_DERIVED.col()).over(records))
            .otherwise(count_if(not(OrderLinesTable.IS_DERIVED.col())).over(records));
    return lines.withColumn(
        "fate",
        when(isOlder, older)
            .when(turnOfRecord.gt(1).or(turnOfPart.gt(1)), DUPLICATE)
            .otherwise(ACCEPTED));
  }
}
