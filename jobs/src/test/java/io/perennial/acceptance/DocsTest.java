package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.acceptance.Document.Link;
import io.perennial.config.SettingsLoader;
import io.perennial.pipeline.Steps;
import io.perennial.rfm.RfmTable;
import io.perennial.table.Field;
import io.perennial.table.RunsTable;
import io.perennial.table.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The documents: generated parts are current, links resolve, and answers are near the README. */
class DocsTest {

  /**
   * System property that rewrites the generated parts. The tests then fail, so it cannot stay set.
   */
  private static final String WRITE = "docs.write";

  private static final String README = "README.md";
  private static final String TABLES = "jobs/docs/tables.md";
  private static final String AUDIENCES = "conf/README.md";
  private static final String AUDIENCES_BEGIN = "<!-- audiences -->\n";
  private static final String AUDIENCES_END = "<!-- end of audiences -->";

  @Test
  void shippedAudiencesAreListedAsConfigured() throws IOException {
    Document document = Document.of(AUDIENCES);
    String listed = document.between(AUDIENCES_BEGIN, AUDIENCES_END);
    assertGenerated(
        AUDIENCES,
        document
            .text()
            .replace(
                AUDIENCES_BEGIN + listed + AUDIENCES_END,
                AUDIENCES_BEGIN + audiences() + AUDIENCES_END));
  }

  @Test
  void tablesAndColumnsAreListedAsDeclared() throws IOException {
    assertGenerated(TABLES, tablesPage());
  }

  private static void assertGenerated(String path, String expected) throws IOException {
    if (Boolean.getBoolean(WRITE)) {
      Files.writeString(Document.ROOT.resolve(path), expected);
    }
    assertThat(System.getProperty(WRITE)).as(path + " was written").isNull();
    assertThat(Document.of(path).text())
        .as(path + "; to write it, run this test with -D" + WRITE + "=true")
        .isEqualTo(expected);
  }

  private static String audiences() {
    Path config = Document.ROOT.resolve("conf").resolve("perennial.conf");
    StringBuilder text =
        new StringBuilder("\n| audience | who | when to use it |\n|---|---|---|\n");
    SettingsLoader.load(config, List.of())
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

  private static String tablesPage() {
    StringBuilder text =
        new StringBuilder(
            """
            # Tables

            <!-- Generated from the declarations by DocsTest. Do not edit. -->

            Delta tables under `warehouse.path`, one directory for each. `DESCRIBE` shows the same sentences. The \
            [definitions](definitions.md) have
            the formulas.

            - `money` is decimal(18, d), where d is the number of minor digits of the shop's currency.
            - Timestamps are instants. Months are the date of their first day.
            - Tables with `as_of` hold one snapshot for each as_of. The others hold everything ingested.
            - `contacts` and `rejects` hold addresses: see [restricted tables](operations.md#restricted-tables).

            | table | one row per |
            |---|---|
            """);
    for (Table table : tables()) {
      line(text, "| [%s](#%s) | %s |", table.name(), table.name(), table.grain());
    }
    for (Table table : tables()) {
      line(text, "%n## %s%n%nOne row per %s. %s", table.name(), table.grain(), table.doc());
      if (!table.key().isEmpty()) {
        line(text, "%nKey: %s.", names(table.key()));
      }
      if (!table.partitioning().isEmpty()) {
        line(text, "%nPartitioned by: %s.", names(table.partitioning()));
      }
      line(text, "%n| column | type | meaning |%n|---|---|---|");
      for (Field field : table.fields()) {
        line(
            text,
            "| %s | %s%s | %s |",
            field.name(),
            field.isMoney() ? "money" : type(field),
            field.nullable() ? ", may be null" : "",
            field.doc().replace("|", "\\|"));
      }
    }
    return text.toString();
  }

  private static List<Table> tables() {
    List<Table> tables = new ArrayList<>(Steps.tables());
    tables.add(RunsTable.TABLE);
    return tables;
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String names(List<Field> fields) {
    return fields.stream().map(Field::name).collect(Collectors.joining(", "));
  }

  private static String type(Field field) {
    String type = field.type(2).catalogString();
    return type.length() > 40 ? type.substring(0, type.indexOf('<')) : type;
  }

  @Test
  void readmeCountsTheTables() {
    int tables = tables().size();
    assertThat(Document.of(README).text()).contains(tables + " documented tables");
  }

  @Test
  void readmeIsShortWithAScreenshot() throws IOException {
    Document readme = Document.of(README);
    assertThat(readme.text().lines().count()).as("lines of README.md").isLessThanOrEqualTo(300);
    assertThat(readme.text()).contains("```mermaid\n");

    Path picture = Document.ROOT.resolve("jobs/docs/images/report.png");
    assertThat(readme.links()).anyMatch(link -> Document.ROOT.resolve(link.path()).equals(picture));
    assertThat(Files.size(picture)).as("bytes of the screenshot").isBetween(50_000L, 300_000L);
  }

  @Test
  void linksResolve() throws IOException {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Document document : Document.all()) {
      for (Link link : document.links()) {
        links++;
        Path target = Document.ROOT.resolve(link.path());
        // Code hosts compare paths case-sensitively.
        boolean exists =
            Files.exists(target) && target.toRealPath().endsWith(link.path().normalize());
        if (!exists
            || (!link.anchor().isEmpty()
                && !Document.of(link.path().toString()).sections().containsKey(link.anchor()))) {
          broken.add(document.path() + ": " + link);
        }
      }
    }
    assertThat(broken).isEmpty();
    assertThat(links).isGreaterThan(150);
  }

  @Test
  void allDocumentsAreReachableFromTheReadme() {
    Map<Path, Document> documents =
        Document.all().stream().collect(Collectors.toMap(Document::path, Function.identity()));
    Set<Path> reached = new TreeSet<>();
    Deque<Path> next = new ArrayDeque<>(List.of(Path.of(README)));
    while (!next.isEmpty()) {
      Path path = next.pop();
      if (documents.containsKey(path) && reached.add(path)) {
        documents.get(path).links().forEach(link -> next.add(link.path()));
      }
    }
    assertThat(documents.keySet()).containsExactlyInAnyOrderElementsOf(reached);
  }

  /** Each answer has its own section, reached by links whose text contains the question. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          semicolon CSV | conf/README.md           | semicolons-and-decimal-commas | delimiter = ";"
          run fails     | jobs/docs/operations.md  | when-a-run-fails              | Readers keep the previous run
          columns of rfm| jobs/docs/tables.md      | rfm                           | recency_days
          Power BI      | notebooks/README.md      | power-bi-tableau-and-other-jdbc-or-odbc-clients | jdbc:hive2://
          churn is tested| jobs/docs/churn.md      | how-churn-is-tested           | Out of time
          export platform| jobs/README.md          | to-add-something              | PlatformFormats
          """)
  void answersAreWithinTwoClicksOfTheReadme(
      String question, String path, String anchor, String answer) {
    Link wanted = new Link("", Path.of(path), anchor);
    List<List<Link>> paths = new ArrayList<>();
    for (Link first : Document.of(README).links()) {
      paths.add(List.of(first));
      if (first.path().toString().endsWith(".md")) {
        Document.of(first.path().toString()).links().forEach(it -> paths.add(List.of(first, it)));
      }
    }
    assertThat(paths)
        .as("ways from the README to " + question)
        .anyMatch(
            links -> {
              Link last = links.get(links.size() - 1);
              return last.path().equals(wanted.path())
                  && last.anchor().equals(wanted.anchor())
                  && last.words().toLowerCase(Locale.ROOT).contains(lowerCase(question));
            });
    assertThat(Document.of(path).sections().get(anchor)).contains(answer);
  }

  private static String lowerCase(String question) {
    return question.toLowerCase(Locale.ROOT);
  }

  @Test
  void rfmSectionListsEveryColumn() {
    String section = Document.of(TABLES).sections().get("rfm");
    assertThat(RfmTable.TABLE.fields())
        .allSatisfy(field -> assertThat(section).contains("| " + field.name() + " |", field.doc()));
  }
}
