package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.perennial.acceptance.CommandRunner.CommandResult;
import io.perennial.cli.PerennialCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The documented commands work with the documented files. */
class DocsCommandsTest {

  private static final Pattern ARGUMENTS = Pattern.compile("-Dargs=\"([^\"]+)\"");
  private static final Pattern SUBMITTED =
      Pattern.compile("perennial\\.jar ((?:[a-z]+)[^\"`\\n]*)");
  private static final Pattern LISTED = Pattern.compile("(?m)^    perennial ([a-z]+)");
  private static final Pattern SHOWN = Pattern.compile("(?m)^\\$ perennial (.+?)(?:  .*)?$");
  private static final Pattern IN_PROSE =
      Pattern.compile("`(?:perennial ([a-z]+[^`\\n]*)|(run --set [^`\\n]*))`");

  private static final Pattern COMMAND =
      Pattern.compile(
          "(?:[A-Z_]+=\\S+ +)?(?:mvn |spark-submit |chromium |python3 |\\.venv/|\\.ci/).*");
  private static final Pattern GOALS =
      Pattern.compile("compile|test-compile|exec:exec|package|verify|spotless:apply|-q|-o");
  private static final Pattern DELTA = Pattern.compile("io\\.delta:(delta-spark[\\w.]*:[\\d.]+)");

  @TempDir Path folder;

  @Test
  void everyCommandLineParses() {
    List<String> lines =
        Document.all().stream()
            .map(document -> document.text().replaceAll("(?m)^.*-Dmain=.*$", ""))
            .flatMap(
                text ->
                    Stream.of(ARGUMENTS, SUBMITTED, LISTED, SHOWN, IN_PROSE)
                        .flatMap(pattern -> pattern.matcher(text).results())
                        .map(DocsCommandsTest::firstGroup))
            .toList();

    assertThat(lines).hasSizeGreaterThan(35);
    for (String line : lines) {
      String command = line.strip().split(" ")[0];
      String whole =
          command.equals("sample") && !line.contains("--path") ? "sample --path x" : line;
      assertThatCode(() -> commandLine().parseArgs(arguments(whole, "erase".equals(command))))
          .as(line)
          .doesNotThrowAnyException();
    }
  }

  private static String firstGroup(MatchResult found) {
    return found.group(1) != null ? found.group(1) : found.group(2);
  }

  private static String[] arguments(String line, boolean isErasure) {
    List<String> words = new ArrayList<>(List.of(line.strip().split("\\s+")));
    if (isErasure && words.size() == 1) {
      words.addAll(List.of("--customer", "ID"));
    }
    return words.toArray(String[]::new);
  }

  private static CommandLine commandLine() {
    return PerennialCommand.commandLine();
  }

  @Test
  void everyCommandIsListed() {
    List<String> listed =
        LISTED
            .matcher(Document.of("jobs/docs/operations.md").text())
            .results()
            .map(found -> found.group(1))
            .toList();
    assertThat(listed).containsAll(commandLine().getSubcommands().keySet());
  }

  /** Fails for an unknown kind of command; add the test or build step that covers it here. */
  @Test
  void everyShellCommandIsCoveredByATestOrTheBuild() throws IOException {
    String build = Files.readString(Document.ROOT.resolve(".ci/run"));
    String pom = Files.readString(Document.ROOT.resolve("pom.xml"));
    List<String> commands =
        Document.all().stream()
            .flatMap(document -> document.codeLines().stream())
            .filter(COMMAND.asMatchPredicate())
            .distinct()
            .toList();

    assertThat(commands).hasSizeGreaterThan(20);
    assertThat(commands).allSatisfy(command -> assertCovered(command, build, pom));
  }

  private static void assertCovered(String command, String build, String pom) {
    if (command.startsWith("mvn ")) {
      assertThat(command).matches(line -> goals(line).allMatch(GOALS.asMatchPredicate()));
      option(command, "-P ([\\w.-]+)")
          .forEach(profile -> assertThat(pom).contains("<id>" + profile + "</id>"));
      option(command, "-Dmain=([\\w.]+)")
          .forEach(name -> assertThatCode(() -> load(name)).doesNotThrowAnyException());
    } else if (command.contains("HiveThriftServer2")) {
      assertThat(option(command, "--conf (\\S+)"))
          .isNotEmpty()
          .allSatisfy(setting -> assertThat(build).contains(setting));
    } else if (command.startsWith("spark-submit ")) {
      assertThat(command).contains("--class io.perennial.Main").containsPattern(SUBMITTED);
    } else if (command.startsWith("chromium ")) {
      assertThat(build).contains("<!-- screenshot -->");
    } else if (command.matches(".*\\.venv/bin/pip install -r notebooks/requirements\\.txt")) {
      assertThat(Document.ROOT.resolve(".ci/requirements.txt"))
          .content()
          .contains("-r ../notebooks/requirements.txt");
    } else if (command.contains(".ci/")) {
      option(command, "(\\.ci/\\S+)")
          .forEach(script -> assertThat(Document.ROOT.resolve(script)).exists());
    } else {
      // The build may add options between the words.
      assertThat(build)
          .containsPattern(
              String.join(
                  ".*",
                  Arrays.stream(command.replaceFirst("^[A-Z_]+=\\S+ +", "").split(" "))
                      .map(Pattern::quote)
                      .toList()));
    }
  }

  private static Stream<String> goals(String command) {
    return Arrays.stream(
            command.replaceAll("-D\\w+=(\"[^\"]*\"|\\S+)|-P \\S+", "").strip().split("\\s+"))
        .skip(1);
  }

  private static List<String> option(String command, String pattern) {
    return Pattern.compile(pattern)
        .matcher(command)
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  private static Class<?> load(String name) throws ClassNotFoundException {
    return Class.forName(name, false, DocsCommandsTest.class.getClassLoader());
  }

  @Test
  void deltaVersionsEqualThePom() throws IOException {
    String pom = Files.readString(Document.ROOT.resolve("pom.xml"));
    String delta =
        option(pom, "<delta\\.artifact>(.*)</delta\\.artifact>").get(0)
            + ":"
            + option(pom, "<delta\\.version>(.*)</delta\\.version>").get(0);

    assertThat(
            Document.all().stream()
                .flatMap(document -> DELTA.matcher(document.text()).results())
                .map(found -> found.group(1)))
        .hasSizeGreaterThanOrEqualTo(2)
        .containsOnly(delta);
  }

  /** Follows the section "Your own data" with its export of five records. */
  @Test
  void readmeStepsLoadOwnData() throws IOException {
    String part =
        Document.of("README.md")
            .between("<!-- fifteen minutes -->", "<!-- end of fifteen minutes -->");
    write("data/orders/export.csv", block(part, "csv"));
    write("conf/sources/myshop.conf", block(part, "hocon"));
    writeConfiguration();
    List<String> commands = ARGUMENTS.matcher(part).results().map(found -> found.group(1)).toList();
    assertThat(commands).hasSize(2);

    CommandResult check = run(commands.get(0));
    assertThat(check.code()).as(check.err()).isZero();
    assertThat(check.out()).contains("unit_price        80.0 %", "n/a");
    assertThat(folder.resolve("data/warehouse")).doesNotExist();

    CommandResult run = run(commands.get(1));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("5 in 1 files: 4 accepted, 1 rejected")
        .contains("most often for: unit_price")
        .contains("data/warehouse-report/report.html");
    assertThat(folder.resolve("data/warehouse-report/report.html")).isNotEmptyFile();
  }

  @Test
  void guideReadsSemicolonsAndDecimalCommas() throws IOException {
    String part =
        Document.of("conf/README.md").between("<!-- semicolons -->", "<!-- end of semicolons -->");
    write("data/orders/export.csv", block(part, "csv"));
    write("conf/sources/bestellungen.conf", block(part, "hocon"));
    writeConfiguration();
    List<String> commands = ARGUMENTS.matcher(part).results().map(found -> found.group(1)).toList();
    assertThat(commands).hasSize(1);

    CommandResult check = run(commands.get(0));

    assertThat(check.code()).as(check.err()).isZero();
    assertThat(check.out())
        .contains(
            "quantity         100.0 %", "unit_price       100.0 %", "ordered_at       100.0 %")
        .contains("1234.50", "2.5", "0.015", "2024-02-05");
  }

  @Test
  void guideShowsTheShippedAudience() throws IOException {
    String shown = block(Document.of("conf/README.md").sections().get("a-new-audience"), "hocon");
    Config example = ConfigFactory.parseString("a = " + shown).getConfig("a");
    Config shipped =
        ConfigFactory.parseFile(Document.ROOT.resolve("conf/audiences.conf").toFile())
            .getConfigList("audiences")
            .stream()
            .filter(audience -> audience.getString("name").equals(example.getString("name")))
            .findFirst()
            .orElseThrow();

    assertThat(example.root()).isNotEmpty();
    example
        .root()
        .forEach((key, value) -> assertThat(value).as(key).isEqualTo(shipped.getValue(key)));
  }

  private void writeConfiguration() throws IOException {
    String shipped = Files.readString(Document.ROOT.resolve("conf/perennial.conf"));
    write("conf/perennial.conf", shipped.replace("\"target/", "\"" + folder + "/target/"));
  }

  private CommandResult run(String command) {
    List<String> words =
        new ArrayList<>(List.of(command.replace("=/data/", "=" + folder + "/data/").split(" ")));
    words.addAll(List.of("--config", folder.resolve("conf/perennial.conf").toString()));
    return CommandRunner.run(words);
  }

  private void write(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  /** The first code block of a language, without its indentation. */
  private static String block(String part, String language) {
    Matcher block = Pattern.compile("(?s)( *)```" + language + "\\n(.*?)```").matcher(part);
    assertThat(block.find()).as(language).isTrue();
    return block.group(2).replaceAll("(?m)^" + block.group(1), "");
  }
}
