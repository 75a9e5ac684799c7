package io.perennial.oracle;

import static io.perennial.oracle.Column.CATEGORY;
import static io.perennial.oracle.Column.CHANNEL;
import static io.perennial.oracle.Column.COUNTRY;
import static io.perennial.oracle.Column.CUSTOMER_ID;
import static io.perennial.oracle.Column.DISCOUNT;
import static io.perennial.oracle.Column.EMAIL;
import static io.perennial.oracle.Column.IS_TEST;
import static io.perennial.oracle.Column.KIND;
import static io.perennial.oracle.Column.LINE_ID;
import static io.perennial.oracle.Column.ORDERED_AT;
import static io.perennial.oracle.Column.ORDER_DISCOUNT;
import static io.perennial.oracle.Column.ORDER_ID;
import static io.perennial.oracle.Column.PRODUCT_ID;
import static io.perennial.oracle.Column.QUANTITY;
import static io.perennial.oracle.Column.REFUNDED_AT;
import static io.perennial.oracle.Column.REFUND_AMOUNT;
import static io.perennial.oracle.Column.STATUS;
import static io.perennial.oracle.Column.UNIT_PRICE;
import static io.perennial.oracle.Column.UPDATED_AT;
import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.oracle.Ingest.Ingested;
import io.perennial.oracle.OracleSettings.Updates;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The oracle's ingest on small examples worked by hand. */
class OracleIngestTest {

  private static final Instant MAY_2 = Instant.parse("2024-05-02T10:00:00Z");

  private static final Instant MAY_9 = Instant.parse("2024-05-09T10:00:00Z");

  private static final OracleSettings SETTINGS = OracleSettings.in("UTC");

  private static RawRecord mug() {
    return RawRecord.sale("o1", "c1", MAY_2, "1", "10").with(PRODUCT_ID, "mug");
  }

  private static Ingested ingest(OracleSettings settings, RawRecord... records) {
    return Ingest.of(List.of(records), settings);
  }

  private static List<String> amounts(Ingested ingested) {
    return ingested.lines().stream().map(line -> line.amount().toPlainString()).sorted().toList();
  }

  @Test
  void anIdenticalRecordCountsAsOftenAsInTheFileThatHasItMost() {
    Ingested ingested =
        ingest(
            SETTINGS,
            mug().in("2024-05"),
            mug().in("2024-05"),
            mug().in("2024-06"),
            mug().in("2024-06"),
            mug().in("2024-06").with(STATUS, "paid").with(EMAIL, "a@example.com"),
            mug().in("2024-07"));
    assertThat(ingested.accepted()).hasSize(3);
    assertThat(ingested.duplicates()).hasSize(3);
    assertThat(ingested.superseded()).isEmpty();
  }

  @Test
  void aMappedLineIdIsTheIdentity() {
    OracleSettings settings = SETTINGS.lineIdMapped(true);
    Ingested ingested =
        ingest(
            settings,
            mug().with(LINE_ID, "1"),
            mug().with(LINE_ID, "2"),
            mug().with(LINE_ID, "2").in("z"));
    assertThat(ingested.accepted()).hasSize(2);
    assertThat(ingested.duplicates()).hasSize(1);
  }

  @Test
  void theNewestVersionOfALineReplacesTheEarlierOnes() {
    OracleSettings settings = SETTINGS.lineIdMapped(true).updates(Updates.LINE);
    RawRecord line = mug().with(LINE_ID, "1");
    Ingested ingested =
        ingest(
            settings,
            line.in("z").with(UPDATED_AT, MAY_2),
            line.in("a").with(UPDATED_AT, MAY_9).with(QUANTITY, "2"),
            line.in("zz"),
            line.with(LINE_ID, "2").in("b").with(UNIT_PRICE, "7"));
    assertThat(amounts(ingested)).containsExactly("20.00", "7.00");
    assertThat(ingested.superseded()).hasSize(2);
  }

  @Test
  void theNewestVersionOfAnOrderReplacesAllOfItAndMayCorrectItsCustomer() {
    OracleSettings settings = SETTINGS.updates(Updates.ORDER);
    Ingested ingested =
        ingest(
            settings,
            mug().in("2024-05"),
            mug().in("2024-05").with(PRODUCT_ID, "card"),
            mug().in("2024-06").with(CUSTOMER_ID, "c2").with(UNIT_PRICE, "8"));
    assertThat(amounts(ingested)).containsExactly("8.00");
    assertThat(ingested.lines().get(0).customerId()).isEqualTo("c2");
    assertThat(ingested.superseded()).hasSize(2);
    assertThat(ingested.rejected()).isEmpty();
  }

  @Test
  void blankOrderCellsAreFilledAndLineCellsAreNot() {
    RawRecord head = mug().with(COUNTRY, "GB").with(CHANNEL, "web").with(CATEGORY, "kitchen");
    RawRecord later = mug().with(PRODUCT_ID, "card").without(CUSTOMER_ID).without(ORDERED_AT);
    Line filled =
        ingest(SETTINGS, later, head).lines().stream()
            .filter(line -> line.productId().equals("card"))
            .findFirst()
            .orElseThrow();
    assertThat(filled.customerId()).isEqualTo("c1");
    assertThat(filled.orderedAt()).isEqualTo(MAY_2);
    assertThat(filled.country()).isEqualTo("GB");
    assertThat(filled.channel()).isEqualTo("web");
    assertThat(filled.category()).isNull();
  }

  @Test
  void anOrderWithTwoCustomersIsRejectedWhole() {
    Ingested ingested =
        ingest(SETTINGS, mug(), mug().with(CUSTOMER_ID, "c2"), mug().without(CUSTOMER_ID));
    assertThat(ingested.lines()).isEmpty();
    assertThat(ingested.rejected()).hasSize(3);
  }

  @Test
  void recordsThatCannotBeUsedAreRejectedWithEveryReason() {
    Ingested ingested =
        ingest(
            SETTINGS,
            mug().with(UNIT_PRICE, "-1").with(ORDERED_AT, "1970-01-01T00:00:00Z"),
            mug().with(ORDERED_AT, "2999-01-01T00:00:00Z"),
            mug().with(ORDER_ID, "  "),
            mug().with(QUANTITY, "0"),
            RawRecord.sale("o2", "c1", null, "1", "1"));
    assertThat(ingested.accepted()).isEmpty();
    assertThat(ingested.rejected().stream().map(Ingest.Rejected::reasons))
        .containsExactlyInAnyOrder(
            List.of("ordered_at is out of range", "unit_price is negative"),
            List.of("ordered_at is out of range"),
            List.of("order_id is missing"),
            List.of("quantity is zero"),
            List.of("ordered_at is missing"));
  }

  @Test
  void amountsAreRoundedHalfUpToTheMinorUnit() {
    assertThat(amounts(ingest(SETTINGS, mug().with(QUANTITY, "3").with(UNIT_PRICE, "0.335"))))
        .containsExactly("1.01");
    assertThat(amounts(ingest(SETTINGS, mug().with(QUANTITY, "-3").with(UNIT_PRICE, "0.335"))))
        .containsExactly("-1.01");
    assertThat(amounts(ingest(SETTINGS.minorDigits(0), mug().with(UNIT_PRICE, "0.5"))))
        .containsExactly("1");
  }

  @Test
  void moneyGoesBackOnItsOwnDay() {
    Ingested ingested =
        ingest(
            SETTINGS,
            mug().with(REFUND_AMOUNT, "4").with(REFUNDED_AT, MAY_9),
            mug().with(ORDER_ID, "o2").with(KIND, "refund").with(UNIT_PRICE, "-3"),
            mug().with(ORDER_ID, "o3").with(QUANTITY, "-2").with(REFUND_AMOUNT, "19"));
    assertThat(amounts(ingested)).containsExactly("-19.00", "-3.00", "-4.00", "10.00");
    Line derived = ingested.lines().stream().filter(Line::isDerived).findFirst().orElseThrow();
    assertThat(derived.orderedAt()).isEqualTo(MAY_9);
    assertThat(ingested.accepted()).hasSize(3);
  }

  @Test
  void anOrderDiscountIsSpreadToTheCentByLargestRemainder() {
    // 1.00 over 3.33, 3.33, 3.34 of 10.00 is 0.333, 0.333, 0.334: the cent left goes to the third.
    // 0.01 over three equal lines has three equal remainders: the smallest line id takes it.
    OracleSettings settings = SETTINGS.lineIdMapped(true);
    RawRecord line = mug().with(ORDER_DISCOUNT, "1.00").with(UNIT_PRICE, "3.33");
    assertThat(
            ingest(
                    settings,
                    line.with(LINE_ID, "1").with(DISCOUNT, "0.50"),
                    line.with(LINE_ID, "2").without(ORDER_DISCOUNT),
                    line.with(LINE_ID, "3").with(UNIT_PRICE, "3.34"))
                .lines())
        .extracting(Line::discount)
        .usingComparatorForType(BigDecimal::compareTo, BigDecimal.class)
        .containsExactly(new BigDecimal("0.83"), new BigDecimal("0.33"), new BigDecimal("0.34"));
    RawRecord cent = mug().with(ORDER_DISCOUNT, "0.01");
    assertThat(
            ingest(
                    settings,
                    cent.with(LINE_ID, "9"),
                    cent.with(LINE_ID, "10"),
                    cent.with(LINE_ID, "8"))
                .lines())
        .filteredOn(l -> l.orderDiscount().signum() > 0)
        .extracting(Line::lineId)
        .containsExactly("10");
  }

  @Test
  void testOrdersAndOrdersCancelledInFullDoNotCount() {
    RawRecord cancelled = mug().with(STATUS, "cancelled");
    RawRecord other = mug().with(PRODUCT_ID, "card");
    assertThat(isCounted(mug().with(IS_TEST, true), other)).isFalse();
    assertThat(isCounted(cancelled, other)).as("a blank status is filled").isFalse();
    assertThat(isCounted(cancelled, other.with(STATUS, "cancelled"))).isFalse();
    assertThat(isCounted(cancelled, other.with(STATUS, "paid"))).as("cancelled in part").isTrue();
  }

  private static boolean isCounted(RawRecord... order) {
    List<Boolean> counted =
        ingest(SETTINGS, order).lines().stream().map(Line::isCounted).distinct().toList();
    assertThat(counted).as("the lines of an order agree").hasSize(1);
    return counted.get(0);
  }
}
