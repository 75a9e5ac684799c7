package io.perennial.report;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Opens pages in a headless Chromium, where one is installed. */
final class Browser {

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "chrome");

  /** A page takes about three seconds on an idle machine. */
  private static final int TIMEOUT_SECONDS = 60;

  private static final int TRIES = 3;

  private Browser() {}

  /**
   * A window with a page.
   *
   * @param name of the files written
   */
  record Viewport(String name, Path page, int width, int height, boolean isDark) {

    Path screenshot() {
      return page.resolveSibling(name + ".png");
    }
  }

  static boolean isInstalled() {
    return program().isPresent();
  }

  /**
   * Opens a page and takes a screenshot. Charts are drawn while it loads, so that no wait is
   * needed.
   *
   * @return the document after its scripts have run
   */
  static String open(Viewport viewport) throws IOException, InterruptedException {
    Path dom = viewport.page().resolveSibling(viewport.name() + ".dom");
    run(
        viewport.page(),
        dom,
        List.of(
            "--window-size=" + viewport.width() + "," + viewport.height(),
            // 0 is dark, 1 is light.
            "--blink-settings=preferredColorScheme=" + (viewport.isDark() ? 0 : 1),
            "--dump-dom",
            "--screenshot=" + viewport.screenshot()));
    return Files.readString(dom);
  }

  /** Prints a page to a PDF in the same directory. */
  static Path print(Path page) throws IOException, InterruptedException {
    Path pdf = page.resolveSibling(page.getFileName().toString().replace(".html", ".pdf"));
    run(
        page,
        page.resolveSibling("print.log"),
        List.of("--no-pdf-header-footer", "--print-to-pdf=" + pdf));
    return pdf;
  }

  private static void run(Path page, Path output, List<String> how)
      throws IOException, InterruptedException {
    for (int i = 0; i < TRIES; i++) {
      if (hasEnded(page, output, how)) {
        return;
      }
    }
    throw new IOException("Chromium did not end in " + TRIES + " tries: " + how + " " + page);
  }

  private static boolean hasEnded(Path page, Path output, List<String> how)
      throws IOException, InterruptedException {
    Path profile = Files.createTempDirectory(page.getParent(), "profile");
    List<String> command =
        new ArrayList<>(
            List.of(
                program().orElseThrow().toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--hide-scrollbars",
                "--user-data-dir=" + profile));
    command.addAll(how);
    command.add(page.toUri().toString());
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    boolean hasEnded = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    if (!hasEnded) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    return hasEnded;
  }

  private static Optional<Path> program() {
    return Stream.of(
            Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
        .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
