/**
 * Association rules, recommendations and affinities. One shuffle computes the {@link
 * io.perennial.products.PurchaseHistory} of each customer; {@link io.perennial.products.PairCounts}
 * counts pairs of items in arrays, {@link io.perennial.products.RuleMining} turns them into rules,
 * and {@link io.perennial.products.Recommender} scores the items that a customer has not bought by
 * them. {@link io.perennial.products.RecommendationBacktest} compares the rules with popularity on
 * the last complete month; the better one recommends.
 */
package io.perennial.products;
