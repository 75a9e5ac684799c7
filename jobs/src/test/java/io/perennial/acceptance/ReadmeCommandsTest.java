package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.perennial.cli.PerennialCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the README tells a new user to type works, with the files that it shows. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadmeCommandsTest {

  private static final Path ROOT = Path.of(System.getProperty("perennial.root", "."));
  private static final Pattern ARGUMENTS = Pattern.compile("-Dargs=\"([^\"]+)\"");
  private static final Pattern SUBMITTED =
      Pattern.compile("perennial\\.jar ((?:[a-z]+)[^\"`\\n]*)");
  private static final Pattern LISTED = Pattern.compile("(?m)^    perennial ([a-z]+)");

  @TempDir Path folder;

  private String readme;

  @BeforeAll
  void read() throws IOException {
    readme = Files.readString(ROOT.resolve("README.md"));
  }

  @Test
  void everyCommandLineIsOneThatTheProgramTakes() {
    List<String> lines =
        Stream.of(ARGUMENTS, SUBMITTED, LISTED)
            .flatMap(pattern -> pattern.matcher(readme).results().map(found -> found.group(1)))
            .filter(line -> !line.contains("target/bench"))
            .toList();

    assertThat(lines).hasSizeGreaterThan(15);
    for (String line : lines) {
      String command = line.strip().split(" ")[0];
      String whole =
          command.equals("sample") && !line.contains("--path") ? "sample --path x" : line;
      assertThatCode(() -> commandLine().parseArgs(arguments(whole, "erase".equals(command))))
          .as(line)
          .doesNotThrowAnyException();
    }
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

  /** The part "In fifteen minutes", step by step, with its own export of five records. */
  @Test
  void ownDataAreInTablesAfterTheStepsOfTheReadme() throws IOException {
    String part =
        readme.substring(
            readme.indexOf("<!-- fifteen minutes -->"),
            readme.indexOf("<!-- end of fifteen minutes -->"));
    write("data/orders/export.csv", block(part, "csv"));
    write("conf/sources/myshop.conf", block(part, "hocon"));
    String shipped = Files.readString(ROOT.resolve("conf/perennial.conf"));
    write("conf/perennial.conf", shipped.replace("\"target/", "\"" + folder + "/target/"));
    List<String> commands = ARGUMENTS.matcher(part).results().map(found -> found.group(1)).toList();
    assertThat(commands).hasSize(2);

    Perennial.Answer check = run(commands.get(0));
    assertThat(check.code()).as(check.err()).isZero();
    assertThat(check.out()).contains("unit_price        80.0 %", "n/a");
    assertThat(folder.resolve("data/warehouse")).doesNotExist();

    Perennial.Answer run = run(commands.get(1));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("5 in 1 files: 4 accepted, 1 rejected")
        .contains("most often for: unit_price")
        .contains("data/warehouse-report/report.html");
    assertThat(folder.resolve("data/warehouse-report/report.html")).isNotEmptyFile();
  }

  private Perennial.Answer run(String command) {
    List<String> words =
        new ArrayList<>(List.of(command.replace("=/data/", "=" + folder + "/data/").split(" ")));
    words.addAll(List.of("--config", folder.resolve("conf/perennial.conf").toString()));
    return Perennial.run(words);
  }

  private void write(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  /** The first block of a language, without its indentation. */
  private static String block(String part, String language) {
    Matcher block = Pattern.compile("(?s)( *)```" + language + "\\n(.*?)```").matcher(part);
    assertThat(block.find()).as(language).isTrue();
    return block.group(2).replaceAll("(?m)^" + block.group(1), "");
  }
}
