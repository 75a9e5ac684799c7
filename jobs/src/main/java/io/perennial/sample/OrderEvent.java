package io.perennial.sample;

import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * That an order appears in a file of the lake: all that has to be shuffled, since the order's
 * records follow from it.
 *
 * @param file index of the file in the {@link FilePlan}
 * @param at local seconds of what is exported, the order of records in a file
 * @param kind what of the order appears
 * @param placed the order
 */
record OrderEvent(int file, long at, Kind kind, Placed placed) {

  /**
   * An order.
   *
   * @param customer the buyer's number
   * @param order counts the buyer's orders from 0
   * @param at local seconds
   */
  record Placed(long customer, int order, long at) {}

  /** What of an order appears. */
  enum Kind {
    /** Its sale lines, on the day of the order. */
    PLACED,
    /** Its sale lines once more, cancelled, on the day of the cancellation. */
    CANCELLED,
    /** What went back, on the day the money did. */
    REFUNDED
  }

  static final StructType SCHEMA =
      new StructType()
          .add("key", DataTypes.IntegerType, false)
          .add("at", DataTypes.LongType, false)
          .add("customer", DataTypes.LongType, false)
          .add("order", DataTypes.IntegerType, false)
          .add("kind", DataTypes.IntegerType, false)
          .add("ordered_at", DataTypes.LongType, false);

  private static final Kind[] KINDS = Kind.values();

  /** As a row whose key leads it to the partition of its file. */
  Row row(FilePlan plan) {
    return RowFactory.create(
        plan.key(file), at, placed.customer, placed.order, kind.ordinal(), placed.at);
  }

  /** From a row in the partition of a file. */
  static OrderEvent of(Row row, int file) {
    return new OrderEvent(
        file,
        row.getLong(1),
        KINDS[row.getInt(4)],
        new Placed(row.getLong(2), row.getInt(3), row.getLong(5)));
  }

  /** Adds every appearance of an order. */
  static void add(
      List<OrderEvent> events, FilePlan plan, ShopClock clock, OrderOutcome fate, Placed placed) {
    int month = clock.month(placed.at);
    if (fate.isLate() && plan.hasLate(month)) {
      events.add(new OrderEvent(plan.late(month), placed.at, Kind.PLACED, placed));
    } else {
      add(events, plan, clock, placed.at, Kind.PLACED, placed);
    }
    if (fate.cancelledLater() && plan.hasRepeats()) {
      add(events, plan, clock, fate.cancelledAt(), Kind.CANCELLED, placed);
    }
    if (fate.isRefunded()) {
      add(events, plan, clock, fate.refundedAt(), Kind.REFUNDED, placed);
    }
  }

  /** In the file of its month, and again in the overlapping extract if there is one of its day. */
  private static void add(
      List<OrderEvent> events, FilePlan plan, ShopClock clock, long at, Kind kind, Placed placed) {
    int month = clock.month(at);
    events.add(new OrderEvent(plan.main(month, placed.customer), at, kind, placed));
    if (plan.hasOverlap(month) && clock.daysToMonthEnd(at) < FilePlan.OVERLAP_DAYS) {
      events.add(new OrderEvent(plan.overlap(month), at, kind, placed));
    }
  }
}
