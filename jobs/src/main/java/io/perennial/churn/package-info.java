/**
 * The probability that a customer does not order again within the horizon, why, what is at stake,
 * and a record of how good such probabilities have been.
 *
 * <p>{@link io.perennial.churn.Churn} looks at customers from as_of and from {@link
 * io.perennial.churn.Origins} one horizon apart before it. {@link io.perennial.churn.History} holds
 * what was known at each, and nothing else; {@link io.perennial.churn.Histories} makes a few whole
 * numbers of it, all origins in one pass, and {@link io.perennial.churn.Features} lists what the
 * model makes of these, {@link io.perennial.churn.Pace} of {@link io.perennial.churn.BgNbd} among
 * them. {@link io.perennial.churn.Labels} alone looks at an origin's future, where that is over.
 * {@link io.perennial.churn.Training} fits logistic regressions by MLlib on the origins before a
 * {@link io.perennial.churn.Fold}'s test window, {@link io.perennial.churn.Backtest} decides on
 * regularisation and recalibration by older folds, {@link io.perennial.churn.Evaluation} measures,
 * {@link io.perennial.churn.Gate} says whether the model may score, and {@link
 * io.perennial.churn.Scores} scores and explains with the coefficients alone, so that a row of
 * churn_models is the whole model.
 */
package io.perennial.churn;
