package io.perennial.config;

import java.io.Serializable;

/**
 * Product rules and recommendations.
 *
 * @param maxItems products that rules are made of at most: those with the most counted sale lines
 * @param minOrders orders (or customers, for what is bought next) below which a pair is no rule
 * @param maxBasket an order with more of these products makes no rule
 * @param maxHistory a customer who bought more of them makes no rule of what is bought next
 * @param rulesPerProduct rules of each kind that a product leads to at most, the strongest ones
 * @param recentDays days before as_of that popularity and trend look at
 * @param recommendations products that each customer is recommended
 */
public record ProductSettings(
    int maxItems,
    int minOrders,
    int maxBasket,
    int maxHistory,
    int rulesPerProduct,
    int recentDays,
    int recommendations)
    implements Serializable {}
