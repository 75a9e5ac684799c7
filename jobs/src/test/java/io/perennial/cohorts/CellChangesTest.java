package io.perennial.cohorts;

import static org.apache.spark.sql.functions.not;
import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.config.Settings;
import io.perennial.config.Settings.Dimension;
import io.perennial.customers.CustomersTable;
import io.perennial.months.CustomerMonthsTable;
import io.perennial.table.Field;
import io.perennial.testing.SharedSpark;
import io.perennial.testing.TableRows;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** A matrix brought up to date is the matrix of all months, whatever changed in some of them. */
class CellChangesTest {

  private static final LocalDate START = LocalDate.of(2023, 1, 1);
  private static final LocalDate BEFORE = LocalDate.of(2023, 9, 12);
  private static final LocalDate NOW = LocalDate.of(2023, 10, 20);
  private static final Set<LocalDate> TOUCHED = Set.of(month(3), month(8), month(9));
  private static final Column TOUCHES = CustomerMonthsTable.MONTH.col().isin(TOUCHED.toArray());
  private static final Settings.Cohorts SETTINGS =
      new Settings.Cohorts(
          List.of(Dimension.COUNTRY, Dimension.DISCOUNTED), 6, 90, Optional.empty());
  private static final Dimensions DIMENSIONS = new Dimensions(SETTINGS.dimensions());

  private static final String[] COUNTRIES = {"GB", "FR", null};

  private static final Field[] OF_MONTHS = {
    CustomerMonthsTable.CUSTOMER_ID,
    CustomerMonthsTable.MONTH,
    CustomerMonthsTable.COHORT_MONTH,
    CustomerMonthsTable.MONTH_INDEX,
    CustomerMonthsTable.ORDERS,
    CustomerMonthsTable.GROSS,
    CustomerMonthsTable.DISCOUNT,
    CustomerMonthsTable.REFUND
  };
  private static final Field[] OF_CUSTOMERS = {
    CustomersTable.CUSTOMER_ID,
    CustomersTable.COHORT_MONTH,
    CustomersTable.FIRST_COUNTRY,
    CustomersTable.FIRST_ORDER_DISCOUNTED
  };

  private final Random random = new Random(8);

  /** Rows of customer_months by customer and month. */
  private final Map<String, Row> months = new TreeMap<>();

  private final List<Row> customers = new ArrayList<>();

  @Test
  void aGrownMatrixIsThatOfAllMonths() {
    for (int i = 0; i < 150; i++) {
      customer("c" + i, month(random.nextInt(8)));
    }
    Dataset<Row> monthsBefore = months();
    Dataset<Row> customersBefore = customers();
    Dataset<Row> matrix =
        CohortMatrix.of(
            CellSums.of(monthsBefore, customersBefore, DIMENSIONS), BEFORE, SETTINGS, 2);

    for (String key : List.copyOf(months.keySet())) {
      Row row = months.get(key);
      boolean isFirst = row.getDate(1).equals(row.getDate(2));
      if (TOUCHED.contains(row.getDate(1).toLocalDate())) {
        switch (random.nextInt(isFirst ? 3 : 4)) {
          case 0 ->
              put(row.getString(0), row.getDate(1).toLocalDate(), row.getDate(2).toLocalDate());
          case 3 -> months.remove(key);
          default -> {}
        }
      }
    }
    for (Row customer : List.copyOf(customers)) {
      if (random.nextInt(4) == 0) {
        put(customer.getString(0), month(8), customer.getDate(1).toLocalDate());
      }
    }
    for (int i = 150; i < 190; i++) {
      customer("c" + i, month(8 + i % 2));
    }
    Dataset<Row> before = monthsBefore.where(TOUCHES);
    Dataset<Row> now = months().where(TOUCHES);
    Dataset<Row> others = months().where(not(TOUCHES));
    assertThat(others.collectAsList())
        .as("what is not touched is as it was")
        .containsExactlyInAnyOrderElementsOf(monthsBefore.where(not(TOUCHES)).collectAsList());

    Dataset<Row> changes = CellChanges.of(before, now);
    Dataset<Row> activeOtherwise = CellChanges.activeOtherwise(changes);
    Dataset<Row> grown =
        CellChanges.applied(
            matrix,
            changes,
            CellChanges.last(activeOtherwise, activeOtherwise.count(), before, now, others),
            customers(),
            DIMENSIONS);

    assertThat(activeOtherwise.count()).isBetween(60L, 150L);
    assertThat(
            TableRows.differences(
                TableRows.of(
                    CohortMatrix.of(
                        CellSums.of(months(), customers(), DIMENSIONS), NOW, SETTINGS, 2)),
                TableRows.of(CohortMatrix.of(grown, NOW, SETTINGS, 2)),
                CohortMatrixTable.TABLE.key().stream().map(Field::name).toList()))
        .isEmpty();
  }

  @Test
  void aCustomerWithAnotherCohortOrAttributeHasLeftAndNewOnesHaveNot() {
    customer("a", month(1));
    customer("b", month(1));
    Dataset<Row> before = customers();
    customer("c", month(1));
    assertThat(CellChanges.hasAnyLeft(before, customers(), DIMENSIONS)).isFalse();
    assertThat(CellChanges.hasAnyLeft(customers(), before, DIMENSIONS)).isTrue();
    Row b = customers.get(1);
    customers.set(1, RowFactory.create("b", b.get(1), "elsewhere", b.get(3)));
    assertThat(CellChanges.hasAnyLeft(before, customers(), DIMENSIONS)).isTrue();
    assertThat(CellChanges.hasAnyLeft(before, customers(), new Dimensions(List.of()))).isFalse();
  }

  private static LocalDate month(int index) {
    return START.plusMonths(index);
  }

  /** A customer with his first order in a month, and perhaps others, refunds, or one before it. */
  private void customer(String id, LocalDate cohort) {
    customers.add(
        RowFactory.create(
            id, date(cohort), COUNTRIES[random.nextInt(COUNTRIES.length)], random.nextBoolean()));
    months.put(id + cohort, row(id, cohort, cohort, 1 + random.nextInt(3)));
    for (int i = 0; i < 9; i++) {
      boolean isTouchedOrNotYet = TOUCHED.contains(month(i)) || customers.size() <= 150;
      if (isTouchedOrNotYet && !month(i).equals(cohort) && random.nextInt(3) == 0) {
        put(id, month(i), cohort);
      }
    }
  }

  /** A month of a customer; before the cohort refunds alone. */
  private void put(String id, LocalDate month, LocalDate cohort) {
    int orders =
        month.isBefore(cohort)
            ? 0
            : month.equals(cohort) ? 1 + random.nextInt(3) : random.nextInt(3);
    months.put(id + month, row(id, month, cohort, orders));
  }

  private Row row(String id, LocalDate month, LocalDate cohort, int orders) {
    return RowFactory.create(
        id,
        date(month),
        date(cohort),
        (int) ChronoUnit.MONTHS.between(cohort, month),
        (long) orders,
        cents(orders * random.nextInt(10_000)),
        cents(orders * random.nextInt(100)),
        cents(random.nextInt(500)));
  }

  private static java.sql.Date date(LocalDate day) {
    return java.sql.Date.valueOf(day);
  }

  private static BigDecimal cents(long minor) {
    return BigDecimal.valueOf(minor, 2);
  }

  private Dataset<Row> months() {
    return rows(List.copyOf(months.values()), CustomerMonthsTable.TABLE.schema(2), OF_MONTHS);
  }

  private Dataset<Row> customers() {
    return rows(List.copyOf(customers), CustomersTable.TABLE.schema(2), OF_CUSTOMERS);
  }

  private static Dataset<Row> rows(List<Row> rows, StructType declared, Field... fields) {
    StructField[] columns =
        Stream.of(fields).map(f -> declared.apply(f.name())).toArray(StructField[]::new);
    return SharedSpark.session().createDataFrame(rows, new StructType(columns));
  }
}
