package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.acceptance.CommandRunner.CommandResult;
import io.perennial.testing.AddressSearch;
import io.perennial.testing.FileContents;
import io.perennial.testing.LogScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A full run of the sample with debug logging: e-mail addresses and telephone numbers are in
 * contacts and nowhere else.
 */
@Tag("slow")
class PrivacyTest {

  @TempDir Path folder;

  @Test
  void addressesAreInContactsOnly() throws IOException {
    Set<String> addresses = addressesOfTheSample();
    assertThat(addresses).hasSizeGreaterThan(3_000);
    AddressSearch logged = new AddressSearch(addresses);
    CommandResult result;
    try (LogScanner scanner = new LogScanner(logged)) {
      result =
          CommandRunner.run(
              List.of(
                  "run",
                  "--config",
                  Document.ROOT.resolve("conf/perennial.conf").toString(),
                  "--set",
                  "lake.path=" + Document.ROOT.resolve("data-samples/orders"),
                  "--set",
                  "warehouse.path=" + folder.resolve("warehouse"),
                  "--set",
                  "export.path=" + folder.resolve("files-for-platforms")));
      assertThat(scanner.lines()).isGreaterThan(10_000);
    }
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(logged.read(result.out()).read(result.err()).found()).as("logged or said").isEmpty();

    AddressSearch contacts = new AddressSearch(addresses);
    AddressSearch elsewhere = new AddressSearch(addresses);
    FileContents.of(folder)
        .forEach(
            (file, text) -> {
              if (!file.startsWith("files-for-platforms/")) {
                (file.startsWith("warehouse/contacts/") ? contacts : elsewhere).read(text);
              }
            });
    assertThat(contacts.found()).as("contacts has them").hasSizeGreaterThan(2_000);
    assertThat(elsewhere.found()).isEmpty();
  }

  /** E-mail addresses and telephone numbers: the eleventh and the tenth cell from the end. */
  private static Set<String> addressesOfTheSample() throws IOException {
    Set<String> addresses = new TreeSet<>();
    try (Stream<Path> files = Files.list(Document.ROOT.resolve("data-samples/orders"))) {
      for (Path file : files.toList()) {
        for (String line : Files.readAllLines(file)) {
          String[] cells = line.split(",", -1);
          if (cells.length > 11) {
            Stream.of(cells[cells.length - 11], cells[cells.length - 10])
                .filter(cell -> cell.contains("@") || cell.matches("[^A-Za-z]{9,}"))
                .forEach(addresses::add);
          }
        }
      }
    }
    return addresses;
  }
}
