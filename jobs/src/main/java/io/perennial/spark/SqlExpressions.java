package io.perennial.spark;

import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser$;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.types.DataType;
import scala.jdk.javaapi.CollectionConverters;

/** Answers about Spark SQL expressions that Spark's public interface does not give. */
public final class SqlExpressions {

  private SqlExpressions() {}

  /**
   * The columns that an expression names, in order of appearance; of a path such as {@code a.b} its
   * first part.
   *
   * @throws AnalysisException if the text is no Spark SQL expression
   */
  public static Set<String> columnNames(String expression) throws AnalysisException {
    Set<String> names = new LinkedHashSet<>();
    collectNames(CatalystSqlParser$.MODULE$.parseExpression(expression), names);
    return names;
  }

  private static void collectNames(Expression expression, Set<String> names) {
    if (expression instanceof UnresolvedAttribute attribute) {
      names.add(attribute.nameParts().head());
    }
    CollectionConverters.asJava(expression.children()).forEach(child -> collectNames(child, names));
  }

  /**
   * Whether each row of a selection depends on one row of its input alone: no aggregate, window,
   * generator or subquery, and the same result at every evaluation.
   */
  public static boolean isRowByRow(Dataset<Row> selected) {
    LogicalPlan plan = selected.queryExecution().analyzed();
    return plan instanceof Project && plan.deterministic() && plan.subqueries().isEmpty();
  }

  /** Whether a cast keeps every value: none becomes null, none loses a digit. */
  public static boolean isLosslessCast(DataType from, DataType to) {
    return Cast.canUpCast(from, to);
  }
}
