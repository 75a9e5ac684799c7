package io.perennial.report;

import static io.perennial.report.RowValues.day;
import static io.perennial.report.RowValues.get;
import static java.util.Comparator.comparing;
import static org.apache.spark.sql.functions.*;

import io.perennial.cohorts.CohortAveragesTable;
import io.perennial.cohorts.CohortMatrix;
import io.perennial.cohorts.CohortMatrixTable;
import io.perennial.cohorts.RepurchaseCurveTable;
import io.perennial.table.Field;
import io.perennial.table.PublishedTables;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;

/**
 * Cohorts of all customers, and the time to the next order. Rows are sorted in the driver: a few
 * thousand need no shuffle.
 *
 * @param cells of cohort_matrix, by cohort and month index
 * @param averages of cohort_averages, by month index
 * @param repurchase of repurchase_curve, by order number and day
 */
public record CohortFigures(List<Cell> cells, List<Average> averages, List<CurvePoint> repurchase) {

  /** The rows of all customers, of a table with dimensions. */
  public static final Column ALL = CohortMatrixTable.DIMENSION.col().equalTo("all");

  /** Beyond two years few customers are observed. */
  private static final int LAST_DAY = 730;

  /** A cell of cohort_matrix. */
  public record Cell(
      LocalDate cohort,
      int index,
      String state,
      long size,
      long active,
      long rollingActive,
      BigDecimal net,
      Interval retention,
      Interval rolling,
      double ltv) {

    boolean isComplete() {
      return state.equals(CohortMatrix.COMPLETE);
    }
  }

  /** A share with its 95 % interval. */
  public record Interval(double rate, double low, double high) {}

  /** A cell of cohort_averages. */
  public record Average(int index, long cohorts, long size, Interval retention, double ltv) {}

  /** A point of repurchase_curve. */
  public record CurvePoint(int orderNumber, int day, long atRisk, double probability) {}

  static CohortFigures read(PublishedTables tables) {
    return new CohortFigures(readCells(tables), readAverages(tables), readRepurchase(tables));
  }

  private static List<Cell> readCells(PublishedTables tables) {
    return tables.rowsAsOf(CohortMatrixTable.TABLE, rows -> rows.where(ALL)).stream()
        .map(
            row ->
                new Cell(
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
        .sorted(comparing(Cell::cohort).thenComparing(Cell::index))
        .toList();
  }

  private static List<Average> readAverages(PublishedTables tables) {
    return tables.rowsAsOf(CohortAveragesTable.TABLE, rows -> rows.where(ALL)).stream()
        .map(
            row ->
                new Average(
                    get(row, CohortMatrixTable.MONTH_INDEX),
                    get(row, CohortAveragesTable.COHORTS),
                    get(row, CohortAveragesTable.COHORT_SIZE),
                    interval(
                        row,
                        CohortAveragesTable.RETENTION_RATE,
                        CohortAveragesTable.RETENTION_LOW,
                        CohortAveragesTable.RETENTION_HIGH),
                    get(row, CohortAveragesTable.LTV)))
        .sorted(comparing(Average::index))
        .toList();
  }

  private static List<CurvePoint> readRepurchase(PublishedTables tables) {
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

  private static Interval interval(Row row, Field rate, Field low, Field high) {
    return new Interval(get(row, rate), get(row, low), get(row, high));
  }
}
