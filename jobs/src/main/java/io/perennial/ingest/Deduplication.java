package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.SourceSettings.Updates;
import io.perennial.table.Field;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Decides which record counts where several describe the same line or order ("Which record counts"
 * in the definitions). Works on whole orders; one shuffle by order serves all windows.
 */
final class Deduplication {

  static final Field OUTCOME =
      Field.text("outcome", "What becomes of a line: accepted, duplicate, superseded or rejected.");

  static final String ACCEPTED = "accepted";
  static final String DUPLICATE = "duplicate";
  static final String SUPERSEDED = "superseded";
  static final String REJECTED = "rejected";

  static final Field ORDER_FAULT =
      Field.text("order_fault", "Why the whole order is rejected; null where it is not.").orNull();

  private static final Field VERSION =
      Field.integer("version", "Rank of the order's version, 1 for the newest.");

  private static final WindowSpec ORDER = Window.partitionBy(OrderLinesTable.ORDER_ID.col());

  /** Suffix of the line_id of a derived refund line. */
  private static final String REFUND_PART = "/refund";

  /** The line_id without the suffix of a derived refund line. */
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
   * Adds {@link #OUTCOME} and {@link #ORDER_FAULT}, and generates missing line_ids.
   *
   * @param lines all candidate lines of some orders, retained lines included
   */
  static Dataset<Row> outcomes(Dataset<Row> lines, Updates updates) {
    Dataset<Row> numbered = withLineId(lines.repartition(OrderLinesTable.ORDER_ID.col()));
    Dataset<Row> ranked =
        switch (updates) {
          case NONE -> newestOfLine(numbered, DUPLICATE);
          case LINE -> newestOfLine(numbered, SUPERSEDED);
          case ORDER -> newestOfOrder(numbered);
        };
    Column counts = OUTCOME.col().equalTo(ACCEPTED);
    Column customer = when(counts, OrderLinesTable.CUSTOMER_ID.col());
    Column time = when(counts, OrderLinesTable.ORDERED_AT.col());
    return ranked
        .withColumn(
            ORDER_FAULT.name(),
            when(
                    min(customer).over(ORDER).notEqual(max(customer).over(ORDER)),
                    lit("the order has more than one customer_id"))
                .when(
                    min(time).over(ORDER).isNull(),
                    lit("ordered_at is missing on all of the order")))
        .withColumn(
            OUTCOME.name(), when(ORDER_FAULT.col().isNotNull(), REJECTED).otherwise(OUTCOME.col()));
  }

  /** The line_id where the source has none: identity hash and occurrence number within its file. */
  static Column generatedLineId(Column occurrence) {
    return concat(
        lpad(lower(hex(CandidateLines.IDENTITY.col())), 16, "0"),
        lit("-"),
        occurrence.cast("string"));
  }

  /** Appends the suffix of a derived refund line. */
  static Column withPart(Column lineId) {
    return concat(lineId, when(OrderLinesTable.IS_DERIVED.col(), REFUND_PART).otherwise(""));
  }

  private static Dataset<Row> withLineId(Dataset<Row> lines) {
    WindowSpec repeats =
        Window.partitionBy(
                OrderLinesTable.ORDER_ID.col(),
                OrderLinesTable.SOURCE_FILE.col(),
                CandidateLines.IDENTITY.col(),
                OrderLinesTable.LINE_ID.col(),
                OrderLinesTable.IS_DERIVED.col())
            .orderBy(OrderLinesTable.UPDATED_AT.col(), OrderLinesTable.STATUS.col());
    Column lineId =
        coalesce(OrderLinesTable.LINE_ID.col(), generatedLineId(row_number().over(repeats)));
    return lines.withColumn(
        OrderLinesTable.LINE_ID.name(),
        when(CandidateLines.IS_NEW.col(), withPart(lineId))
            .otherwise(OrderLinesTable.LINE_ID.col()));
  }

  /** Accepts the newest record of each line; others of the same version are duplicates. */
  private static Dataset<Row> newestOfLine(Dataset<Row> lines, String olderOutcome) {
    WindowSpec records =
        ranking(
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
    return withOutcome(lines, records, not(isNewest), olderOutcome);
  }

  /** Accepts the newest version of each order; a record without version has that of its file. */
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
            .withColumn(VERSION.name(), rank().over(versions));
    return withOutcome(ranked, ranking(VERSION.col().asc()), VERSION.col().gt(1), SUPERSEDED)
        .drop(VERSION.name());
  }

  /** Ranks the records of each line: the newest version first, ties by identity and status. */
  private static WindowSpec ranking(Column... newestFirst) {
    List<Column> order = new ArrayList<>(List.of(newestFirst));
    order.add(CandidateLines.IDENTITY.col().asc());
    order.add(OrderLinesTable.STATUS.col().asc());
    return Window.partitionBy(OrderLinesTable.ORDER_ID.col(), RECORD_LINE)
        .orderBy(order.toArray(Column[]::new))
        .rowsBetween(Window.unboundedPreceding(), Window.currentRow());
  }

  /**
   * Accepts one record of the newest version of each line together with its derived refund, so that
   * a refund never outlives the record that it was derived from. Most lines have one record, where
   * windows cost most: one window answers all questions about a line.
   *
   * @param records window of {@link #ranking}
   */
  private static Dataset<Row> withOutcome(
      Dataset<Row> lines, WindowSpec records, Column isOlder, String olderOutcome) {
    Column recordRank = dense_rank().over(records);
    Column partRank =
        when(
                OrderLinesTable.IS_DERIVED.col(),
                count_if(OrderLinesTable.IS_DERIVED.col()).over(records))
            .otherwise(count_if(not(OrderLinesTable.IS_DERIVED.col())).over(records));
    return lines.withColumn(
        OUTCOME.name(),
        when(isOlder, olderOutcome)
            .when(recordRank.gt(1).or(partRank.gt(1)), DUPLICATE)
            .otherwise(ACCEPTED));
  }
}
