package io.perennial.sample;

import java.util.ArrayList;
import java.util.List;

/**
 * Generates the orders of a buyer from seed and number: the events of the orders, and the records
 * of each event.
 */
final class OrderRecords {

  private final SampleSettings settings;
  private final ShopClock clock;
  private final Seasonality season;

  OrderRecords(SampleSettings settings) {
    this.settings = settings;
    clock = new ShopClock(settings);
    season = new Seasonality(settings, clock);
  }

  ShopClock clock() {
    return clock;
  }

  Seasonality season() {
    return season;
  }

  Customer customer(long number) {
    return Customer.of(settings, season, number);
  }

  Life life(Customer customer) {
    return Life.of(settings, season, customer);
  }

  /** All events of the orders of a buyer. */
  List<OrderEvent> events(long number, FilePlan plan) {
    long[] orders = life(customer(number)).orders();
    List<OrderEvent> events = new ArrayList<>(orders.length + 2);
    for (int order = 0; order < orders.length; order++) {
      OrderOutcome outcome = OrderOutcome.of(settings, clock, number, order, orders[order]);
      OrderEvent.add(
          events, plan, clock, outcome, new OrderEvent.Placed(number, order, orders[order]));
    }
    return events;
  }

  /** The records of one event: sale lines or refunds. */
  List<RawRecord> records(OrderEvent event) {
    OrderEvent.Placed placed = event.placed();
    Customer customer = customer(placed.customer());
    Basket basket = Basket.of(settings, customer, placed.order(), placed.at());
    OrderOutcome outcome =
        OrderOutcome.of(settings, clock, placed.customer(), placed.order(), placed.at());
    return event.kind() == OrderEvent.Kind.REFUNDED
        ? refund(placed, customer, basket, outcome)
        : sale(placed, customer, basket, outcome, event.kind() == OrderEvent.Kind.CANCELLED);
  }

  private List<RawRecord> sale(
      OrderEvent.Placed placed,
      Customer customer,
      Basket basket,
      OrderOutcome outcome,
      boolean isCancellation) {
    boolean cancelled =
        outcome.isCancelled()
            && (isCancellation || !outcome.cancelledLater() || !settings.lateFiles());
    RawRecord.Order order =
        order(placed, customer, basket, cancelled, cancelled ? outcome.cancelledAt() : placed.at());
    boolean isAnonymous = customer.kind() == Customer.Kind.ANONYMOUS;
    List<RawRecord> records = new ArrayList<>(basket.lines().size());
    for (int i = 0; i < basket.lines().size(); i++) {
      Basket.Line line = basket.lines().get(i);
      records.add(
          new RawRecord(
              order,
              Integer.toString(i + 1),
              line.product(),
              line.quantity(),
              line.unitPrice(),
              line.discount(),
              i == 0 ? basket : null,
              i == 0 && !isAnonymous ? Person.of(settings, customer, placed.order()) : null,
              ShopClock.NEVER,
              Corruption.on(settings, placed.customer(), placed.order(), i, false)));
    }
    return records;
  }

  /** Refunds of the whole order, or of some pieces of one line; a free product is not refunded. */
  private List<RawRecord> refund(
      OrderEvent.Placed placed, Customer customer, Basket basket, OrderOutcome outcome) {
    RawRecord.Order order = order(placed, customer, basket, false, outcome.refundedAt());
    int lines = basket.lines().size();
    double draw = outcome.refundDraw() * lines;
    int only = (int) draw;
    List<RawRecord> records = new ArrayList<>(lines);
    for (int i = 0; i < lines; i++) {
      Basket.Line line = basket.lines().get(i);
      long each = line.paidPerPiece(basket);
      if (each == 0 || (!outcome.refundsAll() && i != only)) {
        continue;
      }
      int pieces =
          outcome.refundsAll() ? line.quantity() : 1 + (int) ((draw - only) * line.quantity());
      records.add(
          new RawRecord(
              order,
              "R" + (i + 1),
              line.product(),
              -pieces,
              each,
              0,
              null,
              null,
              outcome.refundedAt(),
              Corruption.on(settings, placed.customer(), placed.order(), i, true)));
    }
    return records;
  }

  private static RawRecord.Order order(
      OrderEvent.Placed placed,
      Customer customer,
      Basket basket,
      boolean isCancelled,
      long updatedAt) {
    return new RawRecord.Order(
        Customer.padded("O", placed.customer(), 8) + Customer.padded("-", placed.order() + 1L, 3),
        customer,
        placed.at(),
        isCancelled,
        updatedAt,
        Population.channelName(channel(customer, placed.order())),
        basket.discountCode());
  }

  /** Mostly the acquisition channel; about every sixth order comes by the web. */
  private static int channel(Customer customer, int order) {
    boolean isOnWeb =
        customer.kind() != Customer.Kind.ANONYMOUS
            && (customer.number() * 31 + order * 17L) % 6 == 5;
    return isOnWeb && order > 0 ? 0 : customer.channel();
  }
}
