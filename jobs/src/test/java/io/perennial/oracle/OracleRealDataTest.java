package io.perennial.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.oracle.CohortMatrix.Cell;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The oracle reproduces the published figures of the public data sets and reconciles them to the
 * cent.
 */
@Tag("slow")
class OracleRealDataTest {

  private static List<Cell> column(Oracle oracle, int monthIndex) {
    return oracle.cohortMatrix().stream()
        .filter(cell -> cell.dimension().equals("all") && cell.monthIndex() == monthIndex)
        .toList();
  }

  @Test
  void onlineRetailHasItsPublishedCustomersOrdersAndFirstCohort() throws IOException {
    Oracle oracle =
        Oracle.of(
            OnlineRetailFile.read(RealData.file("online_retail.csv.gz")),
            OnlineRetailFile.settings());
    assertThat(oracle.asOf()).isEqualTo("2011-12-10");
    assertThat(oracle.customers()).hasSize(4_338);
    assertThat(oracle.orders())
        .filteredOn(order -> order.isValid() && order.customerId() != null)
        .hasSize(18_532);
    Cell first = column(oracle, 1).get(0);
    assertThat(first.cohortMonth()).isEqualTo("2010-12-01");
    assertThat(first.cohortSize()).isEqualTo(885);
    assertThat(first.activeCustomers()).isEqualTo(324);

    Reconciliation sums = oracle.reconciliation();
    assertThat(sums.holds()).isTrue();
    assertThat(sums.raw()).isEqualTo(541_909);
    // Two adjustments of bad debt: a positive quantity at a negative price.
    assertThat(sums.rejected()).isEqualTo(2);
    // All quantities times prices are 9,747,747.93; the two rejected lines were 11,062.06 below
    // zero each.
    assertThat(sums.acceptedNet()).isEqualByComparingTo("9769872.05");
    assertThat(sums.anonymousNet()).isEqualByComparingTo("1469806.24");
    assertThat(sums.customerDaysNet()).isEqualByComparingTo("8300065.81");
    assertThat(sums.beforeCohortNet()).isEqualByComparingTo("-3810.86");
    assertThat(sums.withoutCohortNet()).isEqualByComparingTo("-10411.24");
  }

  /**
   * Two of the 23,502 customers have a free order in the first quarter and first paid in November.
   * By the definition of a valid order they are a fourth cohort besides the three published ones.
   */
  @Test
  void cdnowHasItsPublishedCustomersDaysAndCohorts() throws IOException {
    Oracle oracle =
        Oracle.of(CdnowFile.readMaster(RealData.file("CDNOW_master.txt")), CdnowFile.settings());
    assertThat(oracle.asOf()).isEqualTo(LocalDate.of(1998, 7, 1));
    assertThat(oracle.customers()).hasSize(23_502);
    assertThat(oracle.customerDays()).filteredOn(day -> day.orders() > 0).hasSize(67_511);
    assertThat(
            column(oracle, 0).stream()
                .collect(Collectors.toMap(cell -> cell.cohortMonth().toString(), Cell::cohortSize)))
        .containsOnly(
            Map.entry("1997-01-01", 7_814L),
            Map.entry("1997-02-01", 8_455L),
            Map.entry("1997-03-01", 7_231L),
            Map.entry("1997-11-01", 2L));

    Reconciliation sums = oracle.reconciliation();
    assertThat(sums.holds()).isTrue();
    assertThat(sums.raw()).isEqualTo(69_659);
    assertThat(sums.accepted()).isEqualTo(69_659);
    assertThat(sums.customerDaysNet()).isEqualByComparingTo("2500315.63");
  }

  @Test
  void theCdnowSampleIsATenthOfIt() throws IOException {
    Oracle oracle =
        Oracle.of(CdnowFile.readSample(RealData.file("CDNOW_sample.txt")), CdnowFile.settings());
    assertThat(oracle.lines().stream().map(Line::customerId).distinct()).hasSize(2_357);
    assertThat(oracle.customers()).hasSize(2_349);
    assertThat(oracle.reconciliation().holds()).isTrue();
    assertThat(oracle.reconciliation().customerDaysNet()).isEqualByComparingTo("244091.94");
  }
}
