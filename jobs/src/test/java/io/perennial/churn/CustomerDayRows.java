package io.perennial.churn;

import io.perennial.months.CustomerDaysTable;
import io.perennial.oracle.CustomerDay;
import io.perennial.testing.SharedSpark;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Rows of customer_days without a lake: written by hand or simulated. */
final class CustomerDayRows {

  static final int MINOR_DIGITS = 2;

  private CustomerDayRows() {}

  /**
   * A customer's day.
   *
   * @param cents gross of the day's orders
   * @param refundCents refunds of the day
   */
  record Day(String customer, LocalDate day, int orders, long cents, long refundCents) {

    static Day order(String customer, LocalDate day, long cents) {
      return new Day(customer, day, 1, cents, 0);
    }

    static Day refund(String customer, LocalDate day, long cents) {
      return new Day(customer, day, 0, 0, cents);
    }
  }

  static Dataset<Row> of(List<Day> days) {
    return dataset(
        days.stream()
            .map(
                d ->
                    new CustomerDay(
                        d.customer(),
                        d.day(),
                        d.orders(),
                        BigDecimal.valueOf(d.orders(), 0),
                        BigDecimal.valueOf(d.cents(), 2),
                        BigDecimal.ZERO.setScale(2),
                        BigDecimal.valueOf(d.refundCents(), 2),
                        BigDecimal.valueOf(d.cents() - d.refundCents(), 2),
                        d.cents() % 3 == 0 ? d.orders() : 0,
                        d.orders(),
                        d.orders() == 0 ? null : d.day().atStartOfDay().toInstant(ZoneOffset.UTC),
                        d.orders() == 0 ? null : d.day().atStartOfDay().toInstant(ZoneOffset.UTC),
                        d.day().withDayOfMonth(1)))
            .toList());
  }

  static Dataset<Row> dataset(List<CustomerDay> days) {
    List<Row> rows = new ArrayList<>();
    for (CustomerDay d : days) {
      rows.add(
          RowFactory.create(
              d.customerId(),
              java.sql.Date.valueOf(d.day()),
              d.orders(),
              d.units().setScale(3),
              d.gross().setScale(2),
              d.discount().setScale(2),
              d.refund().setScale(2),
              d.net().setScale(2),
              d.discountedOrders(),
              d.categories(),
              d.firstOrderAt() == null ? null : Timestamp.from(d.firstOrderAt()),
              d.lastOrderAt() == null ? null : Timestamp.from(d.lastOrderAt()),
              java.sql.Date.valueOf(d.month())));
    }
    return SharedSpark.session()
        .createDataFrame(rows, CustomerDaysTable.TABLE.schema(MINOR_DIGITS));
  }

  /**
   * Simulates customers who arrive evenly over time, order at heterogeneous rates and drop out with
   * heterogeneous probabilities (Fader, Hardie, Lee 2005); some orders are refunded.
   */
  static List<Day> simulated(long seed, int customers, LocalDate first, int length) {
    Random random = new Random(seed);
    List<Day> days = new ArrayList<>();
    for (int i = 0; i < customers; i++) {
      TreeMap<LocalDate, Day> byDay = new TreeMap<>();
      String name = "c" + i;
      double rate = 0.03 * -Math.log(random.nextDouble());
      double dropout = 0.4 * random.nextDouble();
      double time = random.nextDouble() * length * 0.9;
      while (time < length) {
        LocalDate day = first.plusDays((long) time);
        long cents = 500L + random.nextInt(10_000);
        byDay.put(day, Day.order(name, day, cents));
        if (random.nextInt(12) == 0) {
          LocalDate later = day.plusDays(1 + random.nextInt(60));
          byDay.putIfAbsent(later, Day.refund(name, later, cents / 2));
        }
        if (random.nextDouble() < dropout) {
          break;
        }
        time += -Math.log(random.nextDouble()) / rate;
      }
      days.addAll(byDay.values());
    }
    return days;
  }
}
