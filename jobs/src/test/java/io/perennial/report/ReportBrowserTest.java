package io.perennial.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.report.Browser.Viewport;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The page in a browser. Screenshots and the PDF stay in target/report-screenshots. */
@Tag("browser")
@EnabledIf(
    value = "io.perennial.report.Browser#isInstalled",
    disabledReason = "no Chromium on the PATH: apt-get install chromium")
class ReportBrowserTest {

  private static final Path FOLDER = Path.of("target", "report-screenshots").toAbsolutePath();
  private static final int WIDE = 1400;
  private static final int NARROW = 390;

  private static final Map<String, String> PAGES = new LinkedHashMap<>();
  private static Path pdf;

  @BeforeAll
  static void openPages() throws Exception {
    Files.createDirectories(FOLDER);
    Path full = write("full", ReportFixture.of(36));
    List<Viewport> viewports =
        List.of(
            new Viewport("wide-light", full, WIDE, 8000, false),
            new Viewport("wide-dark", full, WIDE, 8000, true),
            new Viewport("narrow-light", full, NARROW, 9000, false),
            new Viewport("narrow-dark", full, NARROW, 9000, true),
            new Viewport("keyboard", byKeyboard(full), NARROW, 2000, false),
            viewport("sixty-cohorts", ReportFixture.of(60).in("de-DE", "EUR")),
            viewport("one-cohort", ReportFixture.of(1).withoutBefore()),
            viewport("tiny", ReportFixture.tiny()),
            viewport("no-churn", ReportFixture.of(24).withoutChurn().withoutBefore()));
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      Map<String, Future<String>> pages = new LinkedHashMap<>();
      viewports.forEach(
          viewport -> pages.put(viewport.name(), pool.submit(() -> Browser.open(viewport))));
      Future<Path> printed = pool.submit(() -> Browser.print(full));
      for (Map.Entry<String, Future<String>> page : pages.entrySet()) {
        PAGES.put(page.getKey(), page.getValue().get());
      }
      pdf = printed.get();
    } finally {
      pool.shutdownNow();
    }
  }

  /** The page with a script that selects lifetime value and moves two cells right and one down. */
  private static Path byKeyboard(Path page) throws IOException {
    String keyPresses =
        """
        <script>
        document.querySelector("label[for=heat-ltv]").click();
        const grid = document.querySelector(".panel.ltv .heat");
        for (const key of ["ArrowRight", "ArrowRight", "ArrowRight", "ArrowDown"])
          grid.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        document.body.dataset.shown = getComputedStyle(document.querySelector(".panel.ltv")).display
          + " " + getComputedStyle(document.querySelector(".panel.retention")).display;
        document.body.dataset.overflow = document.documentElement.scrollWidth - innerWidth;
        </script></body></html>""";
    String withoutPolicy =
        Files.readString(page)
            .replaceFirst("<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "");
    return Files.writeString(
        FOLDER.resolve("keyboard.html"),
        withoutPolicy.substring(0, withoutPolicy.lastIndexOf("</body>")) + keyPresses);
  }

  private static Viewport viewport(String name, ReportFixture fixture) throws IOException {
    return new Viewport(name, write(name, fixture), WIDE, 5000, false);
  }

  private static Path write(String name, ReportFixture fixture) throws IOException {
    return Files.writeString(FOLDER.resolve(name + ".html"), ReportPage.of(fixture.model()));
  }

  private static String markup(String page) {
    return PAGES.get(page).replaceAll("(?s)<(script|style)\\b.*?</\\1>", " ");
  }

  /** Text of the page after its scripts have run, charts included. */
  private static String text(String page) {
    return markup(page)
        .replaceAll("<[^>]*>", " ")
        .replace("&amp;", "&")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&nbsp;", " ")
        .replace('\u00a0', ' ')
        .replaceAll("\\s+", " ");
  }

  /** The missing words: a failure that names them is easier to read than the page. */
  private static List<String> missing(String page, String... words) {
    String text = text(page);
    return Stream.of(words).filter(word -> !text.contains(word)).toList();
  }

  private static List<String> present(String page, String... words) {
    String text = text(page);
    return Stream.of(words).filter(text::contains).toList();
  }

  private static long count(String page, String regex) {
    Matcher matcher = Pattern.compile(regex).matcher(markup(page));
    return matcher.results().count();
  }

  @Test
  void showsWhatHappenedAndWhatToDo() {
    assertThat(
            missing(
                "wide-light",
                "As of 1 January 2026 · money in GBP",
                "In December 2025 91.3% of the active customers stayed (90.7% the month before)",
                "£124,037",
                "−4.4% on Nov 2025",
                "since 1 Dec 2025",
                "Ask for the second order early",
                "The campaign autumn-winback worked",
                "no effect shown",
                "last order 210 days ago, usually every 35",
                "net in twelve months",
                "What keeping them costs",
                "✓ yes"))
        .isEmpty();
  }

  @Test
  void everyChartIsDrawnAndLabelled() {
    for (String page : List.of("wide-light", "wide-dark", "narrow-light", "sixty-cohorts")) {
      long charts = count(page, "data-chart=\"");
      assertThat(charts).as(page).isEqualTo(8);
      assertThat(count(page, "<svg [^>]*baseProfile")).as("drawn in " + page).isEqualTo(charts);
      assertThat(count(page, "class=\"chart [^>]*role=\"img\" aria-label=\"[^\"]{20,}"))
          .as("described in " + page)
          .isEqualTo(charts);
    }
    assertThat(count("wide-light", "<text[^>]*>Loyal Customers</text>")).isPositive();
    assertThat(count("wide-light", "<text[^>]*>2nd order</text>")).isEqualTo(1);
  }

  @Test
  void theMatrixIsUsableByKeyboard() {
    assertThat(count("keyboard", "data-shown=\"block none\"")).isEqualTo(1);
    assertThat(count("keyboard", "data-overflow=\"0\"")).as("no horizontal overflow").isEqualTo(1);
    assertThat(missing("keyboard", "Feb 2023, month 2. Lifetime value: £", "of 556 customers"))
        .isEmpty();
    assertThat(count("keyboard", "<td[^>]*class=\"[^\"]*\\bat\\b")).isEqualTo(1);
  }

  @Test
  void aNameCannotBecomeMarkup() {
    PAGES
        .keySet()
        .forEach(
            page -> {
              assertThat(count(page, "<title>Customers as of ")).as(page).isEqualTo(1);
              assertThat(count(page, "<img")).as(page).isZero();
            });
    assertThat(missing("wide-light", ReportFixture.HOSTILE_NAME)).isEmpty();
  }

  @Test
  void theMatrixOfSixtyCohortsIsWhole() {
    assertThat(count("sixty-cohorts", "<tr><th scope=\"row\">[A-Z][a-z]{2} 20\\d\\d</th><td class"))
        .as("cohorts in four tables")
        .isEqualTo(4 * 60);
    assertThat(missing("sixty-cohorts", "Jan 2021", "Dec 2025")).isEmpty();
    assertThat(missing("sixty-cohorts", "91,3 %")).isEmpty();
    assertThat(count("sixty-cohorts", "class=\"value\">1\\d\\d\\.\\d{3}&nbsp;€<")).isPositive();
  }

  @Test
  void littleHistoryIsExplained() {
    assertThat(
            missing(
                "tiny",
                "No month is complete as of 20 December 2025",
                "Fewer than 30 customers have been observed",
                "No month is complete yet: nobody can count as lost.",
                "This run has no audiences",
                "No campaign has been measured yet",
                "3°",
                "100.0%*°"))
        .isEmpty();
    assertThat(present("tiny", "NaN", "null", "1 customers")).isEmpty();
    assertThat(
            missing(
                "one-cohort",
                "a retention rate needs more months before it",
                "No cohort has a complete month after its first one yet.",
                "This is the first as_of of this warehouse"))
        .isEmpty();
    assertThat(present("one-cohort", "NaN")).isEmpty();
    assertThat(
            missing(
                "no-churn",
                "There are no churn scores as of 1 January 2026",
                "This is the first snapshot"))
        .isEmpty();
    assertThat(present("no-churn", "Can the scores be believed?")).isEmpty();
  }

  @Test
  void coloursFollowTheSystemAndPagesFillTheWindow() throws IOException {
    assertThat(brightness("wide-light", WIDE)).isGreaterThan(200);
    assertThat(brightness("narrow-light", NARROW)).isGreaterThan(200);
    assertThat(brightness("wide-dark", WIDE)).isLessThan(80);
    assertThat(brightness("narrow-dark", NARROW)).isLessThan(80);
  }

  @Test
  void printsOnAFewPages() throws IOException {
    String text = new String(Files.readAllBytes(pdf), StandardCharsets.ISO_8859_1);
    assertThat(text).startsWith("%PDF");
    long pages = Pattern.compile("/Type\\s*/Page\\b(?!s)").matcher(text).results().count();
    assertThat(pages).isBetween(5L, 10L);
  }

  /** Mean of the pixels' brightness, 0 to 255. */
  private static double brightness(String page, int width) throws IOException {
    BufferedImage image = ImageIO.read(FOLDER.resolve(page + ".png").toFile());
    assertThat(image.getWidth()).isEqualTo(width);
    double sum = 0;
    int seen = 0;
    for (int y = 0; y < image.getHeight(); y += 7) {
      for (int x = 0; x < width; x += 7) {
        int rgb = image.getRGB(x, y);
        sum += ((rgb >> 16 & 255) + (rgb >> 8 & 255) + (rgb & 255)) / 3.0;
        seen++;
      }
    }
    return sum / seen;
  }
}
