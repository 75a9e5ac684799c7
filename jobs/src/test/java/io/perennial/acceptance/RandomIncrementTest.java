package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.oracle.LakeCsv;
import io.perennial.oracle.Oracle;
import io.perennial.oracle.OracleSettings.Updates;
import io.perennial.oracle.RandomLake;
import io.perennial.oracle.RandomLakes;
import io.perennial.oracle.RawRecord;
import io.perennial.pipeline.Steps;
import io.perennial.step.Step;
import io.perennial.table.RunRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A random lake whose files are added in any order, changed, removed and restored between runs.
 * After each run the tables equal the oracle's for the current files, and unaffected months keep
 * their data files.
 */
class RandomIncrementTest {

  static Stream<RandomLake> lakes() {
    return Stream.of(RandomLakes.of(22, Updates.LINE, true, 4));
  }

  static Stream<RandomLake> moreLakes() {
    return LongStream.range(200, 210).mapToObj(RandomLakes::of);
  }

  @ParameterizedTest
  @MethodSource("lakes")
  void everyRunEqualsTheOracleOfTheCurrentFiles(RandomLake lake, @TempDir Path folder)
      throws IOException {
    List<Step> steps = new ArrayList<>(Steps.LAKE_STEPS);
    steps.addAll(Steps.COHORT_STEPS);
    steps.removeIf(step -> step.name().equals("repurchase_curve"));
    History history = new History(lake, folder, steps, "0");
    history.runThrough(2);
    assertThat(history.unchangedMonths).as("months that were left alone").isGreaterThan(10);
    assertThat(history.restatedValues).as("published values that changed").isGreaterThan(100);
  }

  @ParameterizedTest
  @MethodSource("moreLakes")
  @Tag("slow")
  void everyRunEqualsTheOracleOnMoreLakes(RandomLake lake, @TempDir Path folder)
      throws IOException {
    String smallTable = lake.seed() % 2 == 0 ? "0" : "256";
    new History(lake, folder, OracleShop.STEPS, smallTable).runThrough(6);
  }

  /** Successive states of a lake, and a shop that runs on each. */
  private static final class History {

    private final RandomLake lake;
    private final List<Step> steps;
    private final Random random;
    private final Shop shop;
    private final Map<String, List<RawRecord>> all;
    private Map<String, List<RawRecord>> files;
    private int unchangedMonths;
    private int restatedValues;

    /**
     * @param smallTable megabytes up to which tables are read whole; with 0 rows are always looked
     *     up by key
     */
    History(RandomLake lake, Path folder, List<Step> steps, String smallTable) throws IOException {
      this.lake = lake;
      this.steps = steps;
      this.random = new Random(lake.seed());
      this.all =
          lake.records().stream()
              .collect(Collectors.groupingBy(RawRecord::file, TreeMap::new, Collectors.toList()));
      this.files = firstHalf();
      this.shop =
          OracleShop.of(with(records(files)), folder)
              .withSteps(steps)
              .set("lake.on-missing-file", "retract")
              .set("warehouse.small-table-megabytes", smallTable);
    }

    /** Runs on the first state and on the given number of later ones. */
    void runThrough(int changes) throws IOException {
      List<Map<String, List<RawRecord>>> states = new ArrayList<>(List.of(files));
      for (int i = 0; i < changes; i++) {
        states.add(changed(states.get(i)));
      }
      // as_of must not decrease between runs, so all runs use the same date.
      LocalDate asOf =
          states.stream()
              .map(state -> oracle(state, null).asOf())
              .max(LocalDate::compareTo)
              .orElseThrow();
      Oracle before = oracle(states.get(0), asOf);
      RunRecord first = shop.runAsOf(asOf);
      for (Map<String, List<RawRecord>> state : states.subList(1, states.size())) {
        deliver(state);
        Oracle after = oracle(state, asOf);
        RunRecord second = shop.runAsOf(asOf);
        assertThat(differences(after, second)).as("%s", lake).isEmpty();
        unchangedMonths += UnchangedMonths.assertUnchanged(shop, before, first, after, second);
        restatedValues +=
            ExpectedRestatements.assertEqual(
                shop, before, after, second, lake.settings().repeatDays());
        before = after;
        first = second;
      }
    }

    private List<String> differences(Oracle oracle, RunRecord run) throws IOException {
      ExpectedTables tables =
          ExpectedTables.of(oracle, shop, run)
              .lines(lake.settings().lineIdMapped(), lake.currency())
              .orders()
              .customers();
      if (steps.equals(OracleShop.STEPS)) {
        tables.cohorts().rfm(5, ShippedSchemes::r5fm5);
      } else {
        tables.matrix();
      }
      return tables.differences();
    }

    private Oracle oracle(Map<String, List<RawRecord>> state, LocalDate asOf) {
      return Oracle.of(records(state), lake.settings().asOf(asOf));
    }

    private Map<String, List<RawRecord>> firstHalf() {
      Map<String, List<RawRecord>> half = new TreeMap<>();
      all.forEach(
          (file, records) -> {
            if (random.nextInt(2) == 0) {
              half.put(file, records);
            }
          });
      return half.isEmpty() ? new TreeMap<>(all) : half;
    }

    /** Adds, removes, shortens by a third, or restores one to three files. */
    private Map<String, List<RawRecord>> changed(Map<String, List<RawRecord>> state) {
      Map<String, List<RawRecord>> next = new TreeMap<>(state);
      List<String> names = List.copyOf(all.keySet());
      int events = 1 + random.nextInt(3);
      for (int i = 0; i < events; i++) {
        String file = names.get(random.nextInt(names.size()));
        List<RawRecord> whole = all.get(file);
        if (!whole.equals(next.get(file))) {
          next.put(file, whole);
        } else if (random.nextBoolean() && next.size() > 1) {
          next.remove(file);
        } else {
          next.put(
              file,
              whole.stream()
                  .filter(record -> record.equals(whole.get(0)) || random.nextInt(3) > 0)
                  .toList());
        }
      }
      return next;
    }

    /** Writes only files that differ, so that unchanged files are not read again. */
    private void deliver(Map<String, List<RawRecord>> state) throws IOException {
      files.keySet().stream().filter(file -> !state.containsKey(file)).forEach(shop::remove);
      List<RawRecord> different = new ArrayList<>();
      state.forEach(
          (file, records) -> {
            if (!records.equals(files.get(file))) {
              different.addAll(records);
            }
          });
      LakeCsv.write(with(different), shop.lake());
      files = state;
    }

    private static List<RawRecord> records(Map<String, List<RawRecord>> state) {
      return state.values().stream().flatMap(List::stream).toList();
    }

    private RandomLake with(List<RawRecord> records) {
      return new RandomLake(lake.seed(), records, lake.settings(), lake.isUpdatedAtMapped());
    }
  }
}
