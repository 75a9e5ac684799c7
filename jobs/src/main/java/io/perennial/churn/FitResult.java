package io.perennial.churn;

import java.util.List;
import java.util.Optional;

/**
 * What fitting a model has come to: the model, or the reason why the data have none.
 *
 * @param model the model, empty where the data determine none
 * @param reason why there is no model, empty where there is one
 * @param logLikelihood natural logarithm of the likelihood at the maximum, NaN without a model
 * @param customers customers it was fitted on
 * @param notes parameters that ran to the edge of what is looked at, in words; the model then is as
 *     good as the limiting one (no dropout, or no difference between customers)
 */
record FitResult<M>(
    Optional<M> model, String reason, double logLikelihood, long customers, List<String> notes) {

  static <M> FitResult<M> of(M model, double logLikelihood, long customers, List<String> notes) {
    return new FitResult<>(Optional.of(model), "", logLikelihood, customers, List.copyOf(notes));
  }

  static <M> FitResult<M> none(String reason, long customers) {
    return new FitResult<>(Optional.empty(), reason, Double.NaN, customers, List.of());
  }
}
