package io.perennial.config;

import java.io.Serializable;

/**
 * Product rules and recommendations.
 *
 * @param maxItems products that rules are mined from at most: those with the most counted sale
 *     lines
 * @param minOrders orders (customers, for rules of the next purchase) below which a pair is not a
 *     rule
 * @param maxBasket an order with more of these products makes no rule
 * @param maxHistory a customer with more of these products makes no rule of the next purchase
 * @param rulesPerProduct rules of each kind per antecedent at most, the strongest ones
 * @param recentDays days before as_of of popularity and trend
 * @param recommendations products recommended to each customer
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
