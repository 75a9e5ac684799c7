package io.perennial;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.table.Field;
import io.perennial.table.RunsTable;
import io.perennial.table.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The README's table list is that of the declarations. */
class ReadmeTest {

  private static final String BEGIN = "<!-- tables -->\n";
  private static final String END = "<!-- end of tables -->";

  /** Set to write the list into the README; the test fails then, so that nobody leaves it set. */
  private static final String WRITE = "readme.write";

  private static final Path README =
      Path.of(System.getProperty("perennial.root", ".")).resolve("README.md");

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
    List<Table> tables = new ArrayList<>(Pipeline.tables());
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
