package io.perennial.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.config.ExportSettings;
import io.perennial.config.ExportSettings.FileFormat;
import io.perennial.config.ExportSettings.Property;
import io.perennial.config.Sha256;
import io.perennial.export.ListMerge.Change;
import io.perennial.spark.InProcessFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever happens to the members of a list, applying add and remove to the previous full gives the
 * new full: random histories of joining, leaving, withdrawn consent, erasure, changed addresses,
 * names and properties, addresses that two people share, and changed rules, through the writer that
 * the job uses.
 */
class ListHistoryTest {

  private static final int HISTORIES = 6;
  private static final int EXPORTS = 8;
  private static final int CUSTOMERS = 40;
  private static final LocalDate START = LocalDate.of(2024, 1, 1);
  private static final int DAYS_BETWEEN = 90;
  private static final int GOOGLE_FORGETS = 200;

  private static final SerializableConfiguration CONFIGURATION =
      new SerializableConfiguration(inProcess());

  @TempDir private Path folder;

  /** What the private state remembers of a row. */
  private record Sent(String content, List<String> kept, Set<String> identifiers, LocalDate at) {}

  @ParameterizedTest
  @ValueSource(strings = {"google", "meta", "tiktok", "klaviyo", "generic"})
  void addAndRemoveAppliedToThePreviousFullGiveTheNewOne(String platform) throws IOException {
    int removals = 0;
    int additions = 0;
    int resent = 0;
    for (int history = 0; history < HISTORIES; history++) {
      Random random = new Random(1_000L * history + platform.hashCode());
      Shoppers shoppers = new Shoppers(random, CUSTOMERS);
      Map<String, Sent> memory = new TreeMap<>();
      List<Map<String, String>> previous = List.of();
      for (int export = 0; export < EXPORTS; export++) {
        boolean isGmailMailbox = export < EXPORTS / 2 || history % 2 == 0;
        Format format = format(platform, isGmailMailbox);
        LocalDate asOf = START.plusDays((long) export * DAYS_BETWEEN);
        Path directory = folder.resolve(platform + "-" + history + "-" + export);
        Set<String> expected = export(format, shoppers, memory, asOf, directory);

        List<Map<String, String>> full = CsvRows.of(directory, "full");
        List<Map<String, String>> add = CsvRows.of(directory, "add");
        List<Map<String, String>> remove = CsvRows.of(directory, "remove");
        String where = platform + ", history " + history + ", export " + export;
        assertThat(CsvRows.applied(previous, remove, add, format.keyHeadings()))
            .as(where)
            .isEqualTo(CsvRows.texts(full));
        assertThat(full).as(where).hasSize(expected.size()).doesNotHaveDuplicates();
        if (format.keyHeadings().equals(format.headings())) {
          Set<String> strict = CsvRows.texts(previous);
          strict.removeAll(CsvRows.texts(remove));
          strict.addAll(CsvRows.texts(add));
          assertThat(strict).as(where + ", as plain sets").isEqualTo(CsvRows.texts(full));
        }
        assertThat(keys(remove, format)).as(where).isSubsetOf(keys(previous, format));
        assertThat(keys(remove, format)).as(where).noneMatch(keys(full, format)::contains);
        assertNobodyIsLost(format, full, add, remove, where);
        removals += remove.size();
        additions += add.size();
        Set<String> again = CsvRows.texts(add);
        again.retainAll(CsvRows.texts(previous));
        resent += again.size();
        if (format.resendAfterDays().isEmpty()) {
          assertNobodyIsSentAgainInVain(format, again, add, remove, where);
        }
        previous = full;
        shoppers.live();
      }
    }
    assertThat(removals).isGreaterThan(HISTORIES * EXPORTS);
    assertThat(additions).isGreaterThan(HISTORIES * EXPORTS);
    if (platform.equals("google")) {
      assertThat(resent).isPositive();
    }
  }

  /** A platform that matches by e-mail or phone takes off whoever a removal names. */
  private static void assertNobodyIsLost(
      Format format,
      List<Map<String, String>> full,
      List<Map<String, String>> add,
      List<Map<String, String>> remove,
      String where) {
    Set<String> named = new HashSet<>();
    remove.forEach(row -> named.addAll(matched(format, row)));
    Set<String> sent = CsvRows.texts(add);
    for (Map<String, String> row : full) {
      boolean isHit = matched(format, row).stream().anyMatch(named::contains);
      assertThat(!isHit || sent.contains(row.toString())).as(where + ": " + row).isTrue();
    }
  }

  private static void assertNobodyIsSentAgainInVain(
      Format format,
      Set<String> again,
      List<Map<String, String>> add,
      List<Map<String, String>> remove,
      String where) {
    Set<String> named = new HashSet<>();
    remove.forEach(row -> named.addAll(matched(format, row)));
    for (Map<String, String> row : add) {
      boolean isHit = matched(format, row).stream().anyMatch(named::contains);
      assertThat(isHit || !again.contains(row.toString())).as(where + ": " + row).isTrue();
    }
  }

  private static Set<String> matched(Format format, Map<String, String> row) {
    Set<String> values = new HashSet<>();
    if (format instanceof GenericFormat) {
      return values;
    }
    if (format instanceof KlaviyoFormat) {
      boolean isRemoval = row.containsKey("Email SHA-256");
      values.add(isRemoval ? row.get("Email SHA-256") : Sha256.cell(row.get("Email")));
      values.add(isRemoval ? row.get("Phone SHA-256") : Sha256.cell(row.get("Phone Number")));
    } else {
      List<String> headings = format.headings();
      values.add(row.get(headings.get(0)));
      values.add(row.get(headings.get(1)));
    }
    values.remove("");
    return values;
  }

  private static Set<String> keys(List<Map<String, String>> rows, Format format) {
    Set<String> keys = new HashSet<>();
    rows.forEach(row -> keys.add(CsvRows.key(row, format.keyHeadings())));
    return keys;
  }

  /**
   * Exports the shoppers on the list as the job does, and lets the memory learn what it sent.
   *
   * @return keys of the rows that full must have
   */
  private Set<String> export(
      Format format, Shoppers shoppers, Map<String, Sent> memory, LocalDate asOf, Path directory)
      throws IOException {
    Map<String, Entry> now = new TreeMap<>();
    List<Row> rows = new ArrayList<>();
    shoppers.onTheList().stream()
        .flatMap(person -> format.entry(person).stream())
        .forEach(entry -> now.put(entry.key(), entry));
    Set<String> taken = new HashSet<>();
    memory.forEach(
        (key, sent) -> {
          if (!now.containsKey(key)) {
            taken.addAll(sent.identifiers());
          }
        });
    memory.forEach(
        (key, sent) ->
            rows.add(
                RowFactory.create(
                    0,
                    key,
                    ListWriter.BEFORE,
                    sent.content(),
                    now.containsKey(key) ? null : format.removalLine(sent.kept(), "", ""),
                    Date.valueOf(sent.at()),
                    false)));
    now.forEach(
        (key, entry) -> {
          boolean isHit = identifiers(entry).stream().anyMatch(taken::contains);
          Row row =
              RowFactory.create(0, key, ListWriter.NOW, entry.content(), entry.line(), null, isHit);
          rows.add(row);
          rows.add(row); // Somebody else who makes the same row.
        });
    rows.sort(
        Comparator.<Row, String>comparing(row -> row.getString(1)).thenComparing(r -> r.getInt(2)));

    Files.createDirectories(directory);
    ExportList list =
        new ExportList(
            0, "a", "A01", format, 1, directory.getFileName().toString(), folder.toString(), false);
    Path aside = Files.createDirectories(Path.of(list.aside()));
    Iterator<Row> output =
        new ListWriter(List.of(list), asOf, CONFIGURATION).call(rows.iterator(), 7);
    List<ExportFiles.PartOf> parts = new ArrayList<>();
    output.forEachRemaining(
        row -> {
          if (row.isNullAt(1)) {
            parts.add(
                new ExportFiles.PartOf(
                    row.getString(4),
                    row.getInt(5),
                    new SplitCsvFile.Part(
                        row.getString(6), row.getLong(7), row.getLong(8), row.getString(9))));
          } else if (Change.valueOf(row.getString(1)) == Change.REMOVED) {
            memory.remove(row.getString(2));
          } else {
            Entry entry = now.get(row.getString(2));
            memory.put(
                entry.key(), new Sent(row.getString(3), entry.kept(), identifiers(entry), asOf));
          }
        });
    ExportFiles files = new ExportFiles(CONFIGURATION.value());
    files.name(list, parts.isEmpty() ? files.empty(list) : parts);
    try (Stream<Path> written = Files.list(aside)) {
      for (Path file : written.toList()) {
        Files.move(file, directory.resolve(file.getFileName()));
      }
    }
    return now.keySet();
  }

  private static Set<String> identifiers(Entry entry) {
    Set<String> identifiers = new HashSet<>(List.of(entry.emailHash()));
    identifiers.add(entry.phoneHash());
    identifiers.remove("");
    return identifiers;
  }

  private static Format format(String platform, boolean isGmailMailbox) {
    Property segment = new Property("segment", "Segment");
    return switch (platform) {
      case "google" -> new GoogleFormat(new ExportSettings.Google(isGmailMailbox, GOOGLE_FORGETS));
      case "meta" -> new MetaFormat("net");
      case "tiktok" -> new TiktokFormat();
      // Small enough to go on in further parts.
      case "klaviyo" -> new KlaviyoFormat(new ExportSettings.Klaviyo(List.of(segment), 1_500));
      default ->
          new GenericFormat(new ExportSettings.Generic(List.of(segment), Set.of(FileFormat.CSV)));
    };
  }

  @Test
  void aPartHoldsNoMoreThanThePlatformTakes() throws IOException {
    Shoppers shoppers = new Shoppers(new Random(5), CUSTOMERS);
    Path directory = folder.resolve("parts");
    export(format("klaviyo", true), shoppers, new HashMap<>(), START, directory);

    try (Stream<Path> files = Files.list(directory)) {
      List<Path> parts =
          files.filter(file -> file.getFileName().toString().startsWith("full-")).toList();
      assertThat(parts).hasSizeGreaterThan(1);
      for (Path part : parts) {
        assertThat(Files.size(part)).isLessThanOrEqualTo(1_500);
        assertThat(Files.readString(part)).startsWith("Email,Phone Number,");
      }
    }
  }

  private static Configuration inProcess() {
    Configuration configuration = new Configuration();
    configuration.set("fs.file.impl", InProcessFileSystem.class.getName());
    return configuration;
  }
}
