package io.perennial.cohorts;

import static io.perennial.cohorts.CohortMatrixTable.ACTIVE_CUSTOMERS;
import static io.perennial.cohorts.CohortMatrixTable.COHORT_MONTH;
import static io.perennial.cohorts.CohortMatrixTable.DIMENSION;
import static io.perennial.cohorts.CohortMatrixTable.DIMENSION_VALUE;
import static io.perennial.cohorts.CohortMatrixTable.DISCOUNT;
import static io.perennial.cohorts.CohortMatrixTable.GROSS;
import static io.perennial.cohorts.CohortMatrixTable.MONTH_INDEX;
import static io.perennial.cohorts.CohortMatrixTable.ORDERS;
import static io.perennial.cohorts.CohortMatrixTable.REFUND;
import static io.perennial.cohorts.CohortMatrixTable.ROLLING_ACTIVE_CUSTOMERS;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lead;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.perennial.months.CustomerMonths;
import io.perennial.months.CustomerMonthsTable;
import io.perennial.table.Field;
import io.perennial.table.Money;
import io.perennial.table.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * What the cells of {@code cohort_matrix} are made of, one row per cell: whole numbers that add up,
 * money in minor units. Sums of parts of the customers or of the months add up to those of all.
 */
public final class CellSums {

  /** Customers whose last active month is the cell's. */
  static final String LAST_ACTIVE = "last_active";

  static final String GROSS_MINOR = "gross_minor";
  static final String DISCOUNT_MINOR = "discount_minor";
  static final String REFUND_MINOR = "refund_minor";

  /** All columns beside the cell's key. */
  static final List<String> SUMS =
      List.of(
          ACTIVE_CUSTOMERS.name(),
          LAST_ACTIVE,
          ORDERS.name(),
          GROSS_MINOR,
          DISCOUNT_MINOR,
          REFUND_MINOR);

  /** How often a row of {@link #acquired} counts; below zero where it is taken away. */
  static final String TIMES = "times";

  private static final Field[] CELL = {DIMENSION, DIMENSION_VALUE, COHORT_MONTH, MONTH_INDEX};

  private CellSums() {}

  /**
   * Of all customer months, all dimensions in one pass.
   *
   * @param months customer months as of a day, see {@link CustomerMonths#asOf}
   * @param customers rows of customers
   */
  public static Dataset<Row> of(
      Dataset<Row> months, Dataset<Row> customers, Dimensions dimensions) {
    Dataset<Row> attributed =
        dimensions.attach(acquired(months).withColumn(TIMES, lit(1L)), customers);
    Dataset<Row> last =
        attributed
            .where(ORDERS.col().gt(0))
            .groupBy(keys(dimensions, CustomerMonthsTable.CUSTOMER_ID.col()))
            .agg(max(MONTH_INDEX.col()).as(MONTH_INDEX.name()), lit(1L).as(TIMES));
    return cells(
        ofMonths(attributed, dimensions).unionByName(ofLast(last, dimensions)), dimensions);
  }

  /** The customer months that count in cells, narrow. */
  static Dataset<Row> acquired(Dataset<Row> months) {
    return months
        .where(CustomerMonthsTable.MONTH_INDEX.col().geq(0))
        .select(
            CustomerMonthsTable.CUSTOMER_ID.col(),
            COHORT_MONTH.col(),
            MONTH_INDEX.col(),
            ORDERS.col(),
            Money.minorUnits(GROSS).as(GROSS_MINOR),
            Money.minorUnits(DISCOUNT).as(DISCOUNT_MINOR),
            Money.minorUnits(REFUND).as(REFUND_MINOR));
  }

  /** Of rows of a matrix. */
  static Dataset<Row> ofMatrix(Dataset<Row> matrix) {
    WindowSpec cohort =
        Window.partitionBy(Table.columns(DIMENSION, DIMENSION_VALUE, COHORT_MONTH))
            .orderBy(MONTH_INDEX.col());
    Column later = lead(ROLLING_ACTIVE_CUSTOMERS.col(), 1, 0).over(cohort);
    return matrix.select(
        columns(
            ROLLING_ACTIVE_CUSTOMERS.col().minus(later).as(LAST_ACTIVE),
            ACTIVE_CUSTOMERS.col(),
            ORDERS.col(),
            Money.minorUnits(GROSS).as(GROSS_MINOR),
            Money.minorUnits(DISCOUNT).as(DISCOUNT_MINOR),
            Money.minorUnits(REFUND).as(REFUND_MINOR)));
  }

  /**
   * What customer months give to their cells but for {@link #LAST_ACTIVE}, by the attributes.
   *
   * @param attributed rows of {@link #acquired} with {@link #TIMES} and the dimensions' attributes
   */
  static Dataset<Row> ofMonths(Dataset<Row> attributed, Dimensions dimensions) {
    return attributed
        .groupBy(keys(dimensions, MONTH_INDEX.col()))
        .agg(
            sum(when(ORDERS.col().gt(0), col(TIMES)).otherwise(0L)).as(ACTIVE_CUSTOMERS.name()),
            lit(0L).as(LAST_ACTIVE),
            times(ORDERS.name()),
            times(GROSS_MINOR),
            times(DISCOUNT_MINOR),
            times(REFUND_MINOR));
  }

  /**
   * What customers give to the cells of their last active months, by the attributes.
   *
   * @param last the attributes, cohort, index of the last active month, and {@link #TIMES}
   */
  static Dataset<Row> ofLast(Dataset<Row> last, Dimensions dimensions) {
    List<Column> none = new ArrayList<>();
    for (String sum : SUMS) {
      none.add((sum.equals(LAST_ACTIVE) ? sum(col(TIMES)) : lit(0L)).as(sum));
    }
    return last.groupBy(keys(dimensions, MONTH_INDEX.col()))
        .agg(none.get(0), none.subList(1, none.size()).toArray(Column[]::new));
  }

  /** Sums by attributes as sums by dimension and value. */
  static Dataset<Row> cells(Dataset<Row> byAttributes, Dimensions dimensions) {
    return added(dimensions.spread(byAttributes));
  }

  /** Parts of cells added up. */
  static Dataset<Row> added(Dataset<Row> parts) {
    List<Column> sums = SUMS.stream().map(name -> sum(col(name)).as(name)).toList();
    return parts
        .groupBy(Table.columns(CELL))
        .agg(sums.get(0), sums.subList(1, sums.size()).toArray(Column[]::new));
  }

  /** The attributes, the cohort, and one column more. */
  static Column[] keys(Dimensions dimensions, Column last) {
    List<Column> keys = new ArrayList<>(List.of(dimensions.attributes()));
    keys.add(COHORT_MONTH.col());
    keys.add(last);
    return keys.toArray(Column[]::new);
  }

  private static Column times(String column) {
    return sum(col(column).multiply(col(TIMES))).as(column);
  }

  private static Column[] columns(Column... sums) {
    List<Column> columns = new ArrayList<>(Arrays.asList(Table.columns(CELL)));
    columns.addAll(Arrays.asList(sums));
    return columns.toArray(Column[]::new);
  }
}
