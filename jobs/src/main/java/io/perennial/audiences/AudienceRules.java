package io.perennial.audiences;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.AudienceSettings.Audience;
import io.perennial.config.Problem;
import io.perennial.spark.SqlExpressions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.text.similarity.LevenshteinDistance;
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
 * The SQL of audiences against the columns of {@code customer_profile}: what is wrong with it, and
 * what it becomes. Nothing is read for that.
 */
public final class AudienceRules {

  /** What the wall clock or chance would decide differently in every run. */
  private static final Pattern FORBIDDEN =
      Pattern.compile(
          "(?i)\\b(current_date|current_timestamp|current_time|localtimestamp)\\b"
              + "|\\b(now|curdate|rand|randn|random|randstr|uniform|uuid|shuffle"
              + "|monotonically_increasing_id|spark_partition_id|input_file_name)\\s*\\(");

  private static final Pattern TEXT = Pattern.compile("'[^']*'|\"[^\"]*\"");

  private static final int MOST_UNKNOWN = 20;

  private final SparkSession spark;
  private final StructType schema;
  private final Dataset<Row> nobody;
  private final List<Problem> problems = new ArrayList<>();

  private AudienceRules(SparkSession spark, int minorDigits) {
    this.spark = spark;
    this.schema = CustomerProfileTable.TABLE.schema(minorDigits);
    this.nobody = spark.createDataFrame(List.of(), schema);
  }

  /** Everything that is wrong in the SQL of the audiences; empty when all is well. */
  public static List<Problem> problems(
      SparkSession spark, List<Audience> audiences, int minorDigits) {
    AudienceRules rules = new AudienceRules(spark, minorDigits);
    audiences.forEach(rules::check);
    return List.copyOf(rules.problems);
  }

  /** Why a customer is in each of the audiences, in words. */
  static List<Column> reasons(SparkSession spark, List<Audience> audiences, int minorDigits) {
    AudienceRules rules = new AudienceRules(spark, minorDigits);
    return audiences.stream().map(rules::reason).toList();
  }

  private Column reason(Audience audience) {
    ReasonTemplate reason = reasonOf(audience);
    return reason.column(
        reason.expressions().stream()
            .map(text -> nobody.select(expr(text)).schema().apply(0).dataType())
            .toList());
  }

  private ReasonTemplate reasonOf(Audience audience) {
    return audience.reason().isEmpty()
        ? ReasonTemplate.ofMentioned(audience.predicate(), Set.of(schema.fieldNames()))
        : ReasonTemplate.of(audience.reason());
  }

  private void check(Audience audience) {
    typed(audience, "predicate", audience.predicate())
        .filter(type -> !(type instanceof BooleanType))
        .ifPresent(
            type ->
                problem(
                    audience,
                    "predicate",
                    audience.predicate(),
                    "must be true or false for a customer, is " + type.simpleString(),
                    ""));
    audience
        .rankBy()
        .ifPresent(
            text ->
                typed(audience, "rank-by", text)
                    .filter(type -> !(type instanceof NumericType))
                    .ifPresent(
                        type ->
                            problem(
                                audience,
                                "rank-by",
                                text,
                                "must be a number, is " + type.simpleString(),
                                "")));
    audience.stratifyBy().ifPresent(text -> textual(audience, "stratify-by", text));
    ReasonTemplate.of(audience.reason())
        .expressions()
        .forEach(text -> textual(audience, "reason", text));
  }

  private void textual(Audience audience, String key, String text) {
    typed(audience, key, text)
        .filter(type -> type instanceof MapType || type instanceof StructType)
        .ifPresent(
            type ->
                problem(
                    audience, key, text, "must be a single value, is " + type.simpleString(), ""));
  }

  /** The type of an expression over the profile, or empty where it has become a problem. */
  private Optional<DataType> typed(Audience audience, String key, String text) {
    Matcher forbidden = FORBIDDEN.matcher(withoutTexts(text));
    if (forbidden.find()) {
      problem(
          audience,
          key,
          text,
          "must not depend on the clock or on chance: '"
              + (forbidden.group(1) == null ? forbidden.group(2) : forbidden.group(1))
              + "' at position "
              + (forbidden.start() + 1),
          "as_of is a column.");
      return Optional.empty();
    }
    Set<String> unknown = new LinkedHashSet<>();
    while (true) {
      try {
        Dataset<Row> selected = empty(unknown).select(expr(text));
        if (!unknown.isEmpty()) {
          return Optional.empty();
        }
        if (!SqlExpressions.isRowByRow(selected)) {
          problem(
              audience,
              key,
              text,
              "must say something about one customer: no aggregates, windows, generators or"
                  + " subqueries",
              "");
          return Optional.empty();
        }
        return Optional.of(selected.schema().apply(0).dataType());
      } catch (Exception e) { // AnalysisException is checked; Scala does not declare it.
        Optional<String> column = unknownColumn(e);
        if (column.isEmpty() || !unknown.add(column.get()) || unknown.size() > MOST_UNKNOWN) {
          if (unknown.isEmpty()) {
            problem(audience, key, text, fault(e, text), "");
          }
          return Optional.empty();
        }
        noSuchColumn(audience, key, text, column.get());
      }
    }
  }

  /** The same length, so that positions stay what they are. */
  private static String withoutTexts(String text) {
    return TEXT.matcher(text).replaceAll(literal -> " ".repeat(literal.group().length()));
  }

  /** No rows of the profile, and columns that are asked for but unknown, to look further. */
  private Dataset<Row> empty(Set<String> unknown) {
    if (unknown.isEmpty()) {
      return nobody;
    }
    StructType wider = schema;
    for (String name : unknown) {
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

  private void noSuchColumn(Audience audience, String key, String text, String column) {
    Matcher matcher =
        Pattern.compile("(?i)(?<![a-z0-9_])" + Pattern.quote(column) + "(?![a-z0-9_])")
            .matcher(text);
    String position = matcher.find() ? " at position " + (matcher.start() + 1) : "";
    problem(
        audience,
        key,
        text,
        "no such column '" + column + "'" + position,
        nearest(column) + "Columns: " + String.join(", ", schema.fieldNames()) + ".");
  }

  private String nearest(String name) {
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    return Arrays.stream(schema.fieldNames())
        .min(
            Comparator.<String>comparingInt(candidate -> distance.apply(name, candidate))
                .thenComparing(Comparator.naturalOrder()))
        .filter(best -> distance.apply(name, best) <= Math.max(1, name.length() / 2))
        .map(best -> "Did you mean " + best + "? ")
        .orElse("");
  }

  /** What Spark says, without its error class and its drawing of the text. */
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

  /** What Spark says, without its error class and without its drawing of the text. */
  static String firstLine(Exception e) {
    return String.valueOf(e.getMessage())
        .strip()
        .split("\\n\\n|\\n==", 2)[0]
        .replaceAll("^\\[[A-Z0-9_.]+\\] ", "")
        .replaceAll("\\s*SQLSTATE: \\w+", "")
        .replaceAll("\\s*[(;]line \\d+,? pos \\d+\\)?", "")
        .strip();
  }

  private void problem(
      Audience audience, String key, String value, String expected, String remedy) {
    problems.add(
        new Problem(
            "audiences." + audience.name() + "." + key,
            audience.origin(),
            value,
            expected,
            remedy));
  }
}
