package io.perennial.oracle;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * Finds the public data sets, which are not part of the project; a test without them is skipped.
 */
public final class RealData {

  private RealData() {}

  /**
   * A file of the folder that the system property {@code perennial.real-data} names, else the
   * environment variable {@code PERENNIAL_REAL_DATA}, else {@code ../shared/data} next to the
   * project.
   */
  public static Path file(String name) {
    Path file = folder().resolve(name);
    Assumptions.assumeTrue(
        Files.isReadable(file),
        () ->
            "Skipped: there is no real data file "
                + file
                + "; name its folder by -Dperennial.real-data or PERENNIAL_REAL_DATA");
    return file;
  }

  private static Path folder() {
    String folder = System.getProperty("perennial.real-data", System.getenv("PERENNIAL_REAL_DATA"));
    return folder != null
        ? Path.of(folder)
        : Path.of(System.getProperty("perennial.root", "."), "..", "shared", "data").normalize();
  }
}
