package io.perennial.oracle;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The largest remainder method: allocates money to parts in proportion to their amounts, in minor
 * units that sum to the total.
 */
final class LargestRemainder {

  /** A part with its weight. */
  record Part(String id, BigDecimal amount) {}

  private record Remainder(String id, BigInteger rest) {}

  private LargestRemainder() {}

  /**
   * Each part gets the whole minor units of {@code total * amount / sum of amounts}; the units left
   * over go one by one to the largest remainders. Tie rule: the larger remainder first, then the
   * smaller id as text. Choice: where all amounts are zero, the part with the smallest id takes the
   * whole.
   */
  static Map<String, BigDecimal> spread(BigDecimal total, List<Part> parts, int minorDigits) {
    BigInteger whole = minor(total, minorDigits);
    BigInteger sum =
        parts.stream()
            .map(p -> minor(p.amount(), minorDigits))
            .reduce(BigInteger.ZERO, BigInteger::add);
    Map<String, BigDecimal> shares = new LinkedHashMap<>();
    if (whole.signum() == 0 || parts.isEmpty()) {
      return shares;
    }
    if (sum.signum() == 0) {
      String first = parts.stream().map(Part::id).min(Comparator.naturalOrder()).orElseThrow();
      return Map.of(first, total);
    }
    List<Remainder> remainders = new ArrayList<>();
    BigInteger left = whole;
    for (Part part : parts) {
      BigInteger[] share =
          whole.multiply(minor(part.amount(), minorDigits)).divideAndRemainder(sum);
      shares.put(part.id(), new BigDecimal(share[0], minorDigits));
      remainders.add(new Remainder(part.id(), share[1]));
      left = left.subtract(share[0]);
    }
    remainders.sort(Comparator.comparing(Remainder::rest).reversed().thenComparing(Remainder::id));
    BigDecimal unit = BigDecimal.ONE.movePointLeft(minorDigits);
    for (Remainder remainder : remainders.subList(0, left.intValueExact())) {
      shares.merge(remainder.id(), unit, BigDecimal::add);
    }
    return shares;
  }

  private static BigInteger minor(BigDecimal money, int minorDigits) {
    return money.movePointRight(minorDigits).toBigIntegerExact();
  }
}
