package io.perennial.products;

import io.perennial.table.Field;
import io.perennial.table.Table;

public final class ProductRulesTable {

  /** Both products are in one order. */
  public static final String TOGETHER = "together";

  /** A customer bought the consequent for the first time after the antecedent. */
  public static final String NEXT = "next";

  private static final Table.Builder BUILDER =
      Table.snapshot("product_rules")
          .oneRowPer("as_of, kind, antecedent and consequent")
          .doc(
              "The strongest products.rules-per-product rules that each product leads to, from"
                  + " valid orders before as_of.");

  public static final Field KIND =
      BUILDER.text(
          "kind",
          "together: both products are in one order; next: a customer's first order with the"
              + " consequent comes after the first with the antecedent.");
  public static final Field ANTECEDENT =
      BUILDER.text("antecedent", "product_id of the product that leads to the other.");
  public static final Field CONSEQUENT =
      BUILDER.text("consequent", "product_id of the product that it leads to.");
  public static final Field OCCURRENCES =
      BUILDER.count(
          "occurrences",
          "Orders with both (together), or customers who bought one after the other (next);"
              + " products.min-orders and up.");
  public static final Field SUPPORT =
      BUILDER.rate(
          "support",
          "occurrences / all valid orders with a product, or / all customers with such an order; 0"
              + " to 1. Longer orders than products.max-basket, and customers of more products than"
              + " products.max-history, enter no figure of this table.");
  public static final Field CONFIDENCE =
      BUILDER.rate(
          "confidence",
          "occurrences / orders with the antecedent, or / customers who bought it; 0 to 1.");
  public static final Field LIFT =
      BUILDER.rate(
          "lift",
          "confidence / the share of all orders, or customers, with the consequent: 1 is chance.");
  public static final Field STRENGTH =
      BUILDER.rate(
          "strength",
          "Square root of support x lift, the cosine of the two products; 0 to 1. Decides which"
              + " rules stay and scores recommendations.");

  public static final Table TABLE =
      BUILDER
          .key(Table.AS_OF, KIND, ANTECEDENT, CONSEQUENT)
          .invariant("kind_is_known", "kind IN ('together', 'next')")
          .invariant("rates_are_shares", "support > 0 AND support <= 1 AND confidence <= 1")
          .build();

  private ProductRulesTable() {}
}
