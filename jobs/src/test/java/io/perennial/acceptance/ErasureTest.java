package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

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
import io.perennial.testing.FilesBelow;
import io.perennial.testing.LogWatch;
import io.perennial.testing.SharedSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person who asked for it is gone from every file, and stays out although the lake has them. */
class ErasureTest {

  private static final String HEADER =
      "order_id,line_id,customer_id,ordered_at,quantity,unit_price,status,email,phone,"
          + "email_consent\n";

  private static final String ANNA = "anna-b7e1";

  /** What must be nowhere once Anna is erased. */
  private static final List<String> HER =
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
  void whoIsErasedIsNowhere() throws Exception {
    requireErased(shop());
  }

  private void requireErased(Shop shop) throws Exception {
    shop.runAsOf(LocalDate.parse("2024-02-01"));
    shop.write("march.csv", MARCH);
    AddressSearch logged = new AddressSearch(ADDRESSES);
    try (LogWatch watch = new LogWatch(logged)) {
      shop.runAsOf(LocalDate.parse("2024-04-01"));
      assertThat(watch.lines()).isGreaterThan(1_000);
    }
    assertThat(logged.read(shop.said().toString()).found()).as("logged or said").isEmpty();
    AddressSearch elsewhere = new AddressSearch(ADDRESSES);
    FilesBelow.of(folder.resolve("warehouse"))
        .forEach((file, text) -> elsewhere.read(file.startsWith("contacts/") ? "" : text));
    assertThat(elsewhere.found()).as("in a table other than contacts").isEmpty();
    Path warehouse = folder.resolve("warehouse");
    assertThat(FilesBelow.naming(FilesBelow.of(warehouse), HER))
        .as("the search finds her before")
        .anyMatch(found -> found.startsWith("contacts/part"))
        .anyMatch(found -> found.startsWith("contacts/_delta_log"))
        .anyMatch(found -> found.startsWith("rfm/as_of=2024-02-01/part"))
        .anyMatch(found -> found.startsWith("rejects/part"))
        .anyMatch(found -> found.startsWith("order_lines/_delta_log"));
    long records = records(shop, IngestedFilesTable.RECORDS.name());

    Perennial.Answer unknown = erase("--customer", "nobody-17");
    assertThat(unknown.code()).isEqualTo(1);
    assertThat(unknown.err())
        .contains("no table of", "has customer_id 'nobody-17'. Nothing was changed.");
    assertThat(erase("--customer", "anna@first.example").err())
        .contains("Cannot erase by e-mail address (1 of 1 given)")
        .doesNotContain("anna");

    Files.writeString(folder.resolve("ids"), ANNA + "\n\nnobody-17\n");
    // A new file waits in the lake; an erasure is no occasion to read it.
    shop.write("april.csv", HEADER + APRIL);
    Perennial.Answer answer = erase("--file", folder.resolve("ids").toString());
    assertThat(answer.err()).isEmpty();
    assertThat(answer.code()).isZero();
    assertThat(answer.out())
        .contains("Erased 1 person; 0 of them had been erased before.")
        .containsPattern("Proof: \\d+ data files and \\d+ log files of \\d+ tables were read")
        .contains("Nothing was done for those whom no table has: customer_id 'nobody-17'.");
    assertThat(FilesBelow.naming(FilesBelow.of(warehouse), HER)).isEmpty();
    assertThat(FilesBelow.naming(FilesBelow.of(folder.resolve("warehouse-state")), HER)).isEmpty();

    RunRecord erased = current(shop);
    assertThat(erased.command()).isEqualTo("erase");
    assertThat(erased.message()).contains("1 person erased");
    assertThat(erased.asOf()).contains(LocalDate.parse("2024-04-01"));
    assertThat(records(shop, IngestedFilesTable.RECORDS.name())).isEqualTo(records);
    // Four lines, one of them without a customer, a record that is rejected, one that is no record.
    assertThat(records(shop, IngestedFilesTable.ERASED.name())).isEqualTo(6);
    assertThat(ids(shop, CustomersTable.TABLE)).containsExactlyInAnyOrder("ben", "cleo");
    assertThat(ids(shop, RfmTable.TABLE)).doesNotContain(ANNA).contains("ben");
    assertThat(shop.rows(RejectsTable.TABLE)).hasSize(1);
  }

  @Test
  @Tag("slow")
  void whoWasErasedStaysOut() throws Exception {
    Shop shop = shop();
    requireErased(shop);
    Path warehouse = folder.resolve("warehouse");

    // She comes back in April under her id, and her address under another's.
    RunRecord april = shop.runAsOf(LocalDate.parse("2024-05-01"));
    assertThat(ids(shop, OrderLinesTable.TABLE)).doesNotContain(ANNA).contains("dora");
    assertThat(shop.rows(ContactsTable.TABLE))
        .filteredOn(row -> row.get("customer_id").equals("dora"))
        .extracting(
            row -> row.get("email"), row -> row.get("phone"), row -> row.get("email_consent"))
        .containsExactly(tuple(null, "0123 456789", true));
    assertThat(FilesBelow.naming(FilesBelow.of(warehouse), HER)).isEmpty();

    RunRecord rebuilt = shop.rebuild(LocalDate.parse("2024-05-01"));
    assertThat(SameTables.differences(shop, rebuilt, april, Set.of(RfmTransitionsTable.TABLE)))
        .isEmpty();
    assertThat(FilesBelow.naming(FilesBelow.of(warehouse), HER)).isEmpty();
  }

  @Test
  @Tag("slow")
  void filesForPlatformsThatCannotBeWrittenAreSaidAndNotAnEndToErasing() throws Exception {
    shop().addressingAll("");
    assertThat(command("run").err()).isEmpty();
    Path lists = folder.resolve("files/all/generic");
    assertThat(lists).isDirectory();
    Files.move(lists, folder.resolve("elsewhere"));
    Files.writeString(lists, "in the way");

    Perennial.Answer answer = erase("--customer", ANNA);

    assertThat(answer.out()).contains("Erased 1 person", "Proof: ", "Published run ");
    assertThat(answer.err())
        .contains("the files of all for generic")
        .endsWith("They are erased all the same. When the cause is gone, `run` does the rest.\n");
    assertThat(answer.code()).isEqualTo(1);
    assertThat(FilesBelow.naming(FilesBelow.of(folder.resolve("warehouse")), HER)).isEmpty();
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
            .mapping("line", List.of(HEADER.strip().split(",")))
            .set("churn.min-customers", "1000")
            .making(Stream.of(Steps.LAKE_STEPS, Steps.RFM_STEPS).flatMap(List::stream).toList());
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

  private Perennial.Answer erase(String... who) {
    return command("erase", who);
  }

  private Perennial.Answer command(String command, String... more) {
    return Perennial.run(
        command,
        folder.resolve("perennial.conf"),
        List.of(
            "lake.source=own",
            "lake.path=" + folder.resolve("lake"),
            "lake.max-reject-share=1",
            "churn.min-customers=1000",
            "export.path=" + folder.resolve("files"),
            "warehouse.path=" + folder.resolve("warehouse")),
        more);
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
