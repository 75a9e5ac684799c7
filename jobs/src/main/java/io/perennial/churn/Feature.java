package io.perennial.churn;

import java.util.List;
import org.apache.spark.sql.Column;

/**
 * A feature of the churn model.
 *
 * @param name its name in churn_models and in ablations
 * @param group the features that the ablation of jobs/docs/churn.md leaves out together
 * @param terms its columns of the regression, whose contributions are added up
 * @param reason the customer's value as text, for reason_1 to reason_3
 */
record Feature(String name, Group group, List<Term> terms, Column reason) {

  /** Features of one subject. */
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
   * @param value transformed so that the log-odds are about linear in it; DOUBLE, never null
   * @param priorScale standard deviation of the coefficient's prior, relative to the other terms:
   *     the penalty applies to the coefficient of the standardised value times this. 1 is usual
   */
  record Term(String name, Column value, double priorScale) {}

  Feature {
    terms = List.copyOf(terms);
  }
}
