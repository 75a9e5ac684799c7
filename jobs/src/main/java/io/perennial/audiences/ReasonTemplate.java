package io.perennial.audiences;

import static org.apache.spark.sql.functions.*;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;

/**
 * Text with Spark SQL expressions in braces, such as {@code {orders} orders, the last {
 * days_since_last_order} days ago}.
 */
record ReasonTemplate(List<Part> parts) {

  private static final Pattern EXPRESSION = Pattern.compile("\\{([^{}]*)\\}");
  private static final Pattern WORD = Pattern.compile("[a-zA-Z_][a-zA-Z_0-9]*");

  /** A literal or an expression. */
  record Part(String text, boolean isExpression) {}

  static ReasonTemplate of(String template) {
    List<Part> parts = new ArrayList<>();
    Matcher matcher = EXPRESSION.matcher(template);
    int end = 0;
    while (matcher.find()) {
      if (matcher.start() > end) {
        parts.add(new Part(template.substring(end, matcher.start()), false));
      }
      parts.add(new Part(matcher.group(1).strip(), true));
      end = matcher.end();
    }
    if (end < template.length()) {
      parts.add(new Part(template.substring(end), false));
    }
    return new ReasonTemplate(parts);
  }

  /** The columns in a predicate, each with its value: {@code orders 1, net 20.00}. */
  static ReasonTemplate ofMentioned(String predicate, Set<String> columns) {
    Set<String> mentioned = new LinkedHashSet<>();
    Matcher matcher = WORD.matcher(predicate);
    while (matcher.find()) {
      if (columns.contains(matcher.group())) {
        mentioned.add(matcher.group());
      }
    }
    List<Part> parts = new ArrayList<>();
    for (String column : mentioned) {
      parts.add(new Part((parts.isEmpty() ? "" : ", ") + column + " ", false));
      parts.add(new Part(column, true));
    }
    return new ReasonTemplate(parts);
  }

  List<String> expressions() {
    return parts.stream().filter(Part::isExpression).map(Part::text).toList();
  }

  /**
   * @param types type of each of {@link #expressions}, in order
   */
  Column column(List<DataType> types) {
    List<Column> columns = new ArrayList<>();
    int number = 0;
    for (Part part : parts) {
      columns.add(part.isExpression() ? text(part.text(), types.get(number++)) : lit(part.text()));
    }
    return columns.isEmpty() ? lit("") : concat(columns.toArray(Column[]::new));
  }

  private static Column text(String expression, DataType type) {
    Column value = expr(expression);
    Column text = type instanceof ArrayType ? array_join(value, ", ") : value.cast("string");
    return coalesce(text, lit("unknown"));
  }
}
