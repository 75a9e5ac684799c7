package io.perennial.churn;

import java.util.List;
import java.util.Optional;

/**
 * A model fitted by maximum likelihood, or the reason why the data determine none.
 *
 * @param modelOrNull the model; null where the data determine none
 * @param reason why there is no model; empty with one
 * @param logLikelihood natural logarithm of the likelihood at the maximum; NaN without a model
 * @param customers customers in the data
 * @param notes parameters that ran to the edge of the search range, in words; the model then equals
 *     its limiting case (no dropout, or no difference between customers)
 */
record FitResult<M>(
    M modelOrNull, String reason, double logLikelihood, long customers, List<String> notes) {

  static <M> FitResult<M> of(M model, double logLikelihood, long customers, List<String> notes) {
    return new FitResult<>(model, "", logLikelihood, customers, List.copyOf(notes));
  }

  static <M> FitResult<M> none(String reason, long customers) {
    return new FitResult<>(null, reason, Double.NaN, customers, List.of());
  }

  Optional<M> model() {
    return Optional.ofNullable(modelOrNull);
  }
}
