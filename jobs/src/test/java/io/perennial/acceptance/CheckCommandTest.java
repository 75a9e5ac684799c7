package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.acceptance.CommandRunner.CommandResult;
import io.perennial.lake.LakeOnDisk;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command `check`, which previews a mapping. */
class CheckCommandTest {

  private static final String HEADER = "order_id,Mail,ordered_at,quantity,unit_price,born,remark";

  @TempDir private Path directory;

  @Test
  void showsMappedRecordsAndWritesNothing() {
    LakeOnDisk lake =
        LakeOnDisk.in(directory)
            .set("lake.source", "mine")
            .set("shop.currency", "EUR")
            .set("shop.time-zone", "Europe/Berlin")
            .source(
                "mine",
                """
                format = csv
                columns {
                  order_id = order_id
                  customer_id = "sha2(lower(Mail), 256)"
                  email = Mail
                  ordered_at = ordered_at
                  quantity = quantity
                  unit_price = ""\"
                    replace(unit_price,
                            ' ', '')""\"
                  birth_date = born
                }
                """)
            .file(
                "a.csv",
                HEADER,
                "o1,zoe@example.com,2024-01-31 10:00:00,2,1 000.50,1990-02-28,first",
                "o2,eva@example.com,2024-01-31 11:00:00,-1,5,,ask eva@example.com")
            .file(
                "b.csv",
                HEADER,
                "o3,a@example.com,someday,one,5,31.12.1980,",
                "o4,a@example.com,2024-02-01,two,5,,zoe@example.com",
                "o5,b@example.com,2024-02-02,1,5,,",
                "too,few,b@example.com");

    CommandResult result = lake.run("check", "--records", "2");

    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains(
            "2 files, ",
            "source mine (csv), Europe/Berlin, EUR",
            "Columns of a raw record: order_id, Mail, ordered_at, quantity, unit_price, born,"
                + " remark\n",
            "  not used by the mapping: remark\n",
            "Columns that are not mapped: line_id, product_id, ",
            "unit_price        83.3 %  1000.500000              <- replace(unit_price, ' ', '')\n",
            "email            100.0 %  ***                      <- Mail\n",
            "birth_date        16.7 %  ***                      <- born\n",
            "record {\"order_id\":\"o1\",\"Mail\":\"***\",\"ordered_at\":\"2024-01-31 10:00:00\","
                + "\"quantity\":\"2\",\"unit_price\":\"1 000.50\",\"born\":\"***\","
                + "\"remark\":\"first\"}\n",
            "ordered_at=2024-01-31 10:00:00, kind=sale, quantity=2.000, unit_price=1000.500000,"
                + " amount=2001.00\n",
            "kind=refund, quantity=-1.000, unit_price=5.000000, amount=-5.00\n",
            "Of 6 records looked at 3 (50.0 %) cannot be used; lake.max-reject-share allows 5.0 %."
                + " Reasons:\n",
            "       2 x quantity is not a number: one\n           in 'b.csv': {\"order_id\":\"o3\"",
            "       1 x ordered_at is not a timestamp: someday\n",
            "       1 x the record cannot be parsed\n           in 'b.csv': too,few,***\n");
    assertThat(result.out()).doesNotContain("@", "1980", "1990-02-28", "birth_date is");
    assertThat(lake.warehouse()).doesNotExist();
    assertThat(directory.resolve("wh-state")).doesNotExist();
  }

  @Test
  void samplesTheFirstMiddleAndLastFile() {
    LakeOnDisk lake = LakeOnDisk.in(directory);
    for (int month = 1; month <= 5; month++) {
      lake.file(
          "2024-0" + month + ".csv",
          "order_id,customer_id,ordered_at,quantity,unit_price",
          "o" + month + ",c,2024-0" + month + "-01," + (month < 5 ? "1" : "one") + ",1");
    }
    lake.set("lake.on-unreadable-file", "skip")
        .file("2024-03b.csv", new byte[] {(byte) 137, 80, 1});
    CommandResult result = lake.run("check");
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains(
            "Skipped: Cannot read file '2024-03b.csv' of the lake: it is not a CSV file: its first"
                + " line is not text. ",
            "Of 3 records looked at 1 (33.3 %)",
            "1 x quantity is not a number: one\n           in '2024-05.csv'");
  }
}
