package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.perennial.cohorts.CohortMatrixTable;
import io.perennial.ingest.IngestedFilesTable;
import io.perennial.months.CustomerDaysTable;
import io.perennial.oracle.CdnowFile;
import io.perennial.oracle.OnlineRetailFile;
import io.perennial.oracle.Oracle;
import io.perennial.oracle.OracleSettings;
import io.perennial.oracle.RawRecord;
import io.perennial.oracle.RealData;
import io.perennial.orders.OrdersTable;
import io.perennial.rfm.RfmTable;
import io.perennial.table.RunRecord;
import io.perennial.table.RunRecord.IdentityCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The public data sets through the shipped sources: the results equal their published figures, and
 * every cohort cell and customer equals the oracle's.
 */
@Tag("slow")
class RealDataTest {

  @TempDir Path folder;

  @Test
  void onlineRetailHasItsPublishedFigures() throws IOException {
    Path file = RealData.file("online_retail.csv.gz");
    Shop shop = shop("uci-online-retail", file, OnlineRetailFile.settings());
    RunRecord run = shop.run();

    assertThat(run.asOf().orElseThrow()).isEqualTo("2011-12-10");
    assertThat(shop.rows(RfmTable.TABLE, run)).hasSize(4_338);
    assertThat(shop.rows(OrdersTable.TABLE, run))
        .filteredOn(order -> (boolean) order.get("is_valid") && order.get("customer_id") != null)
        .hasSize(18_532);
    assertThat(cell(shop, run, "2010-12-01", 1))
        .contains(entry("cohort_size", 885L), entry("active_customers", 324L));

    Map<String, Object> read = shop.rows(IngestedFilesTable.TABLE, run).get(0);
    assertThat(read).contains(entry("records", 541_909L), entry("rejected", 2L));
    assertThat(run.reconciliation())
        .hasSize(6)
        .allMatch(IdentityCheck::holds)
        .extracting(IdentityCheck::left, IdentityCheck::right)
        .contains(
            org.assertj.core.groups.Tuple.tuple("9769872.05", "8300065.81 + 1469806.24 + 0.00"));
    assertEqualsOracle(OnlineRetailFile.read(file), OnlineRetailFile.settings(), shop, run);
  }

  /**
   * Two of the 23,502 customers have only free orders in the first quarter of 1997 and first pay in
   * November. They form a cohort in addition to the three published ones.
   */
  @Test
  void cdnowHasItsPublishedFigures() throws IOException {
    Path file = RealData.file("CDNOW_master.txt");
    Shop shop = shop("cdnow", file, CdnowFile.settings());
    RunRecord run = shop.run();

    assertThat(shop.rows(RfmTable.TABLE, run)).hasSize(23_502);
    assertThat(shop.rows(CustomerDaysTable.TABLE, run))
        .filteredOn(day -> (long) day.get("orders") > 0)
        .hasSize(67_511);
    Map<String, Object> sizes = new TreeMap<>();
    shop.rows(CohortMatrixTable.TABLE, run).stream()
        .filter(cell -> cell.get("dimension").equals("all") && cell.get("month_index").equals(0))
        .forEach(cell -> sizes.put(cell.get("cohort_month").toString(), cell.get("cohort_size")));
    assertThat(sizes)
        .containsOnly(
            entry("1997-01-01", 7_814L),
            entry("1997-02-01", 8_455L),
            entry("1997-03-01", 7_231L),
            entry("1997-11-01", 2L));
    assertThat(run.reconciliation())
        .hasSize(6)
        .allMatch(IdentityCheck::holds)
        .extracting(IdentityCheck::left)
        .contains("69659", "2500315.63");
    assertEqualsOracle(CdnowFile.readMaster(file), CdnowFile.settings(), shop, run);
  }

  private Shop shop(String source, Path file, OracleSettings settings) {
    Shop shop = Shop.in(folder).set("lake.source", source).set("lake.path", file.toString());
    return OracleShop.set(shop, settings);
  }

  private static Map<String, Object> cell(Shop shop, RunRecord run, String cohort, int month) {
    return shop.rows(CohortMatrixTable.TABLE, run).stream()
        .filter(cell -> cell.get("dimension").equals("all"))
        .filter(cell -> cell.get("cohort_month").toString().equals(cohort))
        .filter(cell -> cell.get("month_index").equals(month))
        .findFirst()
        .orElseThrow();
  }

  private static void assertEqualsOracle(
      List<RawRecord> records, OracleSettings settings, Shop shop, RunRecord run) {
    ExpectedTables tables =
        ExpectedTables.of(Oracle.of(records, settings), shop, run)
            .customers()
            .cohorts()
            .rfm(5, ShippedSchemes::r5fm5);
    assertThat(tables.differences()).isEmpty();
  }
}
