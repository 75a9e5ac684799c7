package io.perennial.oracle;

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
    return RawRecord.sale("o1", "c1", MAY_2, "1", "10").with(Column.PRODUCT_ID, "mug");
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
            mug().in("2024-06").with(Column.STATUS, "paid").with(Column.EMAIL, "a@example.com"),
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
            mug().with(Column.LINE_ID, "1"),
            mug().with(Column.LINE_ID, "2"),
            mug().with(Column.LINE_ID, "2").in("z"));
    assertThat(ingested.accepted()).hasSize(2);
    assertThat(ingested.duplicates()).hasSize(1);
  }

  @Test
  void theNewestVersionOfALineReplacesTheEarlierOnes() {
    OracleSettings settings = SETTINGS.lineIdMapped(true).updates(Updates.LINE);
    RawRecord line = mug().with(Column.LINE_ID, "1");
    Ingested ingested =
        ingest(
            settings,
            line.in("z").with(Column.UPDATED_AT, MAY_2),
            line.in("a").with(Column.UPDATED_AT, MAY_9).with(Column.QUANTITY, "2"),
            line.in("zz"),
            line.with(Column.LINE_ID, "2").in("b").with(Column.UNIT_PRICE, "7"));
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
            mug().in("2024-05").with(Column.PRODUCT_ID, "card"),
            mug().in("2024-06").with(Column.CUSTOMER_ID, "c2").with(Column.UNIT_PRICE, "8"));
    assertThat(amounts(ingested)).containsExactly("8.00");
    assertThat(ingested.lines().get(0).customerId()).isEqualTo("c2");
    assertThat(ingested.superseded()).hasSize(2);
    assertThat(ingested.rejected()).isEmpty();
  }

  @Test
  void blankOrderCellsAreFilledAndLineCellsAreNot() {
    RawRecord head =
        mug()
            .with(Column.COUNTRY, "GB")
            .with(Column.CHANNEL, "web")
            .with(Column.CATEGORY, "kitchen");
    RawRecord later =
        mug()
            .with(Column.PRODUCT_ID, "card")
            .without(Column.CUSTOMER_ID)
            .without(Column.ORDERED_AT);
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
        ingest(
            SETTINGS,
            mug(),
            mug().with(Column.CUSTOMER_ID, "c2"),
            mug().without(Column.CUSTOMER_ID));
    assertThat(ingested.lines()).isEmpty();
    assertThat(ingested.rejected()).hasSize(3);
  }

  @Test
  void recordsThatCannotBeUsedAreRejectedWithEveryReason() {
    Ingested ingested =
        ingest(
            SETTINGS,
            mug().with(Column.UNIT_PRICE, "-1").with(Column.ORDERED_AT, "1970-01-01T00:00:00Z"),
            mug().with(Column.ORDERED_AT, "2999-01-01T00:00:00Z"),
            mug().with(Column.ORDER_ID, "  "),
            mug().with(Column.QUANTITY, "0"),
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
    assertThat(
            amounts(
                ingest(
                    SETTINGS, mug().with(Column.QUANTITY, "3").with(Column.UNIT_PRICE, "0.335"))))
        .containsExactly("1.01");
    assertThat(
            amounts(
                ingest(
                    SETTINGS, mug().with(Column.QUANTITY, "-3").with(Column.UNIT_PRICE, "0.335"))))
        .containsExactly("-1.01");
    assertThat(amounts(ingest(SETTINGS.minorDigits(0), mug().with(Column.UNIT_PRICE, "0.5"))))
        .containsExactly("1");
  }

  @Test
  void moneyGoesBackOnItsOwnDay() {
    Ingested ingested =
        ingest(
            SETTINGS,
            mug().with(Column.REFUND_AMOUNT, "4").with(Column.REFUNDED_AT, MAY_9),
            mug()
                .with(Column.ORDER_ID, "o2")
                .with(Column.KIND, "refund")
                .with(Column.UNIT_PRICE, "-3"),
            mug()
                .with(Column.ORDER_ID, "o3")
                .with(Column.QUANTITY, "-2")
                .with(Column.REFUND_AMOUNT, "19"));
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
    RawRecord line = mug().with(Column.ORDER_DISCOUNT, "1.00").with(Column.UNIT_PRICE, "3.33");
    assertThat(
            ingest(
                    settings,
                    line.with(Column.LINE_ID, "1").with(Column.DISCOUNT, "0.50"),
                    line.with(Column.LINE_ID, "2").without(Column.ORDER_DISCOUNT),
                    line.with(Column.LINE_ID, "3").with(Column.UNIT_PRICE, "3.34"))
                .lines())
        .extracting(Line::discount)
        .usingComparatorForType(BigDecimal::compareTo, BigDecimal.class)
        .containsExactly(new BigDecimal("0.83"), new BigDecimal("0.33"), new BigDecimal("0.34"));
    RawRecord cent = mug().with(Column.ORDER_DISCOUNT, "0.01");
    assertThat(
            ingest(
                    settings,
                    cent.with(Column.LINE_ID, "9"),
                    cent.with(Column.LINE_ID, "10"),
                    cent.with(Column.LINE_ID, "8"))
                .lines())
        .filteredOn(l -> l.orderDiscount().signum() > 0)
        .extracting(Line::lineId)
        .containsExactly("10");
  }

  @Test
  void testOrdersAndOrdersCancelledInFullDoNotCount() {
    RawRecord cancelled = mug().with(Column.STATUS, "cancelled");
    RawRecord other = mug().with(Column.PRODUCT_ID, "card");
    assertThat(isCounted(mug().with(Column.IS_TEST, true), other)).isFalse();
    assertThat(isCounted(cancelled, other)).as("a blank status is filled").isFalse();
    assertThat(isCounted(cancelled, other.with(Column.STATUS, "cancelled"))).isFalse();
    assertThat(isCounted(cancelled, other.with(Column.STATUS, "paid")))
        .as("cancelled in part")
        .isTrue();
  }

  private static boolean isCounted(RawRecord... order) {
    List<Boolean> counted =
        ingest(SETTINGS, order).lines().stream().map(Line::isCounted).distinct().toList();
    assertThat(counted).as("the lines of an order agree").hasSize(1);
    return counted.get(0);
  }
}
