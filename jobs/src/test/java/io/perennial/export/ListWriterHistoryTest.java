package io.perennial.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.config.AudienceSettings.Platform;
import io.perennial.config.ExportSettings;
import io.perennial.config.ExportSettings.FileFormat;
import io.perennial.config.ExportSettings.Property;
import io.perennial.config.Sha256;
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
import java.util.Optional;
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
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Applying add and remove to the previous full gives the new full, for random histories through the
 * writer that the job uses: members join and leave, withdraw consent, are erased, change addresses,
 * names and properties, share addresses, and the rules change.
 */
class ListWriterHistoryTest {

  private static final int HISTORIES = 6;
  private static final int EXPORTS = 8;
  private static final int CUSTOMERS = 40;
  private static final LocalDate START = LocalDate.of(2024, 1, 1);
  private static final int DAYS_BETWEEN = 90;
  private static final int GOOGLE_RESEND_AFTER_DAYS = 200;

  /** Small enough to split the files into parts. */
  private static final int KLAVIYO_MAX_BYTES = 1_500;

  private static final SerializableConfiguration CONFIGURATION =
      new SerializableConfiguration(inProcess());

  @TempDir private Path folder;

  /** A row as the private state keeps it. */
  private record SentRow(
      String content, List<String> removalCells, Set<String> identifiers, LocalDate asOf) {}

  @ParameterizedTest
  @EnumSource(Platform.class)
  void addAndRemoveAppliedToThePreviousFullGiveTheNewOne(Platform platform) throws IOException {
    int removals = 0;
    int additions = 0;
    int resent = 0;
    for (int history = 0; history < HISTORIES; history++) {
      Random random = new Random(1_000L * history + platform.label().hashCode());
      SimulatedCustomers customers = new SimulatedCustomers(random, CUSTOMERS);
      Map<String, SentRow> sentLog = new TreeMap<>();
      List<Map<String, String>> previous = List.of();
      for (int export = 0; export < EXPORTS; export++) {
        boolean isGmailMailbox = export < EXPORTS / 2 || history % 2 == 0;
        PlatformFormat format = PlatformFormats.of(platform, settings(isGmailMailbox));
        LocalDate asOf = START.plusDays((long) export * DAYS_BETWEEN);
        Path directory = folder.resolve(platform.label() + "-" + history + "-" + export);
        Set<String> expected = export(format, customers, sentLog, asOf, directory);

        List<Map<String, String>> full = CsvReader.of(directory, "full");
        List<Map<String, String>> add = CsvReader.of(directory, "add");
        List<Map<String, String>> remove = CsvReader.of(directory, "remove");
        String where = platform + ", history " + history + ", export " + export;
        assertThat(CsvReader.applied(previous, remove, add, format.keyHeadings()))
            .as(where)
            .isEqualTo(CsvReader.texts(full));
        assertThat(full).as(where).hasSize(expected.size()).doesNotHaveDuplicates();
        if (format.keyHeadings().equals(format.headings())) {
          Set<String> strict = CsvReader.texts(previous);
          strict.removeAll(CsvReader.texts(remove));
          strict.addAll(CsvReader.texts(add));
          assertThat(strict).as(where + ", as plain sets").isEqualTo(CsvReader.texts(full));
        }
        assertThat(keys(remove, format)).as(where).isSubsetOf(keys(previous, format));
        assertThat(keys(remove, format)).as(where).noneMatch(keys(full, format)::contains);
        assertRemovalsDropNoMember(full, add, remove, where);
        removals += remove.size();
        additions += add.size();
        Set<String> again = CsvReader.texts(add);
        again.retainAll(CsvReader.texts(previous));
        resent += again.size();
        if (format.resendAfterDays().isEmpty()) {
          assertResentRowsShareARemovedIdentifier(again, add, remove, where);
        }
        previous = full;
        customers.advance();
      }
    }
    assertThat(removals).isGreaterThan(HISTORIES * EXPORTS);
    assertThat(additions).isGreaterThan(HISTORIES * EXPORTS);
    if (platform == Platform.GOOGLE) {
      assertThat(resent).isPositive();
    }
  }

  /** A platform that matches by e-mail or phone drops every member whom a removal names. */
  private static void assertRemovalsDropNoMember(
      List<Map<String, String>> full,
      List<Map<String, String>> add,
      List<Map<String, String>> remove,
      String where) {
    Set<String> named = new HashSet<>();
    remove.forEach(row -> named.addAll(matched(row)));
    Set<String> sent = CsvReader.texts(add);
    for (Map<String, String> row : full) {
      boolean isAlsoRemoved = matched(row).stream().anyMatch(named::contains);
      assertThat(!isAlsoRemoved || sent.contains(row.toString())).as(where + ": " + row).isTrue();
    }
  }

  private static void assertResentRowsShareARemovedIdentifier(
      Set<String> again,
      List<Map<String, String>> add,
      List<Map<String, String>> remove,
      String where) {
    Set<String> named = new HashSet<>();
    remove.forEach(row -> named.addAll(matched(row)));
    for (Map<String, String> row : add) {
      boolean isAlsoRemoved = matched(row).stream().anyMatch(named::contains);
      assertThat(isAlsoRemoved || !again.contains(row.toString())).as(where + ": " + row).isTrue();
    }
  }

  /** The hashes of the e-mail address and phone number in a row, whatever its headings. */
  private static Set<String> matched(Map<String, String> row) {
    Set<String> values = new HashSet<>();
    row.forEach(
        (heading, value) -> {
          boolean isHashed = value.matches("[0-9a-f]{64}");
          if (heading.matches("(?i)(email|phone)([ _](number|sha-?256))?") && !value.isEmpty()) {
            values.add(isHashed ? value : Sha256.cell(value));
          }
        });
    return values;
  }

  private static Set<String> keys(List<Map<String, String>> rows, PlatformFormat format) {
    Set<String> keys = new HashSet<>();
    rows.forEach(row -> keys.add(CsvReader.key(row, format.keyHeadings())));
    return keys;
  }

  /**
   * Exports the customers on the list as the job does, and updates the sent rows.
   *
   * @return keys of the rows that full must have
   */
  private Set<String> export(
      PlatformFormat format,
      SimulatedCustomers customers,
      Map<String, SentRow> sentLog,
      LocalDate asOf,
      Path directory)
      throws IOException {
    Map<String, ListEntry> current = new TreeMap<>();
    List<Row> rows = new ArrayList<>();
    customers.onTheList().stream()
        .flatMap(person -> format.entry(person).stream())
        .forEach(entry -> current.put(entry.key(), entry));
    Set<String> removed = new HashSet<>();
    sentLog.forEach(
        (key, sent) -> {
          if (!current.containsKey(key)) {
            removed.addAll(sent.identifiers());
          }
        });
    sentLog.forEach(
        (key, sent) ->
            rows.add(
                RowFactory.create(
                    0,
                    key,
                    ListWriter.SENT,
                    sent.content(),
                    current.containsKey(key)
                        ? null
                        : format.removalLine(sent.removalCells(), "", ""),
                    Date.valueOf(sent.asOf()),
                    false)));
    current.forEach(
        (key, entry) -> {
          boolean isAlsoRemoved = identifiers(entry).stream().anyMatch(removed::contains);
          Row row =
              RowFactory.create(
                  0, key, ListWriter.CURRENT, entry.content(), entry.line(), null, isAlsoRemoved);
          rows.add(row);
          rows.add(row); // Another customer with the same row.
        });
    rows.sort(
        Comparator.<Row, String>comparing(row -> row.getString(1)).thenComparing(r -> r.getInt(2)));

    Files.createDirectories(directory);
    ExportList list =
        new ExportList(
            0, "a", "A01", format, 1, directory.getFileName().toString(), folder.toString(), false);
    Path staging = Files.createDirectories(Path.of(list.staging().toString()));
    Iterator<Row> output =
        new ListWriter(List.of(list), asOf, CONFIGURATION).call(rows.iterator(), 7);
    List<WrittenFile> parts = new ArrayList<>();
    output.forEachRemaining(
        row -> {
          if (row.isNullAt(1)) {
            parts.add(
                new WrittenFile(
                    row.getString(5),
                    row.getString(4),
                    row.getLong(6),
                    row.getLong(7),
                    row.getString(8)));
          } else if (RowChange.valueOf(row.getString(1)) == RowChange.REMOVED) {
            sentLog.remove(row.getString(2));
          } else {
            ListEntry entry = current.get(row.getString(2));
            sentLog.put(
                entry.key(),
                new SentRow(row.getString(3), entry.removalCells(), identifiers(entry), asOf));
          }
        });
    ExportFiles files = new ExportFiles(CONFIGURATION.value());
    files.name(list, parts.isEmpty() ? files.writeEmpty(list) : parts);
    try (Stream<Path> written = Files.list(staging)) {
      for (Path file : written.toList()) {
        Files.move(file, directory.resolve(file.getFileName()));
      }
    }
    return current.keySet();
  }

  private static Set<String> identifiers(ListEntry entry) {
    Set<String> identifiers = new HashSet<>(List.of(entry.emailHash()));
    identifiers.add(entry.phoneHash());
    identifiers.remove("");
    return identifiers;
  }

  private static ExportSettings settings(boolean isGmailMailbox) {
    List<Property> segment = List.of(new Property("segment", "Segment"));
    return new ExportSettings(
        Optional.empty(),
        List.of(Platform.values()),
        new ExportSettings.Google(isGmailMailbox, GOOGLE_RESEND_AFTER_DAYS),
        Optional.of("net"),
        new ExportSettings.Klaviyo(segment, KLAVIYO_MAX_BYTES),
        new ExportSettings.Generic(segment, Set.of(FileFormat.CSV)));
  }

  @Test
  void partsAreNoLargerThanThePlatformAccepts() throws IOException {
    SimulatedCustomers customers = new SimulatedCustomers(new Random(5), CUSTOMERS);
    PlatformFormat klaviyo = PlatformFormats.of(Platform.KLAVIYO, settings(true));
    Path directory = folder.resolve("parts");
    export(klaviyo, customers, new HashMap<>(), START, directory);

    try (Stream<Path> files = Files.list(directory)) {
      List<Path> parts =
          files.filter(file -> file.getFileName().toString().startsWith("full-")).toList();
      assertThat(parts).hasSizeGreaterThan(1);
      for (Path part : parts) {
        assertThat(Files.size(part)).isLessThanOrEqualTo(KLAVIYO_MAX_BYTES);
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
