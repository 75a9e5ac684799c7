package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import io.perennial.churn.Feature.Term;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The terms of all features, of every kind of regression, as one vector per row: computed once,
 * while each fold has its own scales and coefficients.
 *
 * @param terms in the order of the vector
 */
record TermVectors(List<Term> terms) {

  /** The vector's column. */
  static final String TERMS = "terms";

  /** Terms of several lists of features, those of one name once. */
  static TermVectors of(List<Feature> some, List<Feature> others) {
    Map<String, Term> byName = new java.util.LinkedHashMap<>();
    Stream.of(some, others)
        .flatMap(List::stream)
        .flatMap(feature -> feature.terms().stream())
        .forEach(term -> byName.putIfAbsent(term.name(), term));
    return new TermVectors(List.copyOf(byName.values()));
  }

  /** Where each term of the features stands in the vector. */
  int[] places(List<Feature> features) {
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < terms.size(); i++) {
      places.put(terms.get(i).name(), i);
    }
    return features.stream()
        .flatMap(feature -> feature.terms().stream())
        .mapToInt(term -> places.get(term.name()))
        .toArray();
  }

  /** The vectors, beside what training and testing need of a row. */
  Dataset<Row> addTo(Dataset<Row> rows) {
    String[] names = terms.stream().map(term -> "term_" + term.name()).toArray(String[]::new);
    Column[] columns =
        Stream.concat(
                Stream.of(
                        History.ORIGIN,
                        Labels.LABEL,
                        BgNbdFeature.PROBABILITY,
                        GroupedHistory.PURCHASE_DAYS,
                        History.NET_MINOR,
                        History.THOUSANDTHS)
                    .map(org.apache.spark.sql.functions::col),
                terms.stream().map(term -> term.value().as("term_" + term.name())))
            .toArray(Column[]::new);
    return new VectorAssembler()
        .setInputCols(names)
        .setOutputCol(TERMS)
        .transform(rows.select(columns))
        .drop(names);
  }

  static Column column() {
    return col(TERMS);
  }
}
