package io.perennial.report;

import static java.util.Comparator.comparing;
import static org.apache.spark.sql.functions.*;

import io.perennial.cohorts.CohortAveragesTable;
import io.perennial.cohorts.CohortMatrix;
import io.perennial.cohorts.CohortMatrixTable;
import io.perennial.cohorts.RepurchaseCurveTable;
import io.perennial.cohorts.RetentionSummaryTable;
import io.perennial.report.ReportModel.AverageCell;
import io.perennial.report.ReportModel.CohortCell;
import io.perennial.report.ReportModel.CurvePoint;
import io.perennial.report.ReportModel.Interval;
import io.perennial.report.ReportModel.RetentionMonth;
import io.perennial.table.Field;
import io.perennial.table.PublishedTables;
import io.perennial.table.Table;
import java.time.LocalDate;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;

/**
 * Reads cohorts, retention and the time to the next order. Rows are put in order here: a few
 * thousand are sorted in no time, while Spark would shuffle them.
 */
final class CohortRows {

  /** Two years say all about the habit of ordering again; beyond, few are observed. */
  private static final int LAST_DAY = 730;

  private static final Column ALL = CohortMatrixTable.DIMENSION.col().equalTo("all");

  private CohortRows() {}

  /** Months by as_of, up to the run's own. */
  static TreeMap<LocalDate, List<RetentionMonth>> months(PublishedTables tables) {
    return tables
        .rows(
            RetentionSummaryTable.TABLE,
            rows -> rows.where(ALL).where(Table.AS_OF.col().leq(lit(tables.asOf()))))
        .stream()
        .sorted(comparing(row -> day(row, RetentionSummaryTable.MONTH)))
        .collect(
            Collectors.groupingBy(
                row -> day(row, Table.AS_OF),
                TreeMap::new,
                Collectors.mapping(CohortRows::month, Collectors.toList())));
  }

  static List<CohortCell> cells(PublishedTables tables) {
    return tables.rowsAsOf(CohortMatrixTable.TABLE, rows -> rows.where(ALL)).stream()
        .map(
            row ->
                new CohortCell(
                    day(row, CohortMatrixTable.COHORT_MONTH),
                    get(row, CohortMatrixTable.MONTH_INDEX),
                    get(row, CohortMatrixTable.STATE),
                    get(row, CohortMatrixTable.COHORT_SIZE),
                    get(row, CohortMatrixTable.ACTIVE_CUSTOMERS),
                    get(row, CohortMatrixTable.ROLLING_ACTIVE_CUSTOMERS),
                    get(row, CohortMatrixTable.NET),
                    interval(
                        row,
                        CohortMatrixTable.RETENTION_RATE,
                        CohortMatrixTable.RETENTION_LOW,
                        CohortMatrixTable.RETENTION_HIGH),
                    interval(
                        row,
                        CohortMatrixTable.ROLLING_RETENTION_RATE,
                        CohortMatrixTable.ROLLING_RETENTION_LOW,
                        CohortMatrixTable.ROLLING_RETENTION_HIGH),
                    get(row, CohortMatrixTable.LTV)))
        .sorted(comparing(CohortCell::cohort).thenComparing(CohortCell::index))
        .toList();
  }

  static List<AverageCell> averages(PublishedTables tables) {
    return tables.rowsAsOf(CohortAveragesTable.TABLE, rows -> rows.where(ALL)).stream()
        .map(
            row ->
                new AverageCell(
                    get(row, CohortMatrixTable.MONTH_INDEX),
                    get(row, CohortAveragesTable.COHORTS),
                    get(row, CohortAveragesTable.COHORT_SIZE),
                    interval(
                        row,
                        CohortAveragesTable.RETENTION_RATE,
                        CohortAveragesTable.RETENTION_LOW,
                        CohortAveragesTable.RETENTION_HIGH),
                    get(row, CohortAveragesTable.LTV)))
        .sorted(comparing(AverageCell::index))
        .toList();
  }

  static List<CurvePoint> repurchase(PublishedTables tables) {
    return tables
        .rowsAsOf(
            RepurchaseCurveTable.TABLE,
            rows -> rows.where(RepurchaseCurveTable.DAY.col().leq(LAST_DAY)))
        .stream()
        .map(
            row ->
                new CurvePoint(
                    get(row, RepurchaseCurveTable.ORDER_NUMBER),
                    get(row, RepurchaseCurveTable.DAY),
                    get(row, RepurchaseCurveTable.AT_RISK),
                    get(row, RepurchaseCurveTable.PROBABILITY)))
        .sorted(comparing(CurvePoint::orderNumber).thenComparing(CurvePoint::day))
        .toList();
  }

  static <T> T get(Row row, Field field) {
    return row.getAs(field.name());
  }

  static LocalDate day(Row row, Field field) {
    return row.<java.sql.Date>getAs(field.name()).toLocalDate();
  }

  private static Interval interval(Row row, Field rate, Field low, Field high) {
    return new Interval(get(row, rate), get(row, low), get(row, high));
  }

  private static RetentionMonth month(Row row) {
    return new RetentionMonth(
        day(row, RetentionSummaryTable.MONTH),
        get(row, RetentionSummaryTable.STATE).equals(CohortMatrix.COMPLETE),
        get(row, RetentionSummaryTable.CUSTOMERS_START),
        get(row, RetentionSummaryTable.CUSTOMERS_END),
        get(row, RetentionSummaryTable.NEW),
        get(row, RetentionSummaryTable.LOST),
        get(row, RetentionSummaryTable.REACTIVATED),
        get(row, RetentionSummaryTable.RETENTION_RATE),
        get(row, RetentionSummaryTable.CHURN_RATE),
        get(row, RetentionSummaryTable.ORDERS),
        get(row, RetentionSummaryTable.AOV),
        get(row, RetentionSummaryTable.NET_NEW),
        get(row, RetentionSummaryTable.NET_RETURNING),
        get(row, RetentionSummaryTable.REPEAT_PURCHASE_RATE));
  }
}
