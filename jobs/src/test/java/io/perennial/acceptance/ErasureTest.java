package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.perennial.acceptance.CommandRunner.CommandResult;
import io.perennial.customers.ContactsTable;
import io.perennial.customers.CustomersTable;
import io.perennial.ingest.IngestedFilesTable;
import io.perennial.ingest.OrderLinesTable;
import io.perennial.ingest.RejectsTable;
import io.perennial.pipeline.Steps;
import io.perennial.rfm.RfmTable;
import io.perennial.rfm.RfmTransitionsTable;
import io.perennial.table.RunRecord;
import io.perennial.table.Table;
import io.perennial.testing.AddressSearch;
import io.perennial.testing.FileContents;
import io.perennial.testing.LogScanner;
import io.perennial.testing.SharedSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Erasure removes a person from every file and keeps later records of that person out. */
class ErasureTest {

  private static final String HEADER =
      "order_id,line_id,customer_id,ordered_at,quantity,unit_price,status,email,phone,"
          + "email_consent\n";

  private static final String ANNA = "anna-b7e1";

  /** Strings that no file may contain after Anna is erased. */
  private static final List<String> PERSONAL_DATA =
      List.of(ANNA, "anna@first.example", "anna@second.example", "512-555-0142");

  private static final Set<String> ADDRESSES =
      Set.of(
          "anna@first.example",
          "anna@second.example",
          "ben@first.example",
          "cleo@first.example",
          "+1 512-555-0142");

  @TempDir Path folder;

  @Test
  void erasedPersonIsInNoFile() throws Exception {
    assertErased(shop());
  }

  private void assertErased(Shop shop) throws Exception {
    shop.runAsOf(LocalDate.parse("2024-02-01"));
    shop.write("march.csv", MARCH);
    AddressSearch logged = new AddressSearch(ADDRESSES);
    try (LogScanner scanner = new LogScanner(logged)) {
      shop.runAsOf(LocalDate.parse("2024-04-01"));
      assertThat(scanner.lines()).isGreaterThan(1_000);
    }
    assertThat(logged.read(shop.messages().toString()).found()).as("logged or said").isEmpty();
    AddressSearch elsewhere = new AddressSearch(ADDRESSES);
    FileContents.of(folder.resolve("warehouse"))
        .forEach((file, text) -> elsewhere.read(file.startsWith("contacts/") ? "" : text));
    assertThat(elsewhere.found()).as("in a table other than contacts").isEmpty();
    Path warehouse = folder.resolve("warehouse");
    assertThat(FileContents.containing(FileContents.of(warehouse), PERSONAL_DATA))
        .as("the search finds her before")
        .anyMatch(found -> found.startsWith("contacts/part"))
        .anyMatch(found -> found.startsWith("contacts/_delta_log"))
        .anyMatch(found -> found.startsWith("rfm/as_of=2024-02-01/part"))
        .anyMatch(found -> found.startsWith("rejects/part"))
        .anyMatch(found -> found.startsWith("order_lines/_delta_log"));
    long records = records(shop, IngestedFilesTable.RECORDS.name());

    CommandResult unknown = erase("--customer", "nobody-17");
    assertThat(unknown.code()).isEqualTo(1);
    assertThat(unknown.err())
        .contains("no table of", "has customer_id 'nobody-17'. Nothing was changed.");
    assertThat(erase("--customer", "anna@first.example").err())
        .contains("Cannot erase by e-mail address (1 of 1 given)")
        .doesNotContain("anna");

    Files.writeString(folder.resolve("ids"), ANNA + "\n\nnobody-17\n");
    // An erasure does not read new files of the lake.
    shop.write("april.csv", HEADER + APRIL);
    CommandResult result = erase("--file", folder.resolve("ids").toString());
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains("Erased 1 person; 0 of them had been erased before.")
        .containsPattern("Proof: \\d+ data files and \\d+ log files of \\d+ tables were read")
        .contains("Nothing was done for those whom no table has: customer_id 'nobody-17'.");
    assertThat(FileContents.containing(FileContents.of(warehouse), PERSONAL_DATA)).isEmpty();
    assertThat(
            FileContents.containing(
                FileContents.of(folder.resolve("warehouse-state")), PERSONAL_DATA))
        .isEmpty();

    RunRecord erased = current(shop);
    assertThat(erased.command()).isEqualTo("erase");
    assertThat(erased.message()).contains("1 person erased");
    assertThat(erased.asOf()).contains(LocalDate.parse("2024-04-01"));
    assertThat(records(shop, IngestedFilesTable.RECORDS.name())).isEqualTo(records);
    // Four lines (one without a customer), one rejected record, and one that cannot be parsed.
    assertThat(records(shop, IngestedFilesTable.ERASED.name())).isEqualTo(6);
    assertThat(ids(shop, CustomersTable.TABLE)).containsExactlyInAnyOrder("ben", "cleo");
    assertThat(ids(shop, RfmTable.TABLE)).doesNotContain(ANNA).contains("ben");
    assertThat(shop.rows(RejectsTable.TABLE)).hasSize(1);
  }

  @Test
  @Tag("slow")
  void erasedPersonStaysErased() throws Exception {
    Shop shop = shop();
    assertErased(shop);
    Path warehouse = folder.resolve("warehouse");

    // April has new records of Anna, and her address on a record of another customer.
    RunRecord april = shop.runAsOf(LocalDate.parse("2024-05-01"));
    assertThat(ids(shop, OrderLinesTable.TABLE)).doesNotContain(ANNA).contains("dora");
    assertThat(shop.rows(ContactsTable.TABLE))
        .filteredOn(row -> row.get("customer_id").equals("dora"))
        .extracting(
            row -> row.get("email"), row -> row.get("phone"), row -> row.get("email_consent"))
        .containsExactly(tuple(null, "0123 456789", true));
    assertThat(FileContents.containing(FileContents.of(warehouse), PERSONAL_DATA)).isEmpty();

    RunRecord rebuilt = shop.rebuild(LocalDate.parse("2024-05-01"));
    assertThat(TableComparison.differences(shop, rebuilt, april, Set.of(RfmTransitionsTable.TABLE)))
        .isEmpty();
    assertThat(FileContents.containing(FileContents.of(warehouse), PERSONAL_DATA)).isEmpty();
  }

  @Test
  @Tag("slow")
  void unwritableExportIsReportedAndErasureCompletes() throws Exception {
    shop().withAudienceOfAll("");
    assertThat(command("run").err()).isEmpty();
    Path lists = folder.resolve("files/all/generic");
    assertThat(lists).isDirectory();
    Files.move(lists, folder.resolve("elsewhere"));
    Files.writeString(lists, "in the way");

    CommandResult result = erase("--customer", ANNA);

    assertThat(result.out()).contains("Erased 1 person", "Proof: ", "Published run ");
    assertThat(result.err())
        .contains("the files of all for generic")
        .endsWith("They are erased all the same. When the cause is gone, `run` does the rest.\n");
    assertThat(result.code()).isEqualTo(1);
    assertThat(FileContents.containing(FileContents.of(folder.resolve("warehouse")), PERSONAL_DATA))
        .isEmpty();
  }

  private static final String MARCH =
      HEADER
          + "6,a,anna-b7e1,2024-03-01 10:00:00,1,9.00,paid,anna@second.example,,\n"
          + "2,a,ben,2024-01-20 10:00:00,1,5.50,paid,ben@first.example,,\n"
          + "7,a,ben,2999-03-01 10:00:00,1,9.00,paid,,,\n"
          + "8,a,anna-b7e1,2999-03-01 10:00:00,1,9.00,paid,,,\n"
          + "too,few,anna-b7e1\n";

  private static final String APRIL =
      "9,a,anna-b7e1,2024-04-03 10:00:00,1,9.00,paid,anna@second.example,,\n"
          + "1,c,,2024-01-10 10:00:00,1,2.00,paid,,,\n"
          + "10,a,dora,2024-04-04 10:00:00,1,9.00,paid, Anna@First.example,0123 456789,true\n";

  private Shop shop() {
    Shop shop =
        Shop.in(folder)
            .mapping("line", HEADER)
            .set("churn.min-customers", "1000")
            .withSteps(Shop.steps(Steps.LAKE_STEPS, Steps.RFM_STEPS));
    shop.write(
        "january.csv",
        HEADER
            + "1,a,anna-b7e1,2024-01-10 10:00:00,2,10.00,paid,anna@first.example,+1"
            + " 512-555-0142,true\n"
            + "1,b,,2024-01-10 10:00:00,1,5.00,,,,\n"
            + "2,a,ben,2024-01-20 10:00:00,1,5.50,paid,ben@first.example,,false\n");
    shop.write(
        "february.csv",
        HEADER
            + "3,a,anna-b7e1,2024-02-03 10:00:00,1,7.25,paid,,,\n"
            + "4,a,cleo,2024-02-05 10:00:00,1,8.00,paid,cleo@first.example,,true\n");
    return shop;
  }

  private CommandResult erase(String... args) {
    return command("erase", args);
  }

  private CommandResult command(String command, String... args) {
    return Shop.in(folder)
        .command(
            command,
            List.of(
                "lake.max-reject-share=1",
                "churn.min-customers=1000",
                "export.path=" + folder.resolve("files")),
            args);
  }

  private static RunRecord current(Shop shop) {
    return shop.pipeline(SharedSpark.session()).runs().current().orElseThrow();
  }

  private static long records(Shop shop, String column) {
    return shop.rows(IngestedFilesTable.TABLE).stream()
        .mapToLong(row -> (Long) row.get(column))
        .sum();
  }

  private static List<Object> ids(Shop shop, Table table) {
    return shop.rows(table).stream().map(row -> row.get("customer_id")).distinct().toList();
  }
}
