package io.perennial.cohorts;

import static io.perennial.cohorts.CohortMatrixTable.COHORT_MONTH;
import static io.perennial.cohorts.CohortMatrixTable.MONTH_INDEX;
import static io.perennial.cohorts.CohortMatrixTable.ORDERS;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.inline;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.perennial.customers.ChangedCustomers;
import io.perennial.customers.CustomersTable;
import io.perennial.months.CustomerMonthsTable;
import io.perennial.table.Difference;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What changed customer months do to the cells of a matrix, where every customer who had a cohort
 * keeps it and the attributes: sums change by the rows that came and went, and the last active
 * month only of customers who are active in other months than before.
 */
public final class CellChanges {

  private static final Column CUSTOMER = CustomerMonthsTable.CUSTOMER_ID.col();
  private static final String WAS = "was";
  private static final String IS = "is";

  private CellChanges() {}

  /**
   * Whether a customer who had a cohort has left it, or has other attributes of a dimension.
   *
   * @param before rows of customers as they were, of the cohorts that changed
   * @param now the same cohorts as they are
   */
  public static boolean hasAnyLeft(Dataset<Row> before, Dataset<Row> now, Dimensions dimensions) {
    Column[] columns = CellSums.keys(dimensions, CustomersTable.CUSTOMER_ID.col());
    return !Difference.ofRows(before.select(columns), now.select(columns))
        .where(Difference.SURPLUS.col().lt(0))
        .isEmpty();
  }

  /**
   * The customer months that came and went, by what counts of them in cells.
   *
   * @param before rows of customer_months as they were, of the months that changed
   * @param now the same months as they are
   */
  public static Dataset<Row> of(Dataset<Row> before, Dataset<Row> now) {
    return Difference.ofRows(CellSums.acquired(before), CellSums.acquired(now))
        .withColumnRenamed(Difference.SURPLUS.name(), CellSums.TIMES);
  }

  /**
   * The ids of customers who are active in other months than before.
   *
   * @param changes rows of {@link #of}
   */
  public static Dataset<Row> activeOtherwise(Dataset<Row> changes) {
    return changes
        .where(ORDERS.col().gt(0))
        .groupBy(CUSTOMER, MONTH_INDEX.col())
        .agg(sum(col(CellSums.TIMES)).as(CellSums.TIMES))
        .where(col(CellSums.TIMES).notEqual(0))
        .select(CUSTOMER)
        .distinct();
  }

  /**
   * The last active month of some customers as it was, to be taken away, and as it is, to be added.
   *
   * @param customerIds rows of {@link #activeOtherwise}
   * @param number how many at most
   * @param before rows of customer_months as they were, of the months that changed
   * @param now the same months as they are
   * @param others rows of customer_months of all other months
   */
  public static Dataset<Row> last(
      Dataset<Row> customerIds,
      long number,
      Dataset<Row> before,
      Dataset<Row> now,
      Dataset<Row> others) {
    Dataset<Row> active =
        active(before, true, false)
            .unionByName(active(now, false, true))
            .unionByName(active(others, true, true));
    return ChangedCustomers.only(ChangedCustomers.among(active, customerIds, number), customerIds)
        .groupBy(CUSTOMER, COHORT_MONTH.col())
        .agg(lastWhere(WAS), lastWhere(IS))
        .select(CUSTOMER, COHORT_MONTH.col(), inline(array(times(WAS, -1), times(IS, 1))))
        .where(MONTH_INDEX.col().isNotNull());
  }

  private static Dataset<Row> active(Dataset<Row> months, boolean was, boolean is) {
    return CellSums.acquired(months)
        .where(ORDERS.col().gt(0))
        .select(CUSTOMER, COHORT_MONTH.col(), MONTH_INDEX.col(), lit(was).as(WAS), lit(is).as(IS));
  }

  private static Column lastWhere(String when) {
    return max(when(col(when), MONTH_INDEX.col())).as(when);
  }

  private static Column times(String index, long times) {
    return struct(col(index).as(MONTH_INDEX.name()), lit(times).as(CellSums.TIMES));
  }

  /**
   * The sums of all cells now.
   *
   * @param matrix rows of cohort_matrix of one as_of, as they were
   * @param changes rows of {@link #of}
   * @param last rows of {@link #last}
   * @param customers rows of customers, at least of those in {@code changes}
   */
  public static Dataset<Row> applied(
      Dataset<Row> matrix,
      Dataset<Row> changes,
      Dataset<Row> last,
      Dataset<Row> customers,
      Dimensions dimensions) {
    Dataset<Row> ofMonths = CellSums.ofMonths(dimensions.attach(changes, customers), dimensions);
    Dataset<Row> ofLast = CellSums.ofLast(dimensions.attach(last, customers), dimensions);
    return CellSums.added(
        CellSums.ofMatrix(matrix)
            .unionByName(CellSums.cells(ofMonths.unionByName(ofLast), dimensions)));
  }
}
