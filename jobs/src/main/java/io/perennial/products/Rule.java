package io.perennial.products;

/**
 * An association rule between two codes of {@link ItemDictionary}, with the counts that its
 * measures are computed from: orders for the kind together, customers for the kind next.
 *
 * @param kind together or next
 * @param occurrences orders or customers with both items
 * @param antecedentCount orders or customers with the antecedent
 * @param consequentCount orders or customers with the consequent
 * @param total all orders or customers
 */
record Rule(
    String kind,
    int antecedent,
    int consequent,
    long occurrences,
    long antecedentCount,
    long consequentCount,
    long total) {

  double support() {
    return (double) occurrences / total;
  }

  double confidence() {
    return (double) occurrences / antecedentCount;
  }

  double lift() {
    return confidence() / ((double) consequentCount / total);
  }

  /**
   * Cosine similarity of the two items, the square root of support x lift (the measure IS of Tan
   * and Kumar, 2000). It does not depend on the total.
   */
  double strength() {
    return occurrences / Math.sqrt((double) antecedentCount * (double) consequentCount);
  }
}
