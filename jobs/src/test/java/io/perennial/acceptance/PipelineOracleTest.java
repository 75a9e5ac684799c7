package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.ingest.IngestedFilesTable;
import io.perennial.ingest.RejectsTable;
import io.perennial.oracle.Ingest.Ingested;
import io.perennial.oracle.Oracle;
import io.perennial.oracle.OracleSettings.Updates;
import io.perennial.oracle.RandomLake;
import io.perennial.oracle.RandomLakes;
import io.perennial.oracle.RawRecord;
import io.perennial.pipeline.Steps;
import io.perennial.table.RunRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The published tables equal the oracle's on random lakes of every kind. */
class PipelineOracleTest {

  static Stream<RandomLake> lakes() {
    return Stream.of(RandomLakes.of(11, Updates.NONE, false, 4));
  }

  /** Only tables up to customers depend on the update mode; later tables are compared elsewhere. */
  static Stream<RandomLake> lakesOfOrders() {
    return Stream.of(RandomLakes.of(14, Updates.ORDER, true, 4));
  }

  static Stream<RandomLake> moreLakes() {
    return LongStream.range(100, 110).mapToObj(RandomLakes::of);
  }

  @ParameterizedTest
  @MethodSource("lakes")
  void everyTableEqualsTheOracle(RandomLake lake, @TempDir Path folder) throws IOException {
    compare(lake, folder);
  }

  @ParameterizedTest
  @MethodSource("lakesOfOrders")
  @Tag("slow")
  void linesOrdersAndCustomersEqualTheOracle(RandomLake lake, @TempDir Path folder)
      throws IOException {
    Shop shop = OracleShop.of(lake, folder).withSteps(Steps.LAKE_STEPS);
    Oracle oracle = Oracle.of(lake.records(), lake.settings().asOf((LocalDate) null));
    RunRecord run = shop.run();
    ExpectedTables tables =
        ExpectedTables.of(oracle, shop, run)
            .lines(lake.settings().lineIdMapped(), lake.currency())
            .orders()
            .customers();
    assertThat(tables.differences()).as("%s", lake).isEmpty();
    compareIngest(oracle.ingested(), shop);
  }

  @ParameterizedTest
  @MethodSource("moreLakes")
  @Tag("slow")
  void everyTableEqualsTheOracleOnMoreLakes(RandomLake lake, @TempDir Path folder)
      throws IOException {
    compare(lake, folder);
  }

  private static void compare(RandomLake lake, Path folder) throws IOException {
    Shop shop = OracleShop.of(lake, folder);
    Oracle oracle = Oracle.of(lake.records(), lake.settings().asOf((LocalDate) null));
    RunRecord run = shop.run();
    assertThat(run.asOf()).contains(oracle.asOf());
    ExpectedTables current =
        ExpectedTables.of(oracle, shop, run)
            .lines(lake.settings().lineIdMapped(), lake.currency())
            .orders()
            .customers()
            .cohorts()
            .rfm(5, ShippedSchemes::r5fm5);
    assertThat(current.differences()).as("%s", lake).isEmpty();
    compareIngest(oracle.ingested(), shop);

    LocalDate pastDate = oracle.asOf().minusMonths(2).withDayOfMonth(17);
    RunRecord earlier = shop.set("rfm.scheme", "r3-f3-m3").runAsOf(pastDate);
    ExpectedTables past =
        ExpectedTables.of(Oracle.of(lake.records(), lake.settings().asOf(pastDate)), shop, earlier)
            .customers()
            .cohorts()
            .rfm(3, ShippedSchemes::r3f3m3);
    assertThat(past.differences()).as("%s as of %s", lake, pastDate).isEmpty();
  }

  private static void compareIngest(Ingested expected, Shop shop) {
    List<Map<String, Object>> files = shop.rows(IngestedFilesTable.TABLE);
    assertThat(byFile(files, "accepted")).isEqualTo(counts(expected.accepted()));
    assertThat(byFile(files, "duplicates")).isEqualTo(counts(expected.duplicates()));
    assertThat(byFile(files, "superseded")).isEqualTo(counts(expected.superseded()));
    assertThat(byFile(files, "rejected"))
        .isEqualTo(counts(expected.rejected().stream().map(r -> r.record()).toList()));
    assertThat(files.stream().mapToLong(file -> (long) file.get("records")).sum())
        .isEqualTo(expected.raw());
    assertThat(
            shop.rows(RejectsTable.TABLE).stream()
                .map(r -> r.get("order_id") + " " + columnsOf((List<?>) r.get("reasons"))))
        .containsExactlyInAnyOrderElementsOf(
            expected.rejected().stream()
                .map(r -> r.record().orderId() + " " + columnsOf(r.reasons()))
                .toList());
  }

  private static Map<String, Long> byFile(List<Map<String, Object>> files, String count) {
    return files.stream()
        .filter(file -> (long) file.get(count) > 0)
        .collect(
            Collectors.toMap(
                file -> (String) file.get("path"),
                file -> (long) file.get(count),
                Long::sum,
                TreeMap::new));
  }

  private static Map<String, Long> counts(List<RawRecord> records) {
    return records.stream()
        .collect(Collectors.groupingBy(RawRecord::file, TreeMap::new, Collectors.counting()));
  }

  /** The columns that the reasons name. */
  private static List<String> columnsOf(List<?> reasons) {
    Function<Object, String> column =
        reason ->
            Stream.of("ordered_at", "refunded_at", "unit_price", "quantity", "customer")
                .filter(String.valueOf(reason)::contains)
                .findFirst()
                .orElse(String.valueOf(reason));
    return reasons.stream().map(column).sorted().toList();
  }
}
