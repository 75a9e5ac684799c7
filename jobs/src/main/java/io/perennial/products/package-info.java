/**
 * What is bought with what, what is bought next, and what each customer may want. One shuffle
 * brings the lines of a customer together ({@code Histories}); pairs of products are counted in
 * arrays ({@code PairCounts}), become rules ({@code Mining}, {@code RuleSet}), and rules score what
 * a customer has not bought yet ({@code Recommender}). {@code Backtest} tries the same code on the
 * last complete month against popularity, and what wins there recommends.
 */
package io.perennial.products;
