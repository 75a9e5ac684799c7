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
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.SparkSession;

/** The expressions of a source: the raw columns that they name, and how they are resolved. */
final class SourceExpressions {

  private static final String ANSI = "spark.sql.ansi.enabled";

  private final SourceSettings source;
  private final Map<SourceColumn, Set<String>> byColumn;
  private final Set<String> all;

  private SourceExpressions(
      SourceSettings source, Map<SourceColumn, Set<String>> byColumn, Set<String> all) {
    this.source = source;
    this.byColumn = byColumn;
    this.all = all;
  }

  /**
   * @throws ConfigurationException naming every expression that is not Spark SQL
   */
  static SourceExpressions of(SourceSettings source) {
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
    return new SourceExpressions(source, byColumn, all);
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

  /** All raw columns that an expression names. */
  Set<String> columns() {
    return all;
  }

  /** The raw columns that one column's expression reads. */
  Set<String> of(SourceColumn column) {
    return byColumn.getOrDefault(column, Set.of());
  }

  /** The named columns among some lower-case names. */
  Set<String> among(Set<String> lowerCase) {
    return all.stream()
        .filter(name -> lowerCase.contains(name.toLowerCase(Locale.ROOT)))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /**
   * @param place owner of the columns, for the message
   * @throws ConfigurationException naming every expression with a missing column, and the columns
   *     that exist
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

  /** Named columns that a record lacks; case is ignored, as by Spark. */
  Set<String> missingFrom(Collection<String> columns) {
    Set<String> present =
        columns.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    return all.stream()
        .filter(name -> !present.contains(name.toLowerCase(Locale.ROOT)))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /**
   * Describes the required columns whose expressions name only missing columns: "the mapping of
   * source own takes order_id from number, unit_price from price, amount".
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

  /**
   * Resolves expressions outside ANSI mode: a value that one cannot compute is null, and a fault of
   * its record, instead of failing the run. The mode at resolution applies.
   */
  static <T> T lenient(SparkSession spark, Supplier<T> work) {
    String ansi = spark.conf().get(ANSI);
    spark.conf().set(ANSI, "false");
    try {
      return work.get();
    } finally {
      spark.conf().set(ANSI, ansi);
    }
  }

  /** The problem of an expression that Spark cannot resolve. */
  static Problem unresolved(SourceSettings source, String key, String text, Exception e) {
    return new Problem(
        key,
        "source " + source.name(),
        text.strip(),
        "cannot be computed from the lake's columns: "
            + String.valueOf(e.getMessage()).strip().split("\\R", 2)[0],
        "");
  }
}
