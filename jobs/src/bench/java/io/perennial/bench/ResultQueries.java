package io.perennial.bench;

import java.math.BigDecimal;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;

/**
 * The queries that compare the two engines. Each is valid SQL in both Spark and DuckDB and reads
 * views named as the tables. Both engines must return the same rows in any order.
 */
final class ResultQueries {

  private static final double TOLERANCE = 1e-9;

  private ResultQueries() {}

  /** The queries by table. */
  static Map<String, String> queries() {
    Map<String, String> queries = new LinkedHashMap<>();
    queries.put(
        "order_lines",
        """
        SELECT order_month, kind, is_counted, count(*), count(DISTINCT order_id), count(customer_id),
          sum(quantity), sum(quantity * unit_price), sum(amount), sum(discount),
          sum(order_discount), sum(shipping), sum(tax), min(ordered_at = updated_at), count(status),
          count(product_id), count(product_name), count(DISTINCT source_file)
        FROM order_lines GROUP BY order_month, kind, is_counted""");
    queries.put(
        "orders",
        """
        SELECT order_month, first_category, channel, is_valid, is_guest, count(*),
          count(DISTINCT customer_id), sum(lines), sum(units), sum(gross), sum(discount),
          sum(refunded), sum(net), sum(shipping), sum(tax), sum(categories), count(discount_code),
          count(country), sum(counted_sale_lines)
        FROM orders GROUP BY order_month, first_category, channel, is_valid, is_guest""");
    queries.put(
        "customer_days",
        """
        SELECT day, count(*), count(DISTINCT customer_id), sum(orders), sum(units), sum(gross),
          sum(discount), sum(refund), sum(net), sum(discounted_orders), sum(categories),
          count(first_order_at), count(last_order_at)
        FROM customer_days GROUP BY day""");
    queries.put(
        "customer_months",
        """
        SELECT month, cohort_month, month_index, count(*), sum(orders), sum(units), sum(gross),
          sum(discount), sum(refund), sum(net), sum(discounted_orders), count(first_order_at),
          count(last_order_at)
        FROM customer_months GROUP BY month, cohort_month, month_index""");
    queries.put(
        "cohort_matrix",
        "SELECT * FROM cohort_matrix WHERE as_of = (SELECT max(as_of) FROM cohort_matrix)");
    queries.put(
        "rfm",
        """
        SELECT as_of, r_score, f_score, m_score, rfm_cell, segment, count(*), sum(recency_days),
          sum(frequency), sum(monetary), min(customer_id), max(customer_id)
        FROM rfm WHERE as_of = (SELECT max(as_of) FROM rfm)
        GROUP BY as_of, r_score, f_score, m_score, rfm_cell, segment""");
    return queries;
  }

  /** A row as text that does not depend on the engine. */
  static String row(Iterable<?> cells) {
    StringBuilder row = new StringBuilder();
    for (Object cell : cells) {
      String text = cell instanceof BigDecimal number ? plain(number) : String.valueOf(cell);
      row.append(row.isEmpty() ? "" : "|").append(text);
    }
    return row.toString();
  }

  private static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }

  /**
   * Describes the first difference between sorted rows; empty if there is none. Fractions are equal
   * within a relative tolerance of 1e-9.
   */
  static String difference(SortedSet<String> left, SortedSet<String> right) {
    if (left.size() != right.size()) {
      return left.size() + " rows against " + right.size();
    }
    Iterator<String> other = right.iterator();
    for (String row : left) {
      String against = other.next();
      if (!isSame(row.split("\\|"), against.split("\\|"))) {
        return row + " against " + against;
      }
    }
    return "";
  }

  private static boolean isSame(String[] left, String[] right) {
    if (left.length != right.length) {
      return false;
    }
    for (int i = 0; i < left.length; i++) {
      if (!left[i].equals(right[i]) && !isClose(left[i], right[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean isClose(String left, String right) {
    if (!left.contains(".") && !right.contains(".")) {
      return false;
    }
    try {
      double a = Double.parseDouble(left);
      return Math.abs(a - Double.parseDouble(right)) <= TOLERANCE * Math.max(1, Math.abs(a));
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
