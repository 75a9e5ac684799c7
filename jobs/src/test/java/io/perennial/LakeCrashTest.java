package io.perennial;

import io.perennial.localfs.Faults;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As {@link CrashTest} has it, at sixty points of the steps from the lake to customer months. */
class LakeCrashTest {

  private static final int POINTS = 60;

  @TempDir private Path folder;

  @AfterEach
  void noMoreFaults() {
    Faults.none();
  }

  @Test
  void runsThatDieAnywhereInARowAreMadeGoodByTheNext() throws IOException {
    Crashes crashes = Crashes.in(folder, Steps.LAKE_STEPS);
    crashes.die(crashes.some(POINTS));
  }
}
