package io.perennial.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perennial.config.AudienceSettings.Platform;
import io.perennial.config.ExportSettings.FileFormat;
import io.perennial.config.Sha256;
import io.perennial.table.Table;
import io.perennial.testing.SharedSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three consecutive exports of the same lists, with an erasure and changed rules between them. */
class ExportTest {

  private static final LocalDate JANUARY = LocalDate.of(2024, 1, 1);
  private static final LocalDate FEBRUARY = LocalDate.of(2024, 2, 1);
  private static final LocalDate MARCH = LocalDate.of(2024, 3, 1);
  private static final Set<Platform> GENERIC = Set.of(Platform.GENERIC);

  private static final String FIRST = JANUARY + "-0001";
  private static final String SECOND = FEBRUARY + "-0002";
  private static final String THIRD = MARCH + "-0003";

  @TempDir static Path folder;

  private static ExportFixture shop;
  private static PreparedExport first;
  private static List<String> stateAfterFirst;
  private static PreparedExport third;

  @BeforeAll
  static void exportThreeTimes() {
    shop =
        new ExportFixture(folder)
            .audience("vip", "x", ExportFixture.ALL)
            .audience("lapsing", "x", Set.of(Platform.GENERIC, Platform.KLAVIYO))
            .audience("solo", "solo", GENERIC)
            .audience("nobody", "nobody", Set.of(Platform.GOOGLE))
            .audience("blocked", "blocked", GENERIC)
            .targets("vip", "c1", "c2", "c3", "c4", "c6", "c7", "c8", "c9", "c10")
            .heldOut("vip", "c5")
            .targets("lapsing", "c1", "c11")
            .heldOut("lapsing", "c6")
            .assignedToControl("x", "c11")
            .assignedToControl("x", "c6")
            .targets("solo", "c5", "c6")
            .contact("c1", "A.nna@gmail.com", "030 123456")
            .contact("c2", "ben@example.org", "0171 1234567")
            .contact("c3", "carla@example.org", null)
            .contact("c4", "=dan@example.org", "not a number")
            .contact("c5", "eve@example.org", "+49 171 7654321")
            .contact("c6", "fred@example.org", null)
            .contact("c7", "eve@example.org ", null)
            .contact("c9", "a.nna@gmail.com", "+49 30 123456")
            .contact("c10", "no address", null)
            .contact("c11", "kim@example.org", null);
    block("blocked");
    shop.genericFiles(FileFormat.CSV, FileFormat.PARQUET);
    first = shop.export(JANUARY, "run-1");
    stateAfterFirst = stateTexts();
    shop.genericFiles(FileFormat.CSV)
        .contact("c3", "carla.new@example.org", null)
        .removeTarget("vip", "c4");
    shop.exporter().erase(List.of("c2"), shop.contacts(), "erasure-1");
    shop.erase("c2");
    shop.export(FEBRUARY, "run-2");
    shop.withoutAudience("lapsing").notBuilt("solo").gmailAsWritten();
    third = shop.export(MARCH, "run-3");
  }

  /** Puts a file in the place of the audience's directory. */
  private static void block(String audience) {
    try {
      Files.createDirectories(shop.files());
      Files.writeString(shop.files().resolve(audience), "not a directory");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void countsAddUpToTheTargets() {
    ListCounts google = list(first, "vip", "google").counts();

    // c6 is held out through lapsing, c8 has no contact, c10 is matched by name, country and zip.
    // c7 has the address of c5, who is held out. c9 has the mailbox of c1 under another name.
    assertThat(google).isEqualTo(new ListCounts(9, 1, 1, 1, 0, 1, 1));
    assertThat(list(first, "vip", "tiktok").counts())
        .as("c10 has no identifier for TikTok; c9 has the same row as c1")
        .isEqualTo(new ListCounts(9, 1, 2, 1, 1, 1, 1));
    assertThat(list(first, "vip", "generic").counts())
        .isEqualTo(new ListCounts(9, 1, 0, 0, 0, 0, 0));
  }

  @Test
  void customersHeldOutOfTheExperimentAreInNoFile() {
    assertThat(column(shop.files("vip", "generic", FIRST), "full", "customer_id"))
        .containsExactlyInAnyOrder("c1", "c2", "c3", "c4", "c7", "c8", "c9", "c10");
    assertThat(column(shop.files("lapsing", "generic", FIRST), "full", "customer_id"))
        .containsExactly("c1");
    assertThat(column(shop.files("vip", "klaviyo", FIRST), "full", "Email"))
        .doesNotContain("eve@example.org", "fred@example.org")
        .contains("anna@gmail.com".replace("anna", "a.nna"));
    assertThat(column(shop.files("solo", "generic", FIRST), "full", "customer_id"))
        .as("another experiment has another control group")
        .containsExactlyInAnyOrder("c5", "c6");
  }

  @Test
  void rowsFollowThePlatformFormats() {
    assertThat(CsvReader.of(shop.files("vip", "google", FIRST), "full"))
        .contains(
            Map.of(
                "Email", Sha256.hex("anna@gmail.com"),
                "Phone", Sha256.hex("+4930123456"),
                "First Name", Sha256.hex("firstc1"),
                "Last Name", Sha256.hex("last"),
                "Country", "DE",
                "Zip", "50667"));
    assertThat(column(shop.files("vip", "klaviyo", FIRST), "full", "Email"))
        .as("a formula is neutralised, a number is not")
        .contains("'=dan@example.org");
    assertThat(column(shop.files("vip", "klaviyo", FIRST), "full", "Phone Number"))
        .contains("+4930123456", "+491711234567");
    assertThat(CsvReader.of(shop.files("vip", "meta", FIRST), "full"))
        .anySatisfy(
            row ->
                assertThat(row)
                    .containsEntry("extern_id", "c3")
                    .containsEntry("value", "3.50")
                    .containsEntry("dob", Sha256.hex("19850228")));
  }

  @Test
  void addAndRemoveAppliedToThePreviousFullGiveTheFull() {
    for (Platform platform : ExportFixture.ALL) {
      String name = platform.label();
      Path before = shop.files("vip", name, FIRST);
      Path now = shop.files("vip", name, SECOND);
      List<String> key = keys(now);
      assertThat(
              CsvReader.applied(
                  CsvReader.of(before, "full"),
                  CsvReader.of(now, "remove"),
                  CsvReader.of(now, "add"),
                  key))
          .as(name)
          .isEqualTo(CsvReader.texts(CsvReader.of(now, "full")));
    }
    assertThat(column(shop.files("vip", "generic", SECOND), "remove", "customer_id"))
        .containsExactlyInAnyOrder("c2", "c4");
    assertThat(column(shop.files("vip", "tiktok", SECOND), "remove", "Email_SHA256"))
        .as("the addresses as they were sent")
        .containsExactlyInAnyOrder(
            Sha256.hex("ben@example.org"),
            Sha256.hex("carla@example.org"),
            Sha256.hex("=dan@example.org"));
    assertThat(column(shop.files("vip", "tiktok", SECOND), "add", "Email_SHA256"))
        .containsExactly(Sha256.hex("carla.new@example.org"));
  }

  @Test
  void aKlaviyoRemovalNamesTheAddressThatWasSentWhereEarlierContactsHaveIt() {
    Path now = shop.files("vip", "klaviyo", SECOND);
    assertThat(column(now, "remove", "Email"))
        .containsExactlyInAnyOrder("ben@example.org", "carla@example.org", "'=dan@example.org");
    assertThat(column(now, "remove", "Phone Number"))
        .containsExactlyInAnyOrder("+491711234567", "", "");
  }

  @Test
  void anErasureWritesRemovalRowsAtOnceAndIsPurgedAfterTheNextExport() {
    Path erasure = shop.files().resolve("erasures").resolve("erasure-1");

    assertThat(column(erasure, "klaviyo-remove", "Email")).containsExactly("ben@example.org");
    assertThat(column(erasure, "tiktok-remove", "Email_SHA256"))
        .containsExactly(Sha256.hex("ben@example.org"));
    assertThat(column(erasure, "generic-remove", "customer_id")).containsExactly("c2");
    assertThat(stateAfterFirst).anyMatch(text -> text.contains(Sha256.hex("ben@example.org")));
    assertThat(stateTexts()).noneMatch(text -> text.contains(Sha256.hex("ben@example.org")));
  }

  @Test
  void thePrivateStateHoldsNoAddress() {
    assertThat(stateAfterFirst).isNotEmpty().noneMatch(text -> text.contains("@"));
    assertThat(stateTexts()).noneMatch(text -> text.contains("@"));
  }

  @Test
  void changedRulesRemoveTheRowsOfTheOldRules() {
    Path now = shop.files("vip", "google", THIRD);

    assertThat(column(now, "remove", "Email"))
        .containsOnly(Sha256.hex("anna@gmail.com"))
        .hasSize(2);
    assertThat(column(now, "add", "Email")).containsOnly(Sha256.hex("a.nna@gmail.com")).hasSize(2);
    assertThat(CsvReader.of(shop.files("vip", "meta", THIRD), "add")).isEmpty();
  }

  @Test
  void anAudienceNoLongerConfiguredIsEmptiedAndOneThatCouldNotBeBuiltIsUnchanged() {
    assertThat(column(shop.files("lapsing", "generic", THIRD), "remove", "customer_id"))
        .containsExactly("c1");
    assertThat(CsvReader.of(shop.files("lapsing", "generic", THIRD), "full")).isEmpty();
    assertThat(third.lists()).noneMatch(prepared -> prepared.list().audience().equals("solo"));
    assertThat(shop.files("solo", "generic", SECOND)).exists();
    assertThat(shop.files("solo", "generic", THIRD)).doesNotExist();
  }

  @Test
  void theManifestDescribesTheFilesAndNamesThePreviousManifest() throws IOException {
    Path directory = shop.files("vip", "google", SECOND);
    JsonNode manifest = json(directory);

    assertThat(manifest.get("audience").asText()).isEqualTo("vip");
    assertThat(manifest.get("platform_name").asText()).isEqualTo("A-vip");
    assertThat(manifest.get("as_of").asText()).isEqualTo("2024-02-01");
    assertThat(manifest.get("rule_version").asText()).isEqualTo("google-1");
    JsonNode steps = manifest.get("suppression");
    assertThat(steps.get(0).get("customers_in").asLong()).isEqualTo(100);
    for (int i = 1; i < steps.size() - 1; i++) {
      JsonNode step = steps.get(i);
      assertThat(steps.get(i + 1).get("customers_in").asLong())
          .isEqualTo(step.get("customers_in").asLong() - step.get("customers_out").asLong());
    }
    JsonNode last = steps.get(steps.size() - 1);
    assertThat(manifest.get("rows").get("full").asLong())
        .isEqualTo(last.get("customers_in").asLong() - last.get("customers_out").asLong())
        .isEqualTo(CsvReader.of(directory, "full").size());
    for (JsonNode file : manifest.get("files")) {
      byte[] bytes = Files.readAllBytes(directory.resolve(file.get("name").asText()));
      assertThat(file.get("bytes").asLong()).isEqualTo(bytes.length);
      assertThat(file.get("sha256").asText()).isEqualTo(Sha256.hex(bytes));
    }
    Path previous =
        directory.resolve(manifest.get("previous_manifest").get("path").asText()).normalize();
    assertThat(previous).isEqualTo(shop.files("vip", "google", FIRST).resolve("manifest.json"));
    assertThat(manifest.get("previous_manifest").get("sha256").asText())
        .isEqualTo(Sha256.hex(Files.readAllBytes(previous)));
    assertThat(manifest.get("warnings").toString()).contains("fewer than 100 rows");
    assertThat(json(shop.files("vip", "google", FIRST)).get("previous_manifest").isNull()).isTrue();
  }

  @Test
  void filesAreReadableByTheirOwnerOnly() throws IOException {
    try (Stream<Path> files = Files.walk(shop.files())) {
      for (Path file : files.filter(f -> !f.equals(shop.files())).toList()) {
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        if (!file.getFileName().toString().equals("blocked")) {
          assertThat(mode)
              .as(file.toString())
              .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------");
          assertThat(file.getFileName().toString()).doesNotStartWith(".").doesNotEndWith(".crc");
        }
      }
    }
  }

  @Test
  void genericFilesAreWrittenAsParquetToo() {
    List<Row> rows =
        SharedSpark.session()
            .read()
            .parquet(shop.files("vip", "generic", FIRST).resolve("full.parquet").toString())
            .where("customer_id = 'c3'")
            .collectAsList();

    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).getDecimal(1)).isEqualByComparingTo("3.50");
  }

  @Test
  void anEmptyListHasFilesOfHeadingsOnly() throws IOException {
    Path directory = shop.files("nobody", "google", FIRST);

    assertThat(Files.readString(directory.resolve("full.csv")))
        .isEqualTo("Email,Phone,First Name,Last Name,Country,Zip\r\n");
    assertThat(directory.resolve("manifest.json")).exists();
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsReportedAndOtherListsAreWritten() {
    assertThat(first.problems())
        .singleElement()
        .asString()
        .startsWith("Cannot write the files of blocked for generic below export.path '")
        .contains("choose another export.path");
    assertThat(first.lists()).hasSize(ExportFixture.ALL.size() + 4);
  }

  @Test
  @Tag("slow")
  void theSameInputGivesTheSameBytes() {
    Path other = folder.resolve("other");
    Set<Platform> twins = Set.of(Platform.GOOGLE, Platform.KLAVIYO, Platform.TIKTOK);
    ExportFixture twin =
        new ExportFixture(other)
            .audience("vip", "x", twins)
            .heldOut("vip", "c5")
            .contact("c5", "eve@example.org", "+49 171 7654321")
            .targets("vip", "c9", "c7", "c8", "c6", "c4", "c3", "c2", "c1", "c10")
            .contact("c9", "a.nna@gmail.com", "+49 30 123456")
            .contact("c10", "no address", null)
            .contact("c7", "eve@example.org ", null)
            .contact("c6", "fred@example.org", null)
            .contact("c4", "=dan@example.org", "not a number")
            .contact("c3", "carla@example.org", null)
            .contact("c2", "ben@example.org", "0171 1234567")
            .contact("c1", "A.nna@gmail.com", "030 123456")
            .assignedToControl("x", "c6");
    SharedSpark.session().conf().set("spark.sql.shuffle.partitions", 7);
    try {
      twin.export(JANUARY, "another-run");
    } finally {
      SharedSpark.session()
          .conf()
          .set("spark.sql.shuffle.partitions", SharedSpark.SHUFFLE_PARTITIONS);
    }
    for (Platform platform : twins) {
      Path expected = shop.files("vip", platform.label(), FIRST);
      assertThat(contents(twin.files("vip", platform.label(), FIRST)))
          .as(platform.label())
          .isEqualTo(contents(expected));
    }
    // Recovery discards the export of a run that died before publication, and publishes one after.
    twin.targets("vip", "c11").contact("c11", "kim@example.org", null);
    twin.prepare(FEBRUARY, "dead");
    Path wanted = twin.files("vip", "tiktok", SECOND);
    assertThat(wanted).doesNotExist();
    twin.exporter().recover(run -> false);
    assertThat(wanted.resolveSibling("." + SECOND)).doesNotExist();
    twin.prepare(FEBRUARY, "published");
    twin.exporter().recover(run -> run.equals("published"));
    assertThat(column(wanted, "add", "Email_SHA256"))
        .containsExactly(Sha256.hex("kim@example.org"));
    assertThat(wanted.resolveSibling("." + SECOND)).doesNotExist();
  }

  private static PreparedExport.PreparedList list(
      PreparedExport export, String audience, String platform) {
    return export.lists().stream()
        .filter(prepared -> prepared.list().audience().equals(audience))
        .filter(prepared -> prepared.list().platform().label().equals(platform))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> column(Path directory, String kind, String heading) {
    return CsvReader.of(directory, kind).stream().map(row -> row.get(heading)).toList();
  }

  private static List<String> keys(Path directory) {
    List<String> keys = new ArrayList<>();
    json(directory).get("columns").get("key").forEach(node -> keys.add(node.asText()));
    return keys;
  }

  private static JsonNode json(Path directory) {
    try {
      return new ObjectMapper().readTree(directory.resolve("manifest.json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SHA-256 of every file. */
  private static Map<String, String> contents(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      Map<String, String> contents = new TreeMap<>();
      for (Path file : files.toList()) {
        contents.put(file.getFileName().toString(), Sha256.hex(Files.readAllBytes(file)));
      }
      return contents;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> stateTexts() {
    List<String> texts = new ArrayList<>();
    for (Table table :
        List.of(
            SentExportsTable.TABLE,
            SentIdentitiesTable.TABLE,
            SentMembersTable.TABLE,
            SentPurgesTable.TABLE)) {
      shop.state().tables().read(table).collectAsList().forEach(row -> texts.add(row.toString()));
    }
    return texts;
  }
}
