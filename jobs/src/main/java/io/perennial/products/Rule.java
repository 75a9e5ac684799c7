package io.perennial.products;

/**
 * A rule between two codes of {@link ItemDictionary}, with the counts it rests on.
 *
 * @param kind together or next
 * @param occurrences orders, or customers, with both
 * @param ofAntecedent orders, or customers, with the antecedent
 * @param ofConsequent orders, or customers, with the consequent
 * @param all all orders, or customers
 */
record Rule(
    String kind,
    int antecedent,
    int consequent,
    long occurrences,
    long ofAntecedent,
    long ofConsequent,
    long all) {

  double support() {
    return (double) occurrences / all;
  }

  double confidence() {
    return (double) occurrences / ofAntecedent;
  }

  double lift() {
    return confidence() / ((double) ofConsequent / all);
  }

  /**
   * The cosine of the two products: the square root of support x lift, which does not depend on how
   * many orders there are (the measure IS of Tan and Kumar, 2000).
   */
  double strength() {
    return occurrences / Math.sqrt((double) ofAntecedent * (double) ofConsequent);
  }
}
