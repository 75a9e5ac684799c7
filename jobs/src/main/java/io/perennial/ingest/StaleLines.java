package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.table.Field;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Finds retained lines that carry an attribute, a discount share or a time which their order may no
 * longer state. A line of order_lines holds the order's values, not those of its own record: where
 * the record that stated them is replaced, the files of the order's other lines must be read again.
 */
final class StaleLines {

  private static final List<Field> COPIED =
      Stream.concat(
              OrderAttributes.FILLED.stream(),
              Stream.of(OrderLinesTable.IS_TEST, OrderLinesTable.IS_GUEST))
          .toList();

  private static final Field STALE_ORDER =
      OrderLinesTable.ORDER_ID.as("stale_order", "Order with stale lines.");

  private static final Field IS_STALE =
      Field.flag("is_stale", "Whether the order has stale lines.");

  private StaleLines() {}

  /**
   * @param outcomes rows of {@link Deduplication#outcomes}
   * @param areOthersRemoved whether lines were removed beforehand, which {@code outcomes} lacks
   */
  static Dataset<Row> in(Dataset<Row> outcomes, boolean areOthersRemoved) {
    Column isNew = CandidateLines.IS_NEW.col();
    Column accepted = Deduplication.OUTCOME.col().equalTo(Deduplication.ACCEPTED);
    Column stays = accepted.and(not(isNew));
    Column added = accepted.and(isNew);
    Column replaced = not(accepted).and(not(isNew));
    Column differs = max(coalesce(CandidateLines.RETAINED_SHARE.col(), lit(0L))).gt(0);
    for (Field attribute : COPIED) {
      Column text = coalesce(attribute.col().cast("string"), lit(""));
      Column old = max(when(stays, text));
      differs =
          differs.or(
              not(old.isin("", "false"))
                  .and(
                      old.notEqual(min(when(added, text)))
                          .or(old.notEqual(max(when(added, text))))));
    }
    // A blank status was filled with the smallest one; a smaller one may be added.
    Column status = OrderLinesTable.STATUS.col();
    Column hasSmallerStatus =
        coalesce(min(when(added, status)).lt(min(when(stays, status))), lit(false));
    Column isReplaced = areOthersRemoved ? lit(true) : max(when(replaced, lit(1))).isNotNull();
    // A blank time was filled with the earliest one; an earlier one may be added or that one
    // removed.
    Column time = OrderLinesTable.ORDERED_AT.col();
    Column stayingTime = min(when(stays, time));
    Column replacedTime = min(when(replaced, time));
    Column addedTime = min(when(added, time));
    Column oldTime = least(stayingTime, replacedTime);
    Column isEarliestRemoved = areOthersRemoved ? lit(true) : replacedTime.equalTo(oldTime);
    Column hasOtherTime =
        coalesce(
            stayingTime
                .equalTo(oldTime)
                .and(
                    addedTime
                        .lt(oldTime)
                        .or(isEarliestRemoved.and(not(addedTime.eqNullSafe(oldTime))))),
            lit(false));
    Column isStale =
        max(when(added, lit(1)))
            .isNotNull()
            .and(isReplaced.and(differs).or(hasSmallerStatus).or(hasOtherTime));
    Dataset<Row> orders =
        outcomes
            .groupBy(OrderLinesTable.ORDER_ID.col().as(STALE_ORDER.name()))
            .agg(isStale.as(IS_STALE.name()))
            .where(IS_STALE.col())
            .select(STALE_ORDER.col());
    return outcomes
        .where(stays)
        .join(orders, OrderLinesTable.ORDER_ID.col().equalTo(STALE_ORDER.col()), "left_semi");
  }
}
