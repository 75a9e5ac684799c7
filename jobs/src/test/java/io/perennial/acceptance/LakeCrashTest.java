package io.perennial.acceptance;

import io.perennial.pipeline.Steps;
import io.perennial.spark.Faults;
import io.perennial.spark.Faults.Kind;
import io.perennial.spark.Faults.When;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As {@link CrashTest} has it, of the steps from the lake to customer months. */
class LakeCrashTest {

  private static final int POINTS = 60;

  @TempDir private static Path folder;

  private static Crashes crashes;

  @BeforeAll
  static void prepare() throws IOException {
    crashes = Crashes.in(folder, Steps.LAKE_STEPS);
  }

  @AfterEach
  void noMoreFaults() {
    Faults.none();
  }

  @Test
  void runsThatDieAnywhereInARowAreMadeGoodByTheNext() throws Exception {
    crashes.die(crashes.some(POINTS));
  }

  @Test
  void runsWhoseJvmsHaltInARowAreMadeGoodByTheNext() throws Exception {
    crashes.halt(
        List.of(
            crashes.last(When.AFTER, Kind.CLOSE, "warehouse/order_lines/data"),
            crashes.last(When.AFTER, Kind.RENAME, "warehouse/order_lines/_delta_log/entry"),
            crashes.last(When.BEFORE, Kind.RENAME, "warehouse/customers/_delta_log/entry"),
            crashes.last(When.BEFORE, Kind.RENAME, "warehouse/runs/_delta_log/entry"),
            crashes.whenPublished()));
  }
}
