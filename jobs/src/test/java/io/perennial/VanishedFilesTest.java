package io.perennial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.perennial.customers.ContactsTable;
import io.perennial.lake.IngestedFilesTable;
import io.perennial.orders.OrderLinesTable;
import io.perennial.orders.OrdersTable;
import io.perennial.table.RunRecord;
import io.perennial.testing.SharedSpark;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that was read before is no longer in the lake. */
class VanishedFilesTest {

  private static final String HEADER =
      "order_id,line_id,customer_id,ordered_at,quantity,unit_price,order_discount,status,channel,"
          + "email,email_consent\n";

  private static final String JANUARY =
      HEADER
          + "1,a,anna,2024-01-10 10:00:00,2,10.00,3.00,paid,web,anna@x.example,true\n"
          + "1,b,,2024-01-10 10:00:00,1,5.00,,,,,\n"
          + "2,a,ben,2024-01-20 10:00:00,1,5.50,,paid,app,ben@x.example,true\n";

  private static final String FEBRUARY =
      HEADER
          + "3,a,anna,2024-02-03 10:00:00,1,7.25,,paid,web,,false\n"
          + "4,a,cleo,2024-02-05 10:00:00,1,8.00,,paid,web,cleo@x.example,\n"
          + "5,a,cleo,2999-02-05 10:00:00,1,8.00,,paid,web,cleo@rejected.example,true\n";

  private static final String MARCH =
      HEADER + "6,a,ben,2024-03-01 10:00:00,1,9.00,,paid,app,ben@y.example,\n";

  @TempDir Path folder;

  @Test
  void aFileThatVanishedStopsTheRunOrStaysOrLeaves() {
    Shop shop = Shop.in(folder).mapping("line", List.of(HEADER.strip().split(",")));
    shop.making(Steps.LAKE_STEPS);
    shop.write("january.csv", JANUARY).write("february.csv", FEBRUARY);
    RunRecord all = shop.write("march.csv", MARCH).run();
    shop.remove("january.csv");
    assertThatThrownBy(shop::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot continue: 1 file was read before and is gone: 'january.csv'. Bring them back,"
                + " or set lake.on-missing-file = keep (their records stay) or retract (their"
                + " records leave).");

    RunRecord kept = shop.set("lake.on-missing-file", "keep").run();
    assertThat(SameTables.differences(shop, all, kept)).isEmpty();

    // What a file that is gone has left of an erased person leaves the tables all the same.
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
    assertThat(SameTables.differences(shop, rebuilt, retracted)).isEmpty();
  }
}
