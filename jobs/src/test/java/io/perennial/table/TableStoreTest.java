package io.perennial.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.testing.SharedSpark;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parts of a table are replaced whether they are there or not. */
class TableStoreTest {

  private static final Field CUSTOMER = Field.text("customer_id", "Who.");

  private static final Table TABLE =
      Table.named("pictures")
          .oneRowPer("day and customer")
          .fields(Table.AS_OF, CUSTOMER)
          .partitionedBy(Table.AS_OF)
          .build();

  private static final LocalDate DAY = LocalDate.of(2024, 1, 1);

  @TempDir Path folder;

  private TableStore store;

  @BeforeEach
  void store() {
    store = new TableStore(SharedSpark.session(), folder.toString(), 2);
  }

  @Test
  void aSnapshotIsReplacedWhereItIsThereAndAddedWhereItIsNot() {
    store.replaceSnapshot(TABLE, DAY, rows(DAY, "anna", "ben"));
    store.replaceSnapshot(TABLE, DAY.plusDays(1), rows(DAY.plusDays(1), "anna"));
    store.replaceSnapshot(TABLE, DAY, rows(DAY, "cleo"));

    assertThat(store.snapshots(TABLE)).containsExactlyInAnyOrder(DAY, DAY.plusDays(1));
    assertThat(text(store.read(TABLE)))
        .containsExactlyInAnyOrder("2024-01-01 cleo", "2024-01-02 anna");
    assertThat(text(store.read(TABLE, 1)))
        .as("the version after that without rows")
        .containsExactlyInAnyOrder("2024-01-01 anna", "2024-01-01 ben");
    assertThat(text(store.read(TABLE, 2)))
        .containsExactlyInAnyOrder("2024-01-01 anna", "2024-01-01 ben", "2024-01-02 anna");
  }

  @Test
  void monthsAreReplacedOfWhichSomeAreThere() {
    LocalDate february = DAY.plusMonths(1);
    store.replaceMonths(TABLE, Months.of(List.of(DAY)), rows(DAY, "anna"));
    store.replaceMonths(
        TABLE,
        Months.of(List.of(DAY, february)),
        rows(DAY, "ben").unionByName(rows(february, "ben")));
    assertThat(text(store.read(TABLE)))
        .containsExactlyInAnyOrder("2024-01-01 ben", "2024-02-01 ben");
  }

  @Test
  void aTableOfMoreFilesThanAreListedBesideACommitIsReadAndReplacedAlike() {
    List<LocalDate> days = IntStream.range(0, 60).mapToObj(DAY::plusDays).toList();
    store.append(TABLE, days.stream().map(d -> rows(d, "anna")).reduce(Dataset::union).get());
    store.replaceSnapshot(TABLE, DAY, rows(DAY, "ben"));
    assertThat(store.snapshots(TABLE)).containsExactlyInAnyOrderElementsOf(days);
    assertThat(store.read(TABLE).count()).isEqualTo(60);
    assertThat(text(store.snapshot(TABLE, DAY))).containsExactly("2024-01-01 ben");
    assertThat(text(TableStore.ofAsOf(store.read(TABLE, 1), DAY)))
        .containsExactly("2024-01-01 anna");
  }

  private static Dataset<Row> rows(LocalDate day, String... customers) {
    return SharedSpark.session()
        .createDataFrame(
            Arrays.stream(customers).map(who -> RowFactory.create(day, who)).toList(),
            TABLE.schema(2))
        .coalesce(1);
  }

  private static List<String> text(Dataset<Row> rows) {
    return rows.collectAsList().stream()
        .map(row -> row.getAs("as_of") + " " + row.getAs("customer_id"))
        .toList();
  }
}
