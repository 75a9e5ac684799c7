package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perennial.cli.TextProgress;
import io.perennial.pipeline.ProgressListener;
import io.perennial.pipeline.ProgressListener.StepDone;
import io.perennial.table.RunRecord.IdentityCheck;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Help.Ansi;

/** What people and schedulers read of a run. */
class TerminalTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ESCAPE = "\033";

  private final StringWriter out = new StringWriter();

  @Test
  void coloursAndTheStepBeingDoneAreForTerminalsOnly() {
    tell(new TextProgress(new PrintWriter(out), Ansi.OFF));
    String plain = out.toString();
    assertThat(plain).doesNotContain(ESCAPE, "\r").hasLineCount(4);
    assertThat(plain.lines())
        .containsExactly(
            "[1/2] orders                   1,234 rows     1.5 s  a note",
            "[2/2] rfm                                     0.0 s  up to date",
            "  holds: a = b: 1 = 1",
            "  FAILS: a = b: 1 = 2");

    out.getBuffer().setLength(0);
    tell(new TextProgress(new PrintWriter(out), Ansi.ON));
    assertThat(out.toString())
        .contains("[1/2] orders ...", "\r" + ESCAPE + "[K", ESCAPE + "[1m[1/2]");
    String seen = out.toString().replaceAll("\033\\[[0-9;]*m", "");
    assertThat(Stream.of(seen.split("\n")).map(line -> line.replaceAll(".*\r\033\\[K", "")))
        .as("what stays on the screen is the same")
        .containsExactlyElementsOf(plain.lines().toList());
  }

  private static void tell(ProgressListener progress) {
    progress.begin(1, 2, "orders");
    progress.done(new StepDone(1, 2, "orders", Optional.of(1234L), 1.52, false, "a note"));
    progress.begin(2, 2, "rfm");
    progress.done(new StepDone(2, 2, "rfm", Optional.empty(), 0, true, ""));
    progress.checked(new IdentityCheck("a = b", "1", "1", true));
    progress.checked(new IdentityCheck("a = b", "1", "2", false));
  }

  /** A run in words, one in JSON, one in silence; then a run that is refused in each of them. */
  @Test
  void aRunIsToldInWordsAsJsonOrNotAtAll(@TempDir Path folder) throws IOException {
    Shop shop = Shop.in(folder).mapping("none", columns());
    shop.write("good.csv", header() + "1,anna,2024-01-10,2,10.00\n2,ben,2024-02-03,1,5.50\n");
    List<String> keys =
        List.of(
            "lake.source=own",
            "lake.path=" + shop.lake(),
            "warehouse.path=" + folder.resolve("warehouse"),
            "report.after-run=false");

    Perennial.Answer words = ingest(folder, keys);
    assertThat(words.code()).as(words.err()).isZero();
    List<String> lines = words.out().lines().toList();
    assertThat(lines).anyMatch(line -> line.startsWith("[1/6] order_lines"));
    assertThat(lines.subList(lines.size() - 3, lines.size()))
        .satisfies(
            last -> {
              assertThat(last.get(0)).startsWith("Perennial as of 2024-02-04 (run ");
              assertThat(last.get(1)).isEqualTo("  records    2 in 1 files: 2 accepted");
              assertThat(last.get(2)).isEqualTo("  tables     " + folder.resolve("warehouse"));
            });

    Perennial.Answer json = ingest(folder, keys, "--json");
    List<JsonNode> events = json(json.out());
    assertThat(events.stream().filter(event -> event.get("event").asText().equals("step")))
        .hasSize(6)
        .allMatch(event -> event.get("of").asInt() == 6)
        .anyMatch(event -> event.get("is_up_to_date").asBoolean());
    assertThat(events).anyMatch(event -> event.path("holds").asBoolean());
    JsonNode last = events.get(events.size() - 1);
    assertThat(last.get("event").asText()).isEqualTo("published");
    assertThat(last.get("exit_code").asInt()).isZero();
    assertThat(last.get("accepted").asInt()).isEqualTo(2);
    assertThat(last.get("as_of").asText()).isEqualTo("2024-02-04");

    Perennial.Answer quiet = ingest(folder, keys, "--quiet");
    assertThat(quiet).isEqualTo(new Perennial.Answer(0, "", ""));

    shop.write("bad.csv", header() + "3,cleo,2024-02-03,one,5.50\n");
    Perennial.Answer refused = ingest(folder, keys, "--quiet");
    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err().lines().toList().get(0)).startsWith("Cannot publish: ");
    assertThat(refused.err().strip())
        .endsWith(
            "Nothing was published: readers see the run before this one. Do what is said above,"
                + " then run the same command again.");
    List<JsonNode> told = json(ingest(folder, keys, "--json").out());
    JsonNode failed = told.get(told.size() - 1);
    assertThat(failed.get("event").asText()).isEqualTo("failed");
    assertThat(failed.get("exit_code").asInt()).isEqualTo(3);
    assertThat(failed.get("message").asText()).contains("bad.csv");
  }

  private static Perennial.Answer ingest(Path folder, List<String> keys, String... more) {
    return Perennial.run("ingest", folder.resolve("perennial.conf"), keys, more);
  }

  private static List<JsonNode> json(String out) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    for (String line : out.lines().toList()) {
      events.add(JSON.readTree(line));
    }
    return events;
  }

  private static List<String> columns() {
    return List.of("order_id", "customer_id", "ordered_at", "quantity", "unit_price");
  }

  private static String header() {
    return String.join(",", columns()) + "\n";
  }
}
