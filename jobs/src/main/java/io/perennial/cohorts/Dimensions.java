package io.perennial.cohorts;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.Settings.Dimension;
import io.perennial.customers.CustomersTable;
import io.perennial.table.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The dimensions that figures are broken down by. Rows are first aggregated by all attributes
 * together and then unpivoted, so that only few rows are multiplied.
 *
 * @param configured the dimensions besides {@code all}
 */
public record Dimensions(List<Dimension> configured) {

  static final String ALL = "all";
  static final String NONE = "(none)";

  private static final String ATTRIBUTES_OF = "attributes_of";

  private static final Map<Dimension, Field> ATTRIBUTES =
      Map.of(
          Dimension.COUNTRY, CustomersTable.FIRST_COUNTRY,
          Dimension.CHANNEL, CustomersTable.FIRST_CHANNEL,
          Dimension.CATEGORY, CustomersTable.FIRST_CATEGORY,
          Dimension.DISCOUNTED, CustomersTable.FIRST_ORDER_DISCOUNTED);

  /** The attributes of {@code customers} that the dimensions need, and then other columns. */
  Column[] attributesAnd(Column... others) {
    return Stream.concat(
            configured.stream().map(dimension -> ATTRIBUTES.get(dimension).col()),
            Stream.of(others))
        .toArray(Column[]::new);
  }

  /** Adds the attributes to rows with a customer_id; does not join without dimensions. */
  Dataset<Row> join(Dataset<Row> rows, Dataset<Row> customers) {
    if (configured.isEmpty()) {
      return rows;
    }
    String id = CustomersTable.CUSTOMER_ID.name();
    Dataset<Row> attributes =
        customers.select(attributesAnd(CustomersTable.CUSTOMER_ID.col().as(ATTRIBUTES_OF)));
    return rows.join(attributes, rows.col(id).equalTo(attributes.col(ATTRIBUTES_OF)), "left")
        .drop(ATTRIBUTES_OF);
  }

  /** One row per dimension for each row: the attributes become dimension and value. */
  public Dataset<Row> unpivot(Dataset<Row> rows) {
    List<Column> pairs = new ArrayList<>();
    pairs.add(pair(lit(ALL), lit(ALL)));
    for (Dimension dimension : configured) {
      Column value = ATTRIBUTES.get(dimension).col().cast("string");
      pairs.add(pair(lit(dimension.label()), coalesce(value, lit(NONE))));
    }
    List<Column> columns = new ArrayList<>();
    for (String column : rows.columns()) {
      boolean isAttribute =
          configured.stream()
              .anyMatch(dimension -> ATTRIBUTES.get(dimension).name().equals(column));
      if (!isAttribute) {
        columns.add(rows.col(column));
      }
    }
    columns.add(inline(array(pairs.toArray(Column[]::new))));
    return rows.select(columns.toArray(Column[]::new));
  }

  private static Column pair(Column dimension, Column value) {
    return struct(
        dimension.as(CohortMatrixTable.DIMENSION.name()),
        value.as(CohortMatrixTable.DIMENSION_VALUE.name()));
  }
}
