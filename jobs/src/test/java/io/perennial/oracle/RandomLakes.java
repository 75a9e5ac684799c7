package io.perennial.oracle;

import io.perennial.oracle.OracleSettings.Updates;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * Random lakes with the edge cases of real ones; equal seeds give equal lakes.
 *
 * <p>They avoid cases that the definitions leave open, so any difference between job and oracle is
 * a fault: order-level cells of one order agree or are blank, refund records have no discount, a
 * discounted order has a line with an amount, rejected records are not repeated, and all lines of
 * an order have a category or none has.
 */
public final class RandomLakes {

  private static final List<String> ZONES =
      List.of("Europe/London", "America/New_York", "UTC", "Asia/Kolkata", "Australia/Sydney");

  private final Random random;
  private final OracleSettings settings;
  private final LocalDate start;
  private final int months;
  private final RandomOrders orders;
  private final Extracts extracts;
  private int ids;

  private RandomLakes(long seed, UnaryOperator<OracleSettings> change) {
    random = new Random(seed);
    random.nextLong();
    start = LocalDate.of(2023, 1 + random.nextInt(12), 1);
    months = 5 + random.nextInt(8);
    settings = change.apply(settings());
    boolean isUpdatedAtMapped = settings.updates() != Updates.NONE && random.nextBoolean();
    orders = new RandomOrders(random, settings, isUpdatedAtMapped);
    extracts = new Extracts(random, settings, isUpdatedAtMapped);
  }

  public static RandomLake of(long seed) {
    return new RandomLakes(seed, UnaryOperator.identity()).lake(seed, 1);
  }

  /** A lake with these source settings, {@code times} as large. */
  public static RandomLake of(long seed, Updates updates, boolean lineIdMapped, int times) {
    return new RandomLakes(seed, drawn -> drawn.updates(updates).lineIdMapped(lineIdMapped))
        .lake(seed, times);
  }

  private RandomLake lake(long seed, int times) {
    int customers = times * (10 + random.nextInt(20));
    for (int customer = 1; customer <= customers; customer++) {
      addCustomer("c" + customer);
    }
    for (int stray = 0; stray < 4 * times; stray++) {
      extracts.add(orders.sale(nextId("A"), null, time()));
    }
    for (int i = 0; i < times; i++) {
      extracts.add(orders.outOfRange(nextId("X"), "c1"));
      extracts.add(orders.twoCustomers(nextId("T"), "c1", "c2", time()));
    }
    List<RawRecord> records = extracts.records();
    Collections.shuffle(records, random);
    return new RandomLake(seed, records, settings, orders.isUpdatedAtMapped());
  }

  /**
   * One to six orders at increasing times, some on one day or at the same time, and refunds with
   * their own order id.
   */
  private void addCustomer(String customer) {
    Instant time = time();
    if (random.nextInt(8) == 0) {
      // A refund of an order that is not in the lake, before the customer's first known order.
      extracts.add(
          orders.refund(nextId("C"), customer, time.minusSeconds(86_400L * random.nextInt(70))));
    }
    int number = 1 + random.nextInt(6);
    for (int order = 0; order < number; order++) {
      extracts.add(orders.sale(nextId("N"), customer, time));
      if (random.nextInt(8) == 0) {
        extracts.add(
            orders.refund(nextId("C"), customer, time.plusSeconds(86_400L * random.nextInt(50))));
      }
      time = later(time);
    }
  }

  private Instant later(Instant time) {
    return switch (random.nextInt(6)) {
      case 0 -> time;
      case 1 -> time.plusSeconds(1 + random.nextInt(40_000));
      default -> time.plusSeconds(86_400L * (1 + random.nextInt(75)) + random.nextInt(5_000));
    };
  }

  /** A time in the lake's months, often at midnight, at a month boundary, or at a clock change. */
  private Instant time() {
    ZoneId zone = settings.zone();
    LocalDate day = start.plusDays(random.nextInt(months * 30));
    return switch (random.nextInt(10)) {
      case 0 -> day.atStartOfDay(zone).toInstant();
      case 1 -> day.atStartOfDay(zone).toInstant().minusSeconds(1);
      case 2 ->
          day.withDayOfMonth(1).atStartOfDay(zone).toInstant().minusSeconds(random.nextInt(2));
      case 3 -> atClockChange(day);
      default ->
          LocalDateTime.of(day, LocalTime.ofSecondOfDay(random.nextInt(86_400)))
              .atZone(zone)
              .toInstant();
    };
  }

  private Instant atClockChange(LocalDate day) {
    Instant from = day.atStartOfDay(settings.zone()).toInstant();
    ZoneOffsetTransition change = settings.zone().getRules().nextTransition(from);
    boolean isNear =
        change != null && change.getInstant().isBefore(from.plusSeconds(86_400L * 200));
    return isNear ? change.getInstant().plusSeconds(600L * (random.nextInt(20) - 8)) : from;
  }

  private String nextId(String prefix) {
    return prefix + (100 + ids++);
  }

  private OracleSettings settings() {
    Updates updates = Updates.values()[random.nextInt(3)];
    // As of the default day, or any day: before the lake's end, after it, or the first of a month.
    LocalDate asOf =
        switch (random.nextInt(5)) {
          case 0, 1 -> null;
          case 2 -> start.plusMonths(2 + random.nextInt(months));
          default -> start.plusDays(60 + random.nextInt(months * 30));
        };
    return new OracleSettings(
        ZoneId.of(ZONES.get(random.nextInt(ZONES.size()))),
        List.of(2, 2, 0, 3).get(random.nextInt(4)),
        asOf,
        List.of(1, 2, 3, 6).get(random.nextInt(4)),
        random.nextBoolean() ? 90 : 30,
        List.of("all", "country", "channel", "category", "discounted"),
        List.<List<Integer>>of(List.of(), List.of(45), List.of(180)).get(random.nextInt(3)).stream()
            .findFirst()
            .orElse(null),
        random.nextInt(3) == 0 ? YearMonth.from(start).plusMonths(2) : null,
        updates,
        updates == Updates.LINE || random.nextBoolean(),
        random.nextBoolean() ? 5 : 3);
  }

  /** Lakes of consecutive seeds. */
  public static List<RandomLake> many(long firstSeed, int number) {
    List<RandomLake> lakes = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      lakes.add(of(firstSeed + i));
    }
    return lakes;
  }
}
