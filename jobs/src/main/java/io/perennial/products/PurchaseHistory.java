package io.perennial.products;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * What one customer bought, order by order in time, as codes of {@link ItemDictionary}; other
 * products are left out. Packed in bytes it is small enough to keep in memory for all customers.
 *
 * @param isTested whether the customer had an order before the test month and bought in it, for the
 *     first time, any product, with a code or not
 * @param days day of each order, since 1970-01-01
 * @param items codes in each order, ascending
 */
record PurchaseHistory(boolean isTested, int[] days, int[][] items) {

  byte[] toBytes() {
    int size = 2 + 2 * days.length + Arrays.stream(items).mapToInt(codes -> codes.length).sum();
    ByteBuffer buffer = ByteBuffer.allocate(size * Integer.BYTES);
    buffer.putInt(isTested ? 1 : 0).putInt(days.length);
    for (int order = 0; order < days.length; order++) {
      buffer.putInt(days[order]).putInt(items[order].length);
      for (int code : items[order]) {
        buffer.putInt(code);
      }
    }
    return buffer.array();
  }

  static PurchaseHistory of(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    boolean isTested = buffer.getInt() == 1;
    int[] days = new int[buffer.getInt()];
    int[][] items = new int[days.length][];
    for (int order = 0; order < days.length; order++) {
      days[order] = buffer.getInt();
      items[order] = new int[buffer.getInt()];
      for (int i = 0; i < items[order].length; i++) {
        items[order][i] = buffer.getInt();
      }
    }
    return new PurchaseHistory(isTested, days, items);
  }

  /** Codes bought before a day, ascending, each once. */
  int[] boughtBefore(int day) {
    return bought(when -> when < day);
  }

  /** Codes bought in the month, ascending, each once. */
  int[] boughtIn(HoldoutMonth month) {
    return bought(when -> when >= month.from() && when < month.to());
  }

  private int[] bought(IntPredicate isWanted) {
    return IntStream.range(0, days.length)
        .filter(order -> isWanted.test(days[order]))
        .flatMap(order -> Arrays.stream(items[order]))
        .sorted()
        .distinct()
        .toArray();
  }
}
