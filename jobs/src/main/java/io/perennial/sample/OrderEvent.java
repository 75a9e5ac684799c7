package io.perennial.sample;

import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The export of an order to a file of the lake. Only events are shuffled, since the records of the
 * order follow from them.
 *
 * @param file index of the file in the {@link FilePlan}
 * @param at local seconds of the event; records in a file are sorted by it
 * @param kind what is exported
 * @param placed the order
 */
record OrderEvent(int file, long at, Kind kind, Placed placed) {

  /**
   * An order.
   *
   * @param customer number of the buyer
   * @param order position in the orders of the buyer, from 0
   * @param at local seconds
   */
  record Placed(long customer, int order, long at) {}

  /** What is exported of an order. */
  enum Kind {
    /** The sale lines, on the day of the order. */
    PLACED,
    /** The sale lines again, cancelled, on the day of the cancellation. */
    CANCELLED,
    /** The refunded lines, on the day of the refund. */
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

  /** A row whose key selects the partition of the file. */
  Row row(FilePlan plan) {
    return RowFactory.create(
        plan.key(file), at, placed.customer, placed.order, kind.ordinal(), placed.at);
  }

  /** The event of a row in the partition of a file. */
  static OrderEvent of(Row row, int file) {
    return new OrderEvent(
        file,
        row.getLong(1),
        KINDS[row.getInt(4)],
        new Placed(row.getLong(2), row.getInt(3), row.getLong(5)));
  }

  /** Adds all events of an order. */
  static void add(
      List<OrderEvent> events,
      FilePlan plan,
      ShopClock clock,
      OrderOutcome outcome,
      Placed placed) {
    int month = clock.month(placed.at);
    if (outcome.isLate() && plan.hasLate(month)) {
      events.add(new OrderEvent(plan.late(month), placed.at, Kind.PLACED, placed));
    } else {
      add(events, plan, clock, placed.at, Kind.PLACED, placed);
    }
    if (outcome.cancelledLater() && plan.hasRepeats()) {
      add(events, plan, clock, outcome.cancelledAt(), Kind.CANCELLED, placed);
    }
    if (outcome.isRefunded()) {
      add(events, plan, clock, outcome.refundedAt(), Kind.REFUNDED, placed);
    }
  }

  /** Adds an event to the file of its month and to the overlapping extract of its day, if any. */
  private static void add(
      List<OrderEvent> events, FilePlan plan, ShopClock clock, long at, Kind kind, Placed placed) {
    int month = clock.month(at);
    events.add(new OrderEvent(plan.main(month, placed.customer), at, kind, placed));
    if (plan.hasOverlap(month) && ShopClock.daysToMonthEnd(at) < FilePlan.OVERLAP_DAYS) {
      events.add(new OrderEvent(plan.overlap(month), at, kind, placed));
    }
  }
}
