package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.perennial.customers.ContactsTable;
import io.perennial.ingest.IngestedFilesTable;
import io.perennial.ingest.OrderLinesTable;
import io.perennial.ingest.RejectsTable;
import io.perennial.orders.OrdersTable;
import io.perennial.table.RunRecord;
import io.perennial.testing.SharedSpark;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of an earlier run is no longer in the lake. */
class MissingFilesTest {

  @TempDir Path folder;

  @Test
  void laterRecordRejectsAnOrderOfAMissingFile() {
    Shop shop = MonthlyFiles.shop(folder).set("lake.on-missing-file", "keep");
    shop.run();
    shop.remove("january.csv");
    shop.remove("february.csv");
    RunRecord run =
        shop.write(
                "march.csv",
                MonthlyFiles.HEADER
                    + "1,c,dora,2024-01-10 10:00:00,1,1,,paid,,,\n"
                    + "4,c,dora,2024-02-05 10:00:00,1,1,,paid,,,\n")
            .run();
    assertThat(shop.rows(OrdersTable.TABLE, run))
        .extracting(order -> order.get("order_id"))
        .containsExactlyInAnyOrder("2", "3");
    assertThat(shop.rows(RejectsTable.TABLE, run))
        .filteredOn(reject -> List.of("1", "4").contains(reject.get("order_id")))
        .extracting(reject -> reject.get("source_file"), reject -> reject.get("record") == null)
        .containsExactlyInAnyOrder(
            tuple("january.csv", true),
            tuple("january.csv", true),
            tuple("february.csv", true),
            tuple("march.csv", false),
            tuple("march.csv", false));
    assertFileCounts(shop, run);

    shop.remove("march.csv");
    assertFileCounts(shop, shop.run());
  }

  private static void assertFileCounts(Shop shop, RunRecord run) {
    assertThat(shop.rows(IngestedFilesTable.TABLE, run))
        .extracting(file -> file.get("path"), f -> f.get("accepted"), f -> f.get("rejected"))
        .containsExactlyInAnyOrder(
            tuple("january.csv", 1L, 2L),
            tuple("february.csv", 1L, 2L),
            tuple("march.csv", 0L, 2L));
  }

  @Test
  void missingFileFailsTheRunOrIsKept() {
    assertKept(MonthlyFiles.shop(folder));
  }

  private static void assertKept(Shop shop) {
    RunRecord complete = shop.write("march.csv", MonthlyFiles.MARCH).run();
    shop.remove("january.csv");
    assertThatThrownBy(shop::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot continue: 1 file was read before and is gone: 'january.csv'. Bring them back,"
                + " or set lake.on-missing-file = keep (their records stay) or retract (their"
                + " records leave).");

    RunRecord kept = shop.set("lake.on-missing-file", "keep").run();
    assertThat(TableComparison.differences(shop, complete, kept)).isEmpty();
  }

  @Test
  @Tag("slow")
  void erasureAndRetractionApplyToAKeptFile() {
    Shop shop = MonthlyFiles.shop(folder);
    assertKept(shop);

    // Erasure also removes records that came from a missing file.
    shop.pipeline(SharedSpark.session()).erasures().enter(List.of("ben"), Instant.now());
    RunRecord erased = shop.run();
    assertThat(shop.rows(OrderLinesTable.TABLE, erased))
        .extracting(line -> line.get("customer_id"))
        .contains("anna")
        .doesNotContain("ben");
    assertThat(shop.rows(IngestedFilesTable.TABLE, erased))
        .extracting(file -> file.get("path"), file -> file.get("erased"))
        .containsExactlyInAnyOrder(
            tuple("january.csv", 1L), tuple("february.csv", 0L), tuple("march.csv", 1L));
    assertThat(shop.rows(ContactsTable.TABLE, erased))
        .extracting(row -> row.get("customer_id"))
        .containsExactlyInAnyOrder("anna", "cleo");

    RunRecord retracted = shop.set("lake.on-missing-file", "retract").run();
    assertThat(shop.rows(OrdersTable.TABLE, retracted))
        .extracting(order -> order.get("order_id"))
        .containsExactlyInAnyOrder("3", "4");
    RunRecord rebuilt = shop.rebuild(retracted.asOf().orElseThrow());
    assertThat(TableComparison.differences(shop, rebuilt, retracted)).isEmpty();
  }
}
