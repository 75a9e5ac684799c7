package io.perennial.acceptance;

import io.perennial.acceptance.Crash.Manner;
import io.perennial.audiences.AudienceSteps;
import io.perennial.export.ExportSteps;
import io.perennial.pipeline.Steps;
import io.perennial.spark.Faults;
import io.perennial.step.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run may die at any moment: whatever it had done by then, readers see a whole run, and the next
 * run makes what a run makes that nobody killed: tables, private state, and files for platforms.
 */
class CrashTest {

  /** From the lake to the files for platforms; what lies between writes no differently. */
  private static final List<Step> STEPS =
      Stream.of(Steps.LAKE_STEPS, AudienceSteps.AUDIENCE_STEPS, ExportSteps.EXPORT_STEPS)
          .flatMap(List::stream)
          .toList();

  private static final int POINTS = 60;

  @TempDir private static Path folder;

  private static Crashes crashes;

  @BeforeAll
  static void prepare() throws IOException {
    crashes = Crashes.in(folder, STEPS);
  }

  @AfterEach
  void noMoreFaults() {
    Faults.none();
  }

  @Test
  @Tag("slow")
  void aRunThatDiesOnceItIsPublishedIsMadeGoodByTheNext() throws Exception {
    crashes.dieOnce(List.of(crashes.whenPublished()), Manner.IS_GONE);
  }

  @Test
  @Tag("slow")
  void runsThatDieAnywhereInARowAreMadeGoodByTheNext() throws Exception {
    crashes.die(crashes.some(2 * POINTS));
  }

  @Test
  @Tag("slow")
  void aRunWhoseJvmHaltsAnywhereIsMadeGoodByTheNext() throws Exception {
    crashes.haltOnce(crashes.some(POINTS));
  }

  /** Hours: all points there are, in both manners. */
  @Test
  @Tag("slow")
  @EnabledIfSystemProperty(named = "perennial.every-point", matches = "true")
  void aRunThatFailsAnywhereIsMadeGoodByTheNext() throws Exception {
    for (Manner manner : List.of(Manner.FAILS_ONCE, Manner.IS_GONE)) {
      crashes.dieOnce(crashes.everywhere(), manner);
    }
  }
}
