package io.perennial;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.oracle.LakeCsv;
import io.perennial.oracle.Oracle;
import io.perennial.oracle.OracleSettings.Updates;
import io.perennial.oracle.RandomLake;
import io.perennial.oracle.RandomLakes;
import io.perennial.oracle.RawRecord;
import io.perennial.table.RunRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A random lake that grows, changes and loses a file between two runs gives what the oracle makes
 * of the files that are there in the end.
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
  void theSecondRunIsAsIfTheLakeHadAlwaysBeenSo(RandomLake lake, @TempDir Path folder)
      throws IOException {
    Second second = secondRun(lake, folder, Steps.LAKE_STEPS);
    assertThat(second.lakeTables().differences()).as("%s", lake).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("moreLakes")
  @Tag("slow")
  void theSecondRunOfMoreLakes(RandomLake lake, @TempDir Path folder) throws IOException {
    compare(lake, folder);
  }

  private static void compare(RandomLake lake, Path folder) throws IOException {
    ExpectedTables tables =
        secondRun(lake, folder, OracleShop.STEPS)
            .lakeTables()
            .cohorts()
            .rfm(5, ShippedSchemes::r5fm5);
    assertThat(tables.differences()).as("%s", lake).isEmpty();
  }

  private static Second secondRun(RandomLake lake, Path folder, List<Step> steps)
      throws IOException {
    List<RawRecord> before = new ArrayList<>();
    List<RawRecord> after = new ArrayList<>();
    split(lake, before, after);
    Shop shop = OracleShop.of(with(lake, before), folder).making(steps);
    Oracle oracle = Oracle.of(after, lake.settings().asOf((LocalDate) null));
    // The second run may not go back behind the first, so both are as of the end.
    shop.set("lake.on-missing-file", "retract").runAsOf(oracle.asOf());

    replaceWhatIsDifferent(shop, lake, before, after);
    return new Second(lake, oracle, shop, shop.runAsOf(oracle.asOf()));
  }

  /** A second run and what the oracle expects of it. */
  private record Second(RandomLake lake, Oracle oracle, Shop shop, RunRecord run) {
    ExpectedTables lakeTables() throws IOException {
      return ExpectedTables.of(oracle, shop, run)
          .lines(lake.settings().lineIdMapped(), lake.currency())
          .orders()
          .customers();
    }
  }

  /** Unchanged files are not touched: they need not be read again. */
  private static void replaceWhatIsDifferent(
      Shop shop, RandomLake lake, List<RawRecord> before, List<RawRecord> after)
      throws IOException {
    Map<String, List<RawRecord>> old = byFile(before);
    Map<String, List<RawRecord>> wanted = byFile(after);
    old.keySet().stream().filter(file -> !wanted.containsKey(file)).forEach(shop::remove);
    List<RawRecord> different =
        after.stream()
            .filter(record -> !wanted.get(record.file()).equals(old.get(record.file())))
            .toList();
    LakeCsv.write(with(lake, different), shop.lake());
  }

  private static Map<String, List<RawRecord>> byFile(List<RawRecord> records) {
    return records.stream().collect(Collectors.groupingBy(RawRecord::file));
  }

  /** A third of the files are new, one changes, one vanishes, the others stay. */
  private static void split(RandomLake lake, List<RawRecord> before, List<RawRecord> after) {
    Random random = new Random(lake.seed());
    List<String> files = lake.records().stream().map(RawRecord::file).distinct().sorted().toList();
    String changed = files.get(random.nextInt(files.size()));
    String vanished = files.get(random.nextInt(files.size()));
    List<String> fresh = files.stream().filter(file -> random.nextInt(3) == 0).toList();
    for (RawRecord record : lake.records()) {
      boolean isNew = fresh.contains(record.file()) || dropped(record, changed, random);
      if (!isNew) {
        before.add(record);
      }
      if (!record.file().equals(vanished) && !dropped(record, changed, random)) {
        after.add(record);
      }
    }
  }

  private static boolean dropped(RawRecord record, String changed, Random random) {
    return record.file().equals(changed) && random.nextInt(3) == 0;
  }

  private static RandomLake with(RandomLake lake, List<RawRecord> records) {
    return new RandomLake(lake.seed(), records, lake.settings(), lake.isUpdatedAtMapped());
  }
}
