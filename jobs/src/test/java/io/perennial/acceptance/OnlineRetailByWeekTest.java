package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.oracle.RealData;
import io.perennial.pipeline.Steps;
import io.perennial.restatements.RestatementsTable;
import io.perennial.table.RunRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Online Retail split into weekly files that arrive out of order, with one removed and restored.
 * The tables equal those of a rebuild.
 */
@Tag("slow")
class OnlineRetailByWeekTest {

  private static final Pattern DATE =
      Pattern.compile(",\"(\\d{4}-\\d{2}-\\d{2}) \\d{2}:\\d{2}:\\d{2}\",");
  private static final LocalDate AS_OF = LocalDate.of(2011, 12, 10);
  private static final int WEEKS_AT_ONCE = 9;

  @TempDir Path folder;

  @Test
  void weeklyFilesInAnyOrderEqualARebuild() throws IOException {
    Map<LocalDate, List<String>> weeks = weeks(RealData.file("online_retail.csv.gz"));
    Shop shop =
        Shop.in(folder)
            .set("lake.source", "uci-online-retail")
            .set("cohorts.dimensions", "[country]")
            .set("lake.on-missing-file", "retract")
            .withSteps(Shop.steps(Steps.LAKE_STEPS, Steps.COHORT_STEPS, Steps.RFM_STEPS));
    List<LocalDate> order = new ArrayList<>(weeks.keySet());
    Collections.shuffle(order, new Random(7));
    RunRecord last = null;
    for (int from = 0; from < order.size(); from += WEEKS_AT_ONCE) {
      for (LocalDate week : order.subList(from, Math.min(order.size(), from + WEEKS_AT_ONCE))) {
        shop.write(week + ".csv", String.join("\n", weeks.get(week)) + "\n");
      }
      last = shop.runAsOf(AS_OF);
    }
    RunRecord whole = last;
    LocalDate middle = order.get(order.size() / 2);
    shop.remove(middle + ".csv");
    RunRecord without = shop.runAsOf(AS_OF);
    assertThat(shop.messages()).anyMatch(line -> line.contains("rewritten"));
    assertThat(TableComparison.differencesOfLarge(shop, shop.rebuild(AS_OF), without)).isEmpty();

    shop.write(middle + ".csv", String.join("\n", weeks.get(middle)) + "\n");
    RunRecord again = shop.runAsOf(AS_OF);
    assertThat(TableComparison.differencesOfLarge(shop, whole, again)).isEmpty();
    assertThat(TableComparison.differencesOfLarge(shop, shop.rebuild(AS_OF), again)).isEmpty();
    assertThat(shop.rows(RestatementsTable.TABLE))
        .extracting(row -> (String) row.get("cause"))
        .contains("late order")
        .noneMatch(cause -> cause.contains("configuration"));
  }

  /** The lines of the file by the Monday of their week, each week with the header. */
  private static Map<LocalDate, List<String>> weeks(Path gzip) throws IOException {
    Map<LocalDate, List<String>> weeks = new TreeMap<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(gzip)), StandardCharsets.UTF_8))) {
      String header = reader.readLine();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        Matcher date = DATE.matcher(line);
        assertThat(date.find()).as(line).isTrue();
        LocalDate week =
            LocalDate.parse(date.group(1)).with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        weeks.computeIfAbsent(week, any -> new ArrayList<>(List.of(header))).add(line);
      }
    }
    return weeks;
  }
}
