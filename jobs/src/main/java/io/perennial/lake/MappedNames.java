package io.perennial.lake;

import io.perennial.config.ConfigurationException;
import io.perennial.config.Problem;
import io.perennial.config.SourceColumn;
import io.perennial.config.SourceSettings;
import io.perennial.spark.SqlExpressions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.AnalysisException;

/** The raw columns that a mapping speaks of. */
final class MappedNames {

  private final SourceSettings source;
  private final Map<SourceColumn, Set<String>> byColumn;
  private final Set<String> all;

  private MappedNames(
      SourceSettings source, Map<SourceColumn, Set<String>> byColumn, Set<String> all) {
    this.source = source;
    this.byColumn = byColumn;
    this.all = all;
  }

  /**
   * @throws ConfigurationException naming every expression that is not Spark SQL
   */
  static MappedNames of(SourceSettings source) {
    List<Problem> problems = new ArrayList<>();
    Map<SourceColumn, Set<String>> byColumn = new TreeMap<>();
    source
        .columns()
        .forEach(
            (column, text) ->
                byColumn.put(column, names(source, "columns." + column.label(), text, problems)));
    Set<String> all = new LinkedHashSet<>();
    byColumn.values().forEach(all::addAll);
    source.ignore().ifPresent(text -> all.addAll(names(source, "ignore", text, problems)));
    source
        .explode()
        .ifPresent(
            explode -> {
              all.remove(explode.as());
              all.addAll(names(source, "explode", explode.array(), problems));
            });
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return new MappedNames(source, byColumn, all);
  }

  private static Set<String> names(
      SourceSettings source, String key, String text, List<Problem> problems) {
    try {
      return SqlExpressions.columnNames(text);
    } catch (AnalysisException e) {
      problems.add(
          new Problem(
              key,
              "source " + source.name(),
              text,
              "must be a Spark SQL expression: " + e.getMessage().strip().split("\\R", 2)[0],
              ""));
      return Set.of();
    }
  }

  Set<String> all() {
    return all;
  }

  /** The raw columns that one column's expression reads. */
  Set<String> of(SourceColumn column) {
    return byColumn.getOrDefault(column, Set.of());
  }

  /** Those of the given lower-case names that the mapping speaks of. */
  Set<String> among(Set<String> lowerCase) {
    return all.stream()
        .filter(name -> lowerCase.contains(name.toLowerCase(Locale.ROOT)))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /**
   * @param place what has the columns, in words
   * @throws ConfigurationException naming every expression that speaks of a column that is not
   *     there, and the columns that are
   */
  void requireIn(Collection<String> columns, String place) {
    Set<String> missing = missingFrom(columns);
    if (missing.isEmpty()) {
      return;
    }
    String present =
        columns.stream()
            .filter(name -> !name.startsWith("_perennial"))
            .collect(Collectors.joining("', '", "'", "'"));
    List<Problem> problems = new ArrayList<>();
    for (String name : missing) {
      String key =
          byColumn.entrySet().stream()
              .filter(entry -> entry.getValue().contains(name))
              .map(entry -> "columns." + entry.getKey().label())
              .findFirst()
              .orElse("the mapping");
      problems.add(
          new Problem(
              key,
              "source " + source.name(),
              name,
              "names a column that " + place + " does not have",
              "There are " + present + "."));
    }
    throw new ConfigurationException(problems);
  }

  /** What the mapping speaks of and the record does not have; names are compared as Spark does. */
  Set<String> missingFrom(Collection<String> columns) {
    Set<String> present =
        columns.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    return all.stream()
        .filter(name -> !present.contains(name.toLowerCase(Locale.ROOT)))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /**
   * Which required columns are mapped from what the record has nothing of: "the mapping of source
   * own takes order_id from number, unit_price from price, amount".
   */
  Optional<String> requiredMissingFrom(Collection<String> columns) {
    Set<String> missing = missingFrom(columns);
    List<String> lacking =
        byColumn.entrySet().stream()
            .filter(entry -> entry.getKey().required())
            .filter(entry -> !entry.getValue().isEmpty() && missing.containsAll(entry.getValue()))
            .map(entry -> entry.getKey().label() + " from " + String.join(", ", entry.getValue()))
            .toList();
    return lacking.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "the mapping of source " + source.name() + " takes " + String.join(", ", lacking));
  }
}
