package io.perennial.sample;

import static org.apache.spark.sql.functions.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** The rows of a lake before they are written. */
class SampleRowsTest {

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  @Test
  void theSameSeedGivesTheSameRowsWhateverThePartitionsAndFiles() {
    SampleSettings settings = Samples.settings("csv", 300, 8, 0.01);

    List<Row> few = Samples.rows(settings, 1, Samples.plan(settings, 1_000_000)).collectAsList();
    List<Row> many = Samples.rows(settings, 7, Samples.plan(settings, 100)).collectAsList();

    assertThat(Samples.plan(settings, 100).files()).isGreaterThan(15);
    assertThat(many).containsExactlyInAnyOrderElementsOf(few);
    assertThat(Samples.records(settings)).containsExactlyInAnyOrderElementsOf(few);
  }

  @Test
  void anotherSeedGivesOtherRows() {
    SampleSettings one = Samples.settings("nowhere", "csv", 100, 6, 1, 0, true);
    SampleSettings other = Samples.settings("nowhere", "csv", 100, 6, 2, 0, true);

    Set<String> ofOne = texts(Samples.records(one));
    Set<String> ofOther = texts(Samples.records(other));

    assertThat(ofOther).isNotEmpty().doesNotContainAnyElementsOf(ofOne);
  }

  @Test
  void theRecordsOfOneEventOfAnOrderShareAFile() {
    SampleSettings settings = Samples.settings("nowhere", "csv", 300, 6, 3, 0, false);

    Dataset<Row> spread =
        Samples.rows(settings, 2, Samples.plan(settings, 100))
            .withColumn("file", spark_partition_id())
            .groupBy("order_id", "kind")
            .agg(countDistinct("file").as("files"))
            .where("files > 1");

    assertThat(spread.collectAsList()).isEmpty();
  }

  @Test
  void withoutLateFilesEveryRecordOccursOnce() {
    SampleSettings settings = Samples.settings("nowhere", "csv", 400, 12, 3, 0, false);
    List<Row> rows = Samples.records(settings);

    assertThat(rows.stream().map(SampleRowsTest::line)).doesNotHaveDuplicates();
  }

  @Test
  void lateFilesBringExactRepeatsAndLaterCancelledVersions() {
    SampleSettings settings = Samples.settings("csv", 600, 12, 0);
    List<Row> rows = Samples.records(settings);
    List<Row> different = rows.stream().distinct().toList();
    Map<String, List<Row>> versions =
        different.stream().collect(Collectors.groupingBy(SampleRowsTest::line));

    assertThat(different).as("some records are repeated exactly").hasSizeLessThan(rows.size());
    assertThat(versions).as("some come in two versions").hasSizeLessThan(different.size());
    for (List<Row> same : versions.values()) {
      if (same.size() > 1) {
        assertThat(same).hasSize(2);
        assertThat(same.stream().map(r -> text(r, "status")))
            .containsExactlyInAnyOrder("fulfilled", "cancelled");
        Row late = same.get(text(same.get(0), "status").equals("cancelled") ? 0 : 1);
        assertThat(text(late, "updated_at")).isGreaterThan(text(late, "ordered_at"));
      }
    }
  }

  @Test
  void theShareOfCorruptedRecordsIsTheConfiguredOne() {
    for (String format : new String[] {"csv", "parquet"}) {
      SampleSettings settings = Samples.settings(format, 500, 12, 0.05);
      List<Row> rows = Samples.records(settings);

      double n = rows.size();
      double share = rows.stream().filter(row -> row.getAs(RecordEncoder.IS_DIRTY)).count() / n;

      // Repeats are corrupted alike, so n overstates the independent draws: five deviations.
      assertThat(share).isBetween(0.05 - 5 * deviation(n), 0.05 + 5 * deviation(n));
    }
  }

  private static double deviation(double n) {
    return Math.sqrt(0.05 * 0.95 / n);
  }

  @Test
  void aDirtyRecordOfTextIsUnusableAndACleanOneIsNot() {
    SampleSettings settings = Samples.settings("csv", 500, 6, 0.2);

    for (Row row : Samples.records(settings)) {
      assertThat(isUsable(row)).as(row.toString()).isNotEqualTo(row.getAs(RecordEncoder.IS_DIRTY));
    }
  }

  private static boolean isUsable(Row row) {
    try {
      return text(row, "order_id") != null
          && LocalDateTime.parse(text(row, "ordered_at"), TIME).getYear() > 1990
          && Integer.parseInt(text(row, "quantity")) != 0
          && new BigDecimal(text(row, "unit_price")).signum() >= 0
          && new BigDecimal(text(row, "discount")).signum() >= 0
          && text(row, "currency").equals("USD");
    } catch (RuntimeException e) {
      return false;
    }
  }

  @Test
  void aRefundNeverExceedsItsSaleAndComesDaysToWeeksLater() {
    SampleSettings settings = Samples.settings("nowhere", "csv", 1_500, 12, 5, 0, false);
    Map<String, BigDecimal> paid = new HashMap<>();
    Map<String, BigDecimal> refunded = new HashMap<>();
    Map<String, Integer> sold = new HashMap<>();
    List<Row> rows = Samples.records(settings);
    for (Row row : rows) {
      String order = text(row, "order_id");
      int quantity = Integer.parseInt(text(row, "quantity"));
      BigDecimal amount = money(row, "unit_price").multiply(BigDecimal.valueOf(quantity));
      if (text(row, "kind").equals("sale")) {
        BigDecimal net =
            amount.subtract(money(row, "discount")).subtract(money(row, "order_discount"));
        paid.merge(order, net, BigDecimal::add);
        sold.put(order + "/" + text(row, "line_id"), quantity);
      } else {
        refunded.merge(order, amount.negate(), BigDecimal::add);
        assertThat(text(row, "line_id")).startsWith("R");
        long days =
            ChronoUnit.DAYS.between(
                LocalDateTime.parse(text(row, "ordered_at"), TIME),
                LocalDateTime.parse(text(row, "refunded_at"), TIME));
        assertThat(days).isBetween(2L, 45L);
      }
    }
    for (Row row : rows) {
      if (text(row, "kind").equals("refund")) {
        String line = text(row, "order_id") + "/" + text(row, "line_id").substring(1);
        assertThat(-Integer.parseInt(text(row, "quantity"))).isBetween(1, sold.get(line));
      }
    }
    assertThat(refunded).hasSizeGreaterThan(50);
    refunded.forEach(
        (order, back) -> assertThat(back).isPositive().isLessThanOrEqualTo(paid.get(order)));
  }

  @Test
  void everyKindOfRecordOccurs() {
    SampleSettings settings = Samples.settings("csv", 1_000, 12, 0);
    Dataset<Row> rows =
        Samples.session()
            .createDataFrame(Samples.records(settings), RecordEncoder.schema(true))
            .coalesce(2);

    for (String condition :
        new String[] {
          "kind = 'refund'",
          "status = 'cancelled'",
          "is_test = 'true'",
          "is_guest = 'true'",
          "customer_id is null and email is null",
          "discount > 0.0",
          "order_discount > 0.0",
          "shipping > 0.0",
          "tax > 0.0",
          "unit_price = 0.0 and kind = 'sale'",
          "email_consent = 'true'",
          "sms_consent = 'false'",
          "country = 'DE' and phone is not null",
          "birth_date is not null"
        }) {
      assertThat(rows.where(condition).count()).as(condition).isPositive();
    }
    assertThat(rows.select("category").distinct().count()).isEqualTo(16);
    double lines = rows.where("kind = 'sale'").count();
    double orders = rows.where("kind = 'sale'").select("order_id", "status").distinct().count();
    assertThat(lines / orders).as("lines an order").isBetween(2.0, 3.0);
  }

  private static Set<String> texts(List<Row> rows) {
    return rows.stream().map(Row::toString).collect(Collectors.toSet());
  }

  private static String line(Row row) {
    return text(row, "order_id") + "/" + text(row, "line_id");
  }

  private static String text(Row row, String column) {
    return row.getAs(column);
  }

  private static BigDecimal money(Row row, String column) {
    String cell = text(row, column);
    return cell == null ? BigDecimal.ZERO : new BigDecimal(cell);
  }
}
