package io.perennial.churn;

import java.util.List;
import org.apache.spark.sql.Column;

/**
 * One thing that the model looks at.
 *
 * @param name what it is called in churn_models and in ablations
 * @param group what the ablation of jobs/docs/churn.md leaves out together
 * @param doc what it is, for whoever reads a reason
 * @param unit of the value before its transformation
 * @param terms columns of the regression; their contributions are added up
 * @param words the value in words, for a reason
 */
record Feature(String name, Group group, String doc, String unit, List<Term> terms, Column words) {

  /** What belongs together. */
  enum Group {
    RECENCY,
    TENURE,
    FREQUENCY,
    WINDOWS,
    CADENCE,
    PACE,
    SPEND,
    DISCOUNTS,
    REFUNDS,
    BREADTH,
    SEASON
  }

  /**
   * A column of the regression.
   *
   * @param name unique over all features
   * @param value transformed so that log-odds are about linear in it; DOUBLE, never null
   * @param trust how far the data may move its coefficient: regularisation sees the standardised
   *     value times this. 1 is usual
   */
  record Term(String name, Column value, double trust) {}

  Feature {
    terms = List.copyOf(terms);
  }
}
