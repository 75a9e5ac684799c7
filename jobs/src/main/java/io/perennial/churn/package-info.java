/**
 * Churn: the probability that a customer places no order within the horizon, the reasons, the value
 * at risk, and a record of how good such probabilities have been.
 *
 * <p>{@link io.perennial.churn.Churn} looks at customers from as_of and from {@link
 * io.perennial.churn.RollingOrigins} one horizon apart before it. {@link
 * io.perennial.churn.History} holds the customer-days before each origin and nothing else; {@link
 * io.perennial.churn.GroupedHistory} aggregates it to a few whole numbers, at all origins in one
 * pass; {@link io.perennial.churn.Features} declares the features of the model, among them {@link
 * io.perennial.churn.BgNbdFeature}. Only {@link io.perennial.churn.Labels} reads an origin's
 * future, where that is over. {@link io.perennial.churn.LogisticTrainer} trains logistic
 * regressions with MLlib on the origins before a {@link io.perennial.churn.Fold}'s test window.
 * {@link io.perennial.churn.ChurnBacktest} chooses regularisation and recalibration on older folds,
 * {@link io.perennial.churn.Evaluation} measures, and {@link io.perennial.churn.Verdict} decides
 * whether the model may score. {@link io.perennial.churn.ChurnScores} scores and explains with the
 * coefficients alone, so a row of churn_models is the whole model.
 */
package io.perennial.churn;
