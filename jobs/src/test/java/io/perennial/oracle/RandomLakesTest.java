package io.perennial.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.oracle.Ingest.Ingested;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The random lakes have many edge cases, and the oracle is consistent on all of them. */
class RandomLakesTest {

  private static final List<RandomLake> LAKES = RandomLakes.many(1, 300);

  @Test
  void everyIdentityHoldsOnEveryLake() {
    for (RandomLake lake : LAKES) {
      Oracle oracle = lake.oracle();
      assertThat(oracle.reconciliation().holds())
          .as("%s: %s", lake, oracle.reconciliation())
          .isTrue();
      for (RetentionSummary.Row row : oracle.retentionSummary()) {
        if (row.customersEnd() != null) {
          assertThat(row.customersStart() + row.newCustomers() + row.reactivated() - row.lost())
              .as("E = S + N + reactivated - lost in %s, %s", row, lake)
              .isEqualTo(row.customersEnd());
        }
      }
    }
  }

  @Test
  void theOrderOfRecordsChangesNothing() {
    for (RandomLake lake : LAKES.subList(0, 60)) {
      List<RawRecord> shuffled = new ArrayList<>(lake.records());
      Collections.shuffle(shuffled, new Random(lake.seed()));
      Oracle oracle = lake.oracle();
      Oracle other = Oracle.of(shuffled, lake.settings());
      assertThat(other.customerDays()).as(lake.toString()).isEqualTo(oracle.customerDays());
      assertThat(other.orders()).as(lake.toString()).isEqualTo(oracle.orders());
      assertThat(other.cohortMatrix()).as(lake.toString()).isEqualTo(oracle.cohortMatrix());
      assertThat(other.reconciliation()).as(lake.toString()).isEqualTo(oracle.reconciliation());
    }
  }

  @Test
  void equalSeedsGiveEqualLakes() {
    assertThat(RandomLakes.of(7)).isEqualTo(RandomLakes.of(7)).isNotEqualTo(RandomLakes.of(8));
  }

  @Test
  void edgeCasesAreFrequent() {
    Map<String, Integer> lakesWith = new TreeMap<>();
    for (RandomLake lake : LAKES) {
      Oracle oracle = lake.oracle();
      Ingested in = oracle.ingested();
      note(lakesWith, "duplicates", !in.duplicates().isEmpty());
      note(lakesWith, "superseded", !in.superseded().isEmpty());
      note(lakesWith, "rejected", !in.rejected().isEmpty());
      note(
          lakesWith,
          "two customers",
          any(in.rejected(), r -> r.reasons().toString().contains("two customers")));
      note(
          lakesWith,
          "negative price",
          any(in.rejected(), r -> r.reasons().toString().contains("unit_price")));
      note(lakesWith, "uncounted", any(oracle.lines(), l -> !l.isCounted()));
      note(
          lakesWith,
          "cancelled in part",
          any(oracle.lines(), l -> l.isCounted() && "cancelled".equals(l.status())));
      note(lakesWith, "anonymous", any(oracle.lines(), l -> l.customerId() == null));
      note(lakesWith, "derived refund", any(oracle.lines(), Line::isDerived));
      note(lakesWith, "refund line", any(oracle.lines(), l -> !l.isSale() && !l.isDerived()));
      note(lakesWith, "order discount", any(oracle.lines(), l -> l.orderDiscount().signum() > 0));
      note(lakesWith, "blank time", any(lake.records(), r -> !r.has(Column.ORDERED_AT)));
      note(
          lakesWith,
          "blank customer filled",
          any(lake.records(), r -> !r.has(Column.CUSTOMER_ID) && !r.orderId().startsWith("A")));
      note(
          lakesWith,
          "order of nothing",
          any(oracle.orders(), o -> o.countedSaleLines() > 0 && !o.isValid()));
      note(
          lakesWith,
          "before cohort",
          any(oracle.customerMonths(), m -> m.monthIndex() != null && m.monthIndex() < 0));
      note(lakesWith, "no cohort", any(oracle.customerMonths(), m -> m.monthIndex() == null));
      note(lakesWith, "partial cell", any(oracle.cohortMatrix(), c -> c.state().equals("partial")));
      note(
          lakesWith,
          "existing cell",
          any(oracle.cohortMatrix(), c -> c.state().equals("existing")));
      note(
          lakesWith,
          "unknown customer",
          oracle.customers().values().stream()
              .anyMatch(c -> !c.firstDay().isBefore(oracle.asOf())));
      note(
          lakesWith,
          "order over months",
          any(
              oracle.lines(),
              l ->
                  l.isSale()
                      && oracle.orders().stream()
                          .anyMatch(
                              o ->
                                  o.orderId().equals(l.orderId())
                                      && !o.orderMonth().equals(l.orderMonth()))));
      note(lakesWith, "reactivated", any(oracle.retentionSummary(), r -> r.reactivated() > 0));
    }
    assertThat(lakesWith).allSatisfy((what, lakes) -> assertThat(lakes).as(what).isGreaterThan(20));
  }

  @Test
  void aLakeIsWrittenAsCsvThatReadsBack(@TempDir Path folder) throws IOException {
    RandomLake lake = RandomLakes.of(3);
    LakeCsv.write(lake, folder);
    List<List<String>> cells = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        List<String> lines = Files.readAllLines(file);
        assertThat(lines.get(0).split(","))
            .containsExactlyElementsOf(lake.columns().stream().map(Column::columnName).toList());
        lines.subList(1, lines.size()).forEach(line -> cells.add(OnlineRetailFile.cells(line)));
      }
    }
    int name = lake.columns().indexOf(Column.PRODUCT_NAME);
    assertThat(cells).hasSameSizeAs(lake.records());
    assertThat(cells.stream().map(row -> row.get(name)))
        .containsExactlyInAnyOrderElementsOf(
            lake.records().stream().map(r -> r.text(Column.PRODUCT_NAME)).toList());
  }

  @Test
  void timesAreWrittenInEquivalentNotations() {
    ZoneId london = ZoneId.of("Europe/London");
    // The clocks skip from 01:00 to 02:00: 01:30 means 02:30. In autumn 01:30 occurs twice and
    // means
    // the first one.
    assertThat(LakeCsv.time(Instant.parse("2024-03-31T01:30:00Z"), london))
        .isEqualTo("2024-03-31 01:30:00");
    List<String> autumn = new ArrayList<>();
    for (int seconds = 0; seconds < 21; seconds++) {
      autumn.add(LakeCsv.time(Instant.parse("2024-10-27T01:30:00Z").plusSeconds(seconds), london));
    }
    assertThat(autumn)
        .noneMatch(text -> text.contains(" "))
        .anyMatch(text -> text.contains("01:30:0"));
  }

  private static void note(Map<String, Integer> lakesWith, String what, boolean isThere) {
    lakesWith.merge(what, isThere ? 1 : 0, Integer::sum);
  }

  private static <T> boolean any(List<T> rows, Predicate<T> what) {
    return rows.stream().anyMatch(what);
  }
}
