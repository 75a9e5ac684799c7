package io.perennial;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashTest {
  @TempDir static Path folder;

  @Test
  void probe() throws Exception {
    CrashShop shop =
        CrashShop.in(
                folder,
                Stream.of(
                        Steps.LAKE_STEPS,
                        Steps.COHORT_STEPS,
                        Steps.RFM_STEPS,
                        AudienceSteps.AUDIENCE_STEPS,
                        AudienceSteps.LIFT_STEPS,
                        ExportSteps.EXPORT_STEPS)
                    .flatMap(List::stream)
                    .toList())
            .prepared();
    List<CrashPoint> points = shop.runWell();
    points.forEach(System.out::println);
    System.out.println(points.size());
    for (int i = 0; i < 4; i++) {
      long t = System.nanoTime();
      shop.startAgain();
      System.out.println("copy " + (System.nanoTime() - t) / 1e9);
      t = System.nanoTime();
      shop.run();
      System.out.println("run " + (System.nanoTime() - t) / 1e9);
      shop.said().forEach(System.out::println);
      t = System.nanoTime();
      assertThat(shop.wrong()).isEmpty();
      System.out.println("compare " + (System.nanoTime() - t) / 1e9);
    }
  }
}
