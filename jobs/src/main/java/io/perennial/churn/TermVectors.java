package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import io.perennial.churn.Feature.Term;
import io.perennial.table.Field;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The terms of all features of every regression as one vector per row, computed once for all folds.
 *
 * @param terms in the order of the vector
 */
record TermVectors(List<Term> terms) {

  /** Name of the vector column. */
  static final String TERMS = "terms";

  /** The terms of both lists of features; terms of the same name once. */
  static TermVectors of(List<Feature> some, List<Feature> others) {
    Map<String, Term> byName = new LinkedHashMap<>();
    Stream.of(some, others)
        .flatMap(List::stream)
        .flatMap(feature -> feature.terms().stream())
        .forEach(term -> byName.putIfAbsent(term.name(), term));
    return new TermVectors(List.copyOf(byName.values()));
  }

  /** The position of each term of the features in the vector. */
  int[] indices(List<Feature> features) {
    Map<String, Integer> indices = new HashMap<>();
    for (int i = 0; i < terms.size(); i++) {
      indices.put(terms.get(i).name(), i);
    }
    return features.stream()
        .flatMap(feature -> feature.terms().stream())
        .mapToInt(term -> indices.get(term.name()))
        .toArray();
  }

  /** Rows with the vector and the columns that training and testing read. */
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
                        History.UNITS_MILLI)
                    .map(Field::col),
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
