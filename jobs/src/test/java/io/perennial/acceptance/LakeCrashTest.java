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

/** The checks of {@link CrashTest} for the steps from the lake to customer months. */
class LakeCrashTest {

  private static final int POINTS = 60;

  @TempDir private static Path folder;

  private static CrashRunner runner;

  @BeforeAll
  static void prepare() throws IOException {
    runner = CrashRunner.in(folder, Steps.LAKE_STEPS);
  }

  @AfterEach
  void removeFaults() {
    Faults.none();
  }

  @Test
  void nextRunRecoversFromConsecutiveCrashes() throws Exception {
    runner.crash(runner.sample(POINTS));
  }

  @Test
  void nextRunRecoversFromConsecutiveHalts() throws Exception {
    runner.halt(
        List.of(
            runner.last(When.AFTER, Kind.CLOSE, "warehouse/order_lines/data"),
            runner.last(When.AFTER, Kind.RENAME, "warehouse/order_lines/_delta_log/entry"),
            runner.last(When.BEFORE, Kind.RENAME, "warehouse/customers/_delta_log/entry"),
            runner.last(When.BEFORE, Kind.RENAME, "warehouse/runs/_delta_log/entry"),
            runner.afterPublication()));
  }
}
