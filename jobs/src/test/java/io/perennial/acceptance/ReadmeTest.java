package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.config.SettingsLoader;
import io.perennial.pipeline.Steps;
import io.perennial.table.Field;
import io.perennial.table.RunsTable;
import io.perennial.table.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The README's lists are those of the declarations and of the shipped configuration. */
class ReadmeTest {

  private static final String BEGIN = "<!-- tables -->\n";
  private static final String END = "<!-- end of tables -->";

  private static final String AUDIENCES_BEGIN = "<!-- audiences -->\n";
  private static final String AUDIENCES_END = "<!-- end of audiences -->";

  /** Set to write the list into the README; the test fails then, so that nobody leaves it set. */
  private static final String WRITE = "readme.write";

  private static final Path README =
      Path.of(System.getProperty("perennial.root", ".")).resolve("README.md");

  @Test
  void listsTheShippedAudiencesAsConfigured() throws IOException {
    String readme = Files.readString(README);
    int begin = readme.indexOf(AUDIENCES_BEGIN) + AUDIENCES_BEGIN.length();
    int end = readme.indexOf(AUDIENCES_END);
    if (Boolean.getBoolean(WRITE)) {
      Files.writeString(README, readme.substring(0, begin) + audiences() + readme.substring(end));
    }
    assertThat(System.getProperty(WRITE)).as("the README was written anew").isNull();
    assertThat(readme.substring(begin, end))
        .as("audiences of README.md; write them with -D" + WRITE + "=true")
        .isEqualTo(audiences());
  }

  private static String audiences() {
    Path config = README.resolveSibling("conf").resolve("perennial.conf");
    StringBuilder text =
        new StringBuilder("\n| audience | who | when to use it |\n|---|---|---|\n");
    SettingsLoader.load(Optional.of(config), List.of())
        .audiences()
        .audiences()
        .forEach(
            audience ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        "| %s | %s | %s |%n",
                        audience.name(),
                        audience.words(),
                        audience.use())));
    return text.append('\n').toString();
  }

  @Test
  void listsEveryTableAndColumnAsDeclared() throws IOException {
    String readme = Files.readString(README);
    int begin = readme.indexOf(BEGIN) + BEGIN.length();
    int end = readme.indexOf(END);
    if (Boolean.getBoolean(WRITE)) {
      Files.writeString(README, readme.substring(0, begin) + list() + readme.substring(end));
    }
    assertThat(System.getProperty(WRITE)).as("the README was written anew").isNull();
    assertThat(readme.substring(begin, end))
        .as("table list of README.md; write it with -D" + WRITE + "=true")
        .isEqualTo(list());
  }

  private static String list() {
    List<Table> tables = new ArrayList<>(Steps.tables());
    tables.add(RunsTable.TABLE);
    StringBuilder text = new StringBuilder();
    for (Table table : tables) {
      text.append(
          String.format(
              Locale.ROOT,
              "%n<details><summary><b>%s</b>: one row per %s</summary>%n%n%s%n%n",
              table.name(),
              table.grain(),
              table.doc()));
      text.append("| column | type | meaning |\n|---|---|---|\n");
      for (Field field : table.fields()) {
        text.append(
            String.format(
                Locale.ROOT,
                "| %s | %s%s | %s |%n",
                field.name(),
                field.isMoney() ? "money" : type(field),
                field.nullable() ? ", may be null" : "",
                field.doc().replace("|", "\\|")));
      }
      text.append("\n</details>\n");
    }
    return text.append('\n').toString();
  }

  private static String type(Field field) {
    String type = field.type(2).catalogString();
    return type.length() > 40 ? type.substring(0, type.indexOf('<')) : type;
  }
}
