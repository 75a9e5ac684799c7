package io.perennial.audiences;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.AudienceSettings.Audience;
import io.perennial.config.NearestName;
import io.perennial.config.Problem;
import io.perennial.spark.SqlExpressions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/**
 * Checks the SQL of audiences against the columns of {@code customer_profile}, and builds reasons
 * from it. Only an empty profile is analysed; no data is read.
 */
public final class AudienceRules {

  /** Functions of the clock or of chance: their results would differ between runs. */
  private static final Pattern FORBIDDEN =
      Pattern.compile(
          "(?i)\\b(current_date|current_timestamp|current_time|localtimestamp)\\b"
              + "|\\b(now|curdate|rand|randn|random|randstr|uniform|uuid|shuffle"
              + "|monotonically_increasing_id|spark_partition_id|input_file_name)\\s*\\(");

  private static final Pattern STRING_LITERAL = Pattern.compile("'[^']*'|\"[^\"]*\"");

  private static final int MAX_UNKNOWN_COLUMNS = 20;

  private final SparkSession spark;
  private final StructType schema;
  private final Dataset<Row> emptyProfile;

  private AudienceRules(SparkSession spark, int minorDigits) {
    this.spark = spark;
    this.schema = CustomerProfileTable.TABLE.schema(minorDigits);
    this.emptyProfile = spark.createDataFrame(List.of(), schema);
  }

  /** All problems in the SQL of the audiences. */
  public static List<Problem> problems(
      SparkSession spark, List<Audience> audiences, int minorDigits) {
    AudienceRules rules = new AudienceRules(spark, minorDigits);
    return audiences.stream().flatMap(audience -> rules.check(audience).stream()).toList();
  }

  /** The reason of each audience's members, as text. */
  static List<Column> reasons(SparkSession spark, List<Audience> audiences, int minorDigits) {
    AudienceRules rules = new AudienceRules(spark, minorDigits);
    return audiences.stream().map(rules::reason).toList();
  }

  private Column reason(Audience audience) {
    ReasonTemplate reason =
        audience.reason().isEmpty()
            ? ReasonTemplate.ofMentioned(audience.predicate(), Set.of(schema.fieldNames()))
            : ReasonTemplate.of(audience.reason());
    return reason.column(
        reason.expressions().stream()
            .map(text -> emptyProfile.select(expr(text)).schema().apply(0).dataType())
            .toList());
  }

  /** An expression of an audience, under its key in the configuration. */
  private record Rule(Audience audience, String key, String text) {

    Problem problem(String expected, String remedy) {
      return new Problem(
          "audiences." + audience.name() + "." + key, audience.origin(), text, expected, remedy);
    }
  }

  private List<Problem> check(Audience audience) {
    List<Problem> problems =
        new ArrayList<>(
            check(
                new Rule(audience, "predicate", audience.predicate()),
                BooleanType.class::isInstance,
                "must be true or false for a customer"));
    audience
        .rankBy()
        .map(text -> new Rule(audience, "rank-by", text))
        .map(rule -> check(rule, NumericType.class::isInstance, "must be a number"))
        .ifPresent(problems::addAll);
    Stream.concat(
            audience.stratifyBy().stream().map(text -> new Rule(audience, "stratify-by", text)),
            ReasonTemplate.of(audience.reason()).expressions().stream()
                .map(text -> new Rule(audience, "reason", text)))
        .map(this::checkValue)
        .forEach(problems::addAll);
    return problems;
  }

  private List<Problem> checkValue(Rule rule) {
    return check(
        rule,
        type -> !(type instanceof MapType || type instanceof StructType),
        "must be a single value");
  }

  /**
   * Looks for all unknown columns of a rule at once: each one found is added to the empty profile
   * and the rule is analysed again.
   *
   * @param fits whether the type of the result is allowed
   * @param expected the message where it is not
   */
  private List<Problem> check(Rule rule, Predicate<DataType> fits, String expected) {
    Matcher forbidden = FORBIDDEN.matcher(withoutStrings(rule.text()));
    if (forbidden.find()) {
      String name = forbidden.group(1) == null ? forbidden.group(2) : forbidden.group(1);
      return List.of(
          rule.problem(
              "must not depend on the clock or on chance: '%s' at position %s"
                  .formatted(name, forbidden.start() + 1),
              "as_of is a column."));
    }
    Map<String, Problem> unknown = new LinkedHashMap<>();
    while (unknown.size() < MAX_UNKNOWN_COLUMNS) {
      try {
        Dataset<Row> selected = emptyProfileWith(unknown.keySet()).select(expr(rule.text()));
        if (!unknown.isEmpty()) {
          break;
        }
        if (!SqlExpressions.isRowByRow(selected)) {
          return List.of(
              rule.problem(
                  "must say something about one customer: no aggregates, windows, generators or"
                      + " subqueries",
                  ""));
        }
        DataType type = selected.schema().apply(0).dataType();
        return fits.test(type)
            ? List.of()
            : List.of(rule.problem(expected + ", is " + type.simpleString(), ""));
      } catch (Exception e) { // AnalysisException is checked; Scala does not declare it.
        Optional<String> column = unknownColumn(e).filter(name -> !unknown.containsKey(name));
        if (column.isEmpty()) {
          return unknown.isEmpty()
              ? List.of(rule.problem(fault(e, rule.text()), ""))
              : List.copyOf(unknown.values());
        }
        unknown.put(column.get(), noSuchColumn(rule, column.get()));
      }
    }
    return List.copyOf(unknown.values());
  }

  /** Blanks out string literals; the length stays, and with it the positions. */
  private static String withoutStrings(String text) {
    return STRING_LITERAL.matcher(text).replaceAll(literal -> " ".repeat(literal.group().length()));
  }

  private Dataset<Row> emptyProfileWith(Set<String> columns) {
    if (columns.isEmpty()) {
      return emptyProfile;
    }
    StructType wider = schema;
    for (String name : columns) {
      wider = wider.add(name, DataTypes.NullType);
    }
    return spark.createDataFrame(List.of(), wider);
  }

  private static Optional<String> unknownColumn(Exception e) {
    if (e instanceof AnalysisException analysis
        && String.valueOf(analysis.getCondition()).startsWith("UNRESOLVED_COLUMN")) {
      return Optional.ofNullable(analysis.getMessageParameters().get("objectName"))
          .map(name -> name.replace("`", ""));
    }
    return Optional.empty();
  }

  private Problem noSuchColumn(Rule rule, String column) {
    Matcher matcher =
        Pattern.compile("(?i)(?<![a-z0-9_])" + Pattern.quote(column) + "(?![a-z0-9_])")
            .matcher(rule.text());
    String position = matcher.find() ? " at position " + (matcher.start() + 1) : "";
    String nearest = NearestName.didYouMean(column, List.of(schema.fieldNames()));
    return rule.problem(
        "no such column '" + column + "'" + position,
        (nearest + " Columns: " + String.join(", ", schema.fieldNames()) + ".").strip());
  }

  private static String fault(Exception e, String text) {
    String message = String.valueOf(e.getMessage());
    Matcher place = Pattern.compile("\\(line (\\d+), pos (\\d+)\\)").matcher(message);
    String position = "";
    if (place.find()) {
      int line = Integer.parseInt(place.group(1));
      int before = text.lines().limit(line - 1L).mapToInt(whole -> whole.length() + 1).sum();
      position = " at position " + (before + Integer.parseInt(place.group(2)) + 1);
    }
    return "cannot be understood" + position + ": " + firstLine(e);
  }

  /** Spark's message without its error class and its quotation of the SQL. */
  static String firstLine(Exception e) {
    return String.valueOf(e.getMessage())
        .strip()
        .split("\\n\\n|\\n==", 2)[0]
        .replaceAll("^\\[[A-Z0-9_.]+\\] ", "")
        .replaceAll("\\s*SQLSTATE: \\w+", "")
        .replaceAll("\\s*[(;]line \\d+,? pos \\d+\\)?", "")
        .strip();
  }
}
