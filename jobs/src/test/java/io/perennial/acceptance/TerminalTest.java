package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perennial.acceptance.CommandRunner.CommandResult;
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

/** Console output of a run as text, JSON and in quiet mode. */
class TerminalTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HEADER = "order_id,customer_id,ordered_at,quantity,unit_price\n";
  private static final String ESCAPE = "\033";

  private final StringWriter out = new StringWriter();

  @Test
  void colorsAndTheStepInProgressAreForTerminalsOnly() {
    report(new TextProgress(new PrintWriter(out), Ansi.OFF));
    String plain = out.toString();
    assertThat(plain).doesNotContain(ESCAPE, "\r").hasLineCount(4);
    assertThat(plain.lines())
        .containsExactly(
            "[1/2] orders                   1,234 rows     1.5 s  a note",
            "[2/2] rfm                                     0.0 s  up to date",
            "  holds: a = b: 1 = 1",
            "  FAILS: a = b: 1 = 2");

    out.getBuffer().setLength(0);
    report(new TextProgress(new PrintWriter(out), Ansi.ON));
    assertThat(out.toString())
        .contains("[1/2] orders ...", "\r" + ESCAPE + "[K", ESCAPE + "[1m[1/2]");
    String visible = out.toString().replaceAll("\033\\[[0-9;]*m", "");
    assertThat(Stream.of(visible.split("\n")).map(line -> line.replaceAll(".*\r\033\\[K", "")))
        .as("what stays on the screen is the same")
        .containsExactlyElementsOf(plain.lines().toList());
  }

  private static void report(ProgressListener progress) {
    progress.begin(1, 2, "orders");
    progress.done(new StepDone(1, 2, "orders", Optional.of(1234L), 1.52, false, "a note"));
    progress.begin(2, 2, "rfm");
    progress.done(new StepDone(2, 2, "rfm", Optional.empty(), 0, true, ""));
    progress.checked(new IdentityCheck("a = b", "1", "1", true));
    progress.checked(new IdentityCheck("a = b", "1", "2", false));
  }

  /** A published and a refused run, each as text or JSON and in quiet mode. */
  @Test
  void runIsReportedAsTextAsJsonOrQuietly(@TempDir Path folder) throws IOException {
    Shop shop = Shop.in(folder).mapping("none", HEADER);
    shop.write("good.csv", HEADER + "1,anna,2024-01-10,2,10.00\n2,ben,2024-02-03,1,5.50\n");

    CommandResult text = ingest(shop);
    assertThat(text.code()).as(text.err()).isZero();
    List<String> lines = text.out().lines().toList();
    assertThat(lines).anyMatch(line -> line.startsWith("[1/6] order_lines"));
    assertThat(lines.subList(lines.size() - 3, lines.size()))
        .satisfies(
            last -> {
              assertThat(last.get(0)).startsWith("Perennial as of 2024-02-04 (run ");
              assertThat(last.get(1)).isEqualTo("  records    2 in 1 files: 2 accepted");
              assertThat(last.get(2)).isEqualTo("  tables     " + folder.resolve("warehouse"));
            });

    CommandResult json = ingest(shop, "--json");
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

    CommandResult quiet = ingest(shop, "--quiet");
    assertThat(quiet).isEqualTo(new CommandResult(0, "", ""));

    shop.write("bad.csv", HEADER + "3,cleo,2024-02-03,one,5.50\n");
    CommandResult refused = ingest(shop, "--quiet");
    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err().lines().toList().get(0)).startsWith("Cannot publish: ");
    assertThat(refused.err().strip())
        .endsWith(
            "Nothing was published: readers see the run before this one. Do what is said above,"
                + " then run the same command again.");
    List<JsonNode> refusedEvents = json(ingest(shop, "--json").out());
    JsonNode failed = refusedEvents.get(refusedEvents.size() - 1);
    assertThat(failed.get("event").asText()).isEqualTo("failed");
    assertThat(failed.get("exit_code").asInt()).isEqualTo(3);
    assertThat(failed.get("message").asText()).contains("bad.csv");
  }

  private static CommandResult ingest(Shop shop, String... args) {
    return shop.command("ingest", List.of("report.after-run=false"), args);
  }

  private static List<JsonNode> json(String out) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    for (String line : out.lines().toList()) {
      events.add(JSON.readTree(line));
    }
    return events;
  }
}
