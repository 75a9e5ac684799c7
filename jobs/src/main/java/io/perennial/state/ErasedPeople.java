package io.perennial.state;

import static org.apache.spark.sql.functions.*;

import java.io.Serializable;
import java.util.BitSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/**
 * Recognises erased people by their hashes.
 *
 * @param customers hashes of customers
 * @param buckets their buckets
 * @param orders hashes of their orders
 * @param addresses hashes of their addresses
 */
public record ErasedPeople(
    PersonHash hash,
    Set<String> customers,
    BitSet buckets,
    Set<String> orders,
    Set<String> addresses)
    implements Serializable {

  /** Separates the words of a text that cannot be parsed. */
  private static final Pattern SEPARATORS = Pattern.compile("[\\s,;|\"'{}\\[\\]:=<>()]+");

  private static final ErasedPeople NONE =
      new ErasedPeople(new PersonHash("00".repeat(32)), Set.of(), new BitSet(), Set.of(), Set.of());

  /** No erased people. */
  public static ErasedPeople none() {
    return NONE;
  }

  public boolean isEmpty() {
    return customers.isEmpty();
  }

  boolean isCustomer(String id) {
    return id != null && buckets.get(hash.bucket(id)) && customers.contains(hash.ofCustomer(id));
  }

  boolean isOrder(String id) {
    return id != null && orders.contains(hash.ofOrder(id));
  }

  boolean isAddress(String text) {
    return text != null && addresses.contains(String.valueOf(hash.ofAddress(text)));
  }

  boolean isMentionedIn(String text) {
    return text != null && SEPARATORS.splitAsStream(text).anyMatch(this::isCustomer);
  }

  /** Whether a customer was erased; false for null. */
  public Column isCustomer(Column customerId) {
    return isEmpty() ? lit(false) : ask(this::isCustomer, customerId);
  }

  /** Whether an order was an erased customer's; false for null. */
  public Column isOrder(Column orderId) {
    return orders.isEmpty() ? lit(false) : ask(this::isOrder, orderId);
  }

  /** Whether an address was an erased person's; false for null. */
  public Column isAddress(Column address) {
    return addresses.isEmpty() ? lit(false) : ask(this::isAddress, address);
  }

  /** Whether a text that could not be parsed has an erased customer among its words. */
  public Column isMentionedIn(Column text) {
    return isEmpty() ? lit(false) : ask(this::isMentionedIn, text);
  }

  private static Column ask(UDF1<String, Boolean> question, Column text) {
    return coalesce(udf(question, DataTypes.BooleanType).apply(text), lit(false));
  }
}
