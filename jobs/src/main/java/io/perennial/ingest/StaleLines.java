package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.table.Field;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Lines accepted earlier on which stands what their order no longer says. A line of order_lines
 * holds the order's cells and its share of the order's discount, not what its own record said; so
 * where another record that may have said it is replaced, the line's file must be read again.
 */
final class StaleLines {

  private static final List<Field> FILLED =
      List.of(
          OrderLinesTable.CUSTOMER_ID,
          OrderLinesTable.STATUS,
          OrderLinesTable.CHANNEL,
          OrderLinesTable.DISCOUNT_CODE,
          OrderLinesTable.COUNTRY,
          OrderLinesTable.IS_TEST,
          OrderLinesTable.IS_GUEST);

  private StaleLines() {}

  /**
   * Earlier lines that stay beside new ones, of orders where it matters.
   *
   * @param fates what {@link Deduplication#fates} gives
   * @param doOthersLeave whether lines left before, which {@code fates} does not show
   */
  static Dataset<Row> in(Dataset<Row> fates, boolean doOthersLeave) {
    Column accepted = Deduplication.FATE.equalTo(Deduplication.ACCEPTED);
    Column stays = accepted.and(not(CandidateLines.IS_NEW));
    Column comes = accepted.and(CandidateLines.IS_NEW);
    Column goes = not(accepted).and(not(CandidateLines.IS_NEW));
    List<Column> sums = new ArrayList<>();
    sums.add(max(when(comes, lit(1))).as("comes"));
    sums.add(max(when(goes, lit(1))).as("goes"));
    sums.add(max(coalesce(col("earlier_share"), lit(0L))).as("share"));
    Column differs = col("share").gt(0);
    for (Field cell : FILLED) {
      Column said = coalesce(cell.col().cast("string"), lit(""));
      String name = cell.name();
      sums.add(min(when(stays, cell.col())).as("old_" + name));
      sums.add(max(when(stays, said)).as("old_text_" + name));
      sums.add(min(when(comes, cell.col())).as("new_" + name));
      sums.add(min(when(comes, said)).as("new_min_" + name));
      sums.add(max(when(comes, said)).as("new_max_" + name));
      Column old = col("old_text_" + name);
      differs =
          differs.or(
              not(old.isin("", "false"))
                  .and(
                      old.notEqual(col("new_min_" + name))
                          .or(old.notEqual(col("new_max_" + name)))));
    }
    sums.add(min(when(stays, OrderLinesTable.ORDERED_AT.col())).as("staying_time"));
    sums.add(min(when(goes, OrderLinesTable.ORDERED_AT.col())).as("gone_time"));
    sums.add(min(when(comes, OrderLinesTable.ORDERED_AT.col())).as("new_time"));
    // A blank status was given the smallest that was known; a smaller one may have come.
    Column smallerStatus =
        coalesce(
            col("new_" + OrderLinesTable.STATUS).lt(col("old_" + OrderLinesTable.STATUS)),
            lit(false));
    Column isReplaced = doOthersLeave ? lit(true) : col("goes").isNotNull();
    // A blank time was given the earliest: an earlier one may have come, or that one left.
    Column oldTime = least(col("staying_time"), col("gone_time"));
    Column hasLeft = doOthersLeave ? lit(true) : col("gone_time").equalTo(oldTime);
    Column otherTime =
        coalesce(
            col("staying_time")
                .equalTo(oldTime)
                .and(
                    col("new_time")
                        .lt(oldTime)
                        .or(hasLeft.and(not(col("new_time").eqNullSafe(oldTime))))),
            lit(false));
    Dataset<Row> orders =
        fates
            .groupBy(OrderLinesTable.ORDER_ID.col())
            .agg(sums.get(0), sums.subList(1, sums.size()).toArray(Column[]::new))
            .where(
                col("comes")
                    .isNotNull()
                    .and(isReplaced.and(differs).or(smallerStatus).or(otherTime)))
            .select(OrderLinesTable.ORDER_ID.col().as("stale_order"));
    return fates
        .where(stays)
        .join(orders, OrderLinesTable.ORDER_ID.col().equalTo(col("stale_order")), "left_semi");
  }
}
