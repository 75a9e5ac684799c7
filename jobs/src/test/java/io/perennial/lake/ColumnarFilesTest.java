package io.perennial.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perennial.ingest.OrderLinesTable;
import io.perennial.lake.LakeOnDisk.Ingested;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The records of a Parquet or ORC file do not depend on the other files read with it. */
class ColumnarFilesTest {

  private static final String OLD =
      """
      SELECT 'o1' order_id, 'c1' customer_id, '2024-01-05' ordered_at, 1 quantity, 10 unit_price,
             named_struct('city', 'Graz') address
      """;

  private static final String NEW =
      """
      SELECT 'o2' order_id, 'c1' customer_id, '2024-02-05' ordered_at, 1 quantity, 10 unit_price,
             named_struct('city', 'Wien', 'country', 'AT') address, 'spring' code, 3 discount
      """;

  private static final String OTHER_TYPES =
      """
      SELECT 3L order_id, 7 customer_id, TIMESTAMP '2024-03-05 00:00:00' ordered_at,
             1.5D quantity, CAST(2.25 AS DECIMAL(12,4)) unit_price,
             named_struct('country', 'DE') address, 9 discount
      """;

  private static final String NOBODYS =
      "SELECT 'o4' order_id, DATE '2024-04-05' ordered_at, 1 quantity, 10 unit_price, 'c4' customer";

  @TempDir private Path directory;

  private LakeOnDisk lake(String format) {
    return LakeOnDisk.in(directory)
        .source(
            "plain",
            "format = "
                + format
                + "\n"
                + LakeOnDisk.columns("discount")
                    .replace("}", "  discount_code = code\n  country = \"address.country\"\n}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc"})
  void aFileReadAloneIsWhatItIsBesideOthers(String format) {
    LakeOnDisk lake = lake(format);
    lake.query("c", format, NEW).ingest();
    assertThat(texts(lake.query("a", format, OLD).ingest()))
        .as("an optional column, and a field of one, that only the other file has")
        .containsExactly(
            "o1 c1 1.000 10.000000 0.00 null null", "o2 c1 1.000 10.000000 3.00 spring AT");
    List<String> all =
        List.of(
            "3 7 1.500 2.250000 9.00 null DE",
            "o1 c1 1.000 10.000000 0.00 null null",
            "o2 c1 1.000 10.000000 3.00 spring AT");
    assertThat(texts(lake.query("b", format, OTHER_TYPES).ingest())).isEqualTo(all);

    lake.set("warehouse.path", directory.resolve("anew"));
    assertThat(texts(lake.ingest())).as("read together").isEqualTo(all);
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc"})
  void aFileWithoutARequiredColumnIsNamed(String format) {
    LakeOnDisk lake = lake(format).query("a", format, NEW).query("b", format, NOBODYS);
    assertThatThrownBy(lake::ingest)
        .as("nobody in it would be a customer")
        .isInstanceOf(LakeException.class)
        .hasMessage(
            "Cannot read file 'b' of the lake: the mapping of source plain takes customer_id from"
                + " customer_id, which the file does not have; its columns are order_id, ordered_at,"
                + " quantity, unit_price, customer. Correct the mapping, repair or remove the file,"
                + " or set lake.on-unreadable-file = skip.");

    Ingested skipping = lake.set("lake.on-unreadable-file", "skip").ingest();
    assertThat(skipping.orders()).containsExactly("o2");
    assertThat(skipping.messages())
        .singleElement()
        .asString()
        .startsWith("Skipped: Cannot read file 'b'");
  }

  private static List<String> texts(Ingested ingested) {
    return ingested
        .lines()
        .orderBy(OrderLinesTable.ORDER_ID.col())
        .selectExpr(
            "concat_ws(' ', order_id, customer_id, quantity, unit_price, discount,"
                + " coalesce(discount_code, 'null'), coalesce(country, 'null'))")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }
}
