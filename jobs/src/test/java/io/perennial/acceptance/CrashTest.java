package io.perennial.acceptance;

import io.perennial.acceptance.CrashPlan.Mode;
import io.perennial.audiences.AudienceSteps;
import io.perennial.export.ExportSteps;
import io.perennial.pipeline.Steps;
import io.perennial.spark.Faults;
import io.perennial.step.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run may crash at any moment. Readers then see the results of a complete run, and the next run
 * produces the same tables, private state and export files as a run without a crash.
 */
class CrashTest {

  /** From the lake to the export files; the steps left out write in the same way. */
  private static final List<Step> STEPS =
      Shop.steps(Steps.LAKE_STEPS, AudienceSteps.AUDIENCE_STEPS, ExportSteps.EXPORT_STEPS);

  private static final int POINTS = 60;

  @TempDir private static Path folder;

  private static CrashRunner runner;

  @BeforeAll
  static void prepare() throws IOException {
    runner = CrashRunner.in(folder, STEPS);
  }

  @AfterEach
  void removeFaults() {
    Faults.none();
  }

  @Test
  @Tag("slow")
  void nextRunRecoversFromACrashAfterPublication() throws Exception {
    runner.crashOnce(List.of(runner.afterPublication()), Mode.FAIL_FROM_THEN_ON);
  }

  @Test
  @Tag("slow")
  void nextRunRecoversFromConsecutiveCrashes() throws Exception {
    runner.crash(runner.sample(2 * POINTS));
  }

  @Test
  @Tag("slow")
  void nextRunRecoversFromAHaltedJvm() throws Exception {
    runner.haltOnce(runner.sample(POINTS));
  }

  /** Takes hours: all points in both modes. */
  @Test
  @Tag("slow")
  @EnabledIfSystemProperty(named = "perennial.every-point", matches = "true")
  void nextRunRecoversFromACrashAtEveryPoint() throws Exception {
    for (Mode mode : List.of(Mode.FAIL_ONCE, Mode.FAIL_FROM_THEN_ON)) {
      runner.crashOnce(runner.all(), mode);
    }
  }
}
