package io.perennial.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perennial.table.delta.DeltaTransaction;
import io.perennial.table.delta.TableSnapshot;
import io.perennial.testing.SharedSpark;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Date;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.delta.DeltaConcurrentModificationException;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.OptionConverters;

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

    assertThat(store.snapshots(List.of(TABLE)).get(TABLE))
        .containsExactlyInAnyOrder(DAY, DAY.plusDays(1));
    assertThat(text(store.read(TABLE)))
        .containsExactlyInAnyOrder("2024-01-01 cleo", "2024-01-02 anna");
    assertThat(text(store.read(TABLE, 0)))
        .as("the version that made the table")
        .containsExactlyInAnyOrder("2024-01-01 anna", "2024-01-01 ben");
    assertThat(text(store.read(TABLE, 1)))
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
  void rowsAreAddedToMonthsBesideThoseThatAreReplaced() {
    LocalDate february = DAY.plusMonths(1);
    store.append(TABLE, rows(DAY, "anna").unionByName(rows(february, "ben")));
    store.exchangeMonths(
        TABLE, Months.of(List.of(DAY)), rows(DAY, "cleo").unionByName(rows(february, "dora")));
    store.exchangeMonths(TABLE, Months.NONE, rows(february).limit(0));

    assertThat(store.version(TABLE)).as("nothing to write, nothing committed").contains(1L);
    assertThat(text(store.read(TABLE)))
        .containsExactlyInAnyOrder("2024-01-01 cleo", "2024-02-01 ben", "2024-02-01 dora");
    assertThat(text(store.changes(TABLE, 0, 1).orElseThrow().gone()))
        .as("what was replaced, and not what others were added to")
        .containsExactly("2024-01-01 anna");
    assertThat(text(store.changes(TABLE, 0, 1).orElseThrow().come()))
        .containsExactlyInAnyOrder("2024-01-01 cleo", "2024-02-01 dora");
  }

  @Test
  void aTableOfMoreFilesThanAreListedBesideACommitIsReadAndReplacedAlike() {
    List<LocalDate> days = IntStream.range(0, 60).mapToObj(DAY::plusDays).toList();
    try (SessionSettings fifty =
        SessionSettings.of(
            SharedSpark.session(),
            Map.of("spark.databricks.delta.allFilesInCrc.thresholdNumFiles", "50"))) {
      store.append(TABLE, days.stream().map(d -> rows(d, "anna")).reduce(Dataset::union).get());
      store.replaceSnapshot(TABLE, DAY, rows(DAY, "ben"));
    }
    assertThat(store.snapshots(List.of(TABLE)).get(TABLE))
        .containsExactlyInAnyOrderElementsOf(days);
    assertThat(store.read(TABLE).count()).isEqualTo(60);
    assertThat(text(store.snapshot(TABLE, DAY))).containsExactly("2024-01-01 ben");
    assertThat(text(TableStore.ofAsOf(store.read(TABLE, 0), DAY)))
        .containsExactly("2024-01-01 anna");
  }

  @Test
  void onlyFilesOfWantedDaysAreRead() {
    Field left = Field.date("left_on", "When they left.").orNull();
    Table table =
        Table.named("goodbyes")
            .oneRowPer("customer")
            .fields(CUSTOMER, left)
            .partitionedBy(left)
            .build();
    store.append(
        table,
        SharedSpark.session()
            .createDataFrame(
                List.of(
                    RowFactory.create("anna", Date.valueOf(DAY)),
                    RowFactory.create("ben", Date.valueOf(DAY.plusDays(1))),
                    RowFactory.create("cleo", Date.valueOf(DAY.plusMonths(1))),
                    RowFactory.create("dan", null)),
                table.schema(2)));

    Map<String, List<String>> wanted = new LinkedHashMap<>();
    wanted.put("true", List.of("anna", "ben", "cleo", "dan"));
    wanted.put("left_on = '2024-01-01'", List.of("anna"));
    wanted.put("left_on >= '2024-01-01' and left_on < '2024-02-01'", List.of("anna", "ben"));
    wanted.put("left_on in ('2024-01-02', '2024-02-01')", List.of("ben", "cleo"));
    wanted.put("left_on is null or left_on > '2024-01-31'", List.of("cleo", "dan"));
    wanted.put("trunc(left_on, 'MM') <> '2024-02-01'", List.of("anna", "ben"));
    wanted.put("not (left_on = '2024-01-01')", List.of("ben", "cleo"));
    wanted.put(
        "left_on = '2024-01-01' and left_on > '2024-01-01' and customer_id = 'anna'", List.of());
    wanted.forEach(
        (condition, customers) -> {
          Dataset<Row> rows = store.read(table).where(condition);
          assertThat(rows.collectAsList().stream().map(row -> row.getString(0)))
              .as(condition)
              .containsExactlyInAnyOrderElementsOf(customers);
          assertThat(filesRead(rows)).as("files read: " + condition).isEqualTo(customers.size());
        });
  }

  /** By rows that were collected once; another time would forget it. */
  private static long filesRead(Dataset<Row> rows) {
    return CollectionConverters.asJava(rows.queryExecution().executedPlan().collectLeaves())
        .stream()
        .flatMap(leaf -> OptionConverters.toJava(leaf.metrics().get("numFiles")).stream())
        .mapToLong(SQLMetric::value)
        .sum();
  }

  @Test
  void whatIsWrittenIsReadThoughAnEarlierVersionIsKept() {
    store.append(TABLE, rows(DAY, "anna"));
    Dataset<Row> kept = SharedSpark.session().read().format("delta").load(store.path(TABLE));
    kept.persist();
    try {
      assertThat(kept.count()).isEqualTo(1);
      store.replaceSnapshot(TABLE, DAY, rows(DAY, "ben", "cleo"));
      assertThat(SharedSpark.session().read().format("delta").load(store.path(TABLE)).count())
          .isEqualTo(2);
      assertThat(store.read(TABLE).count()).isEqualTo(2);
    } finally {
      kept.unpersist();
    }
  }

  @Test
  void rowsOfOtherDaysReplaceNothing() {
    store.append(TABLE, rows(DAY, "anna"));
    assertThatThrownBy(() -> store.replaceSnapshot(TABLE, DAY, rows(DAY.plusDays(1), "ben")))
        .hasMessageContaining("2024-01-02");
    assertThat(text(store.read(TABLE))).containsExactly("2024-01-01 anna");
  }

  @Test
  void everythingIsReplacedByNothingAndTheLogTellsHowManyRowsWereWritten() {
    store.append(TABLE, rows(DAY, "anna"));
    store.overwrite(TABLE, rows(DAY, "ben", "cleo"));
    assertThat(store.rowsLastWritten(TABLE)).hasValue(2L);
    store.overwrite(TABLE, rows(DAY));
    assertThat(text(store.read(TABLE))).isEmpty();
  }

  @Test
  void whoReadAnEarlierVersionDoesNotOverwriteALaterOne() {
    store.overwriteUnlessChanged(TABLE, rows(DAY, "anna"), Optional.empty());
    long read = store.version(TABLE).orElseThrow();
    store.overwriteUnlessChanged(TABLE, rows(DAY, "ben"), Optional.of(read));
    store.overwriteUnlessChanged(TABLE, rows(DAY, "cleo"), Optional.of(read));
    store.overwriteUnlessChanged(TABLE, rows(DAY, "dora"), Optional.empty());
    assertThat(text(store.read(TABLE))).containsExactly("2024-01-01 ben");
  }

  @Test
  void aTableIsMadeOnceAndMadeAnewWhereItsColumnsAreOthers() {
    store.prepare(TABLE);
    store.prepare(TABLE);
    assertThat(store.version(TABLE)).hasValue(0L);
    assertThat(store.read(TABLE).count()).isZero();
    Table wider =
        Table.named("pictures")
            .oneRowPer("customer")
            .fields(CUSTOMER, Field.text("country", "Where."))
            .build();
    assertThatThrownBy(() -> store.append(wider, wide(wider)))
        .hasMessageContaining("its columns are those of another version of Perennial");
    store.overwrite(wider, wide(wider));
    assertThat(store.isAsDeclared(wider)).isTrue();
    assertThat(store.read(wider).collectAsList()).containsExactly(RowFactory.create("anna", "FR"));
    assertThat(store.readAsDeclared(TABLE, 0)).as("the table that it was").isPresent();
  }

  private static Dataset<Row> wide(Table table) {
    return SharedSpark.session()
        .createDataFrame(List.of(RowFactory.create("anna", "FR")), table.schema(2));
  }

  @Test
  void anEarlierVersionComesBackAsANewOne() {
    LocalDate next = DAY.plusDays(1);
    store.append(TABLE, rows(DAY, "anna"));
    store.append(TABLE, rows(next, "anna"));
    store.replaceSnapshot(TABLE, DAY, rows(DAY, "ben"));
    store.restore(TABLE, 0);
    assertThat(store.version(TABLE)).hasValue(3L);
    assertThat(text(store.read(TABLE))).containsExactly("2024-01-01 anna");
    assertThat(text(SharedSpark.session().read().format("delta").load(store.path(TABLE))))
        .containsExactly("2024-01-01 anna");
    assertThat(store.monthsChanged(TABLE, 2, 3)).hasValue(Months.of(List.of(DAY, next)));
    assertThat(store.monthsChanged(TABLE, 0, 3)).hasValue(Months.NONE);
    store.clear(TABLE);
    assertThat(text(store.read(TABLE))).isEmpty();
    assertThat(text(store.read(TABLE, 1)))
        .containsExactlyInAnyOrder("2024-01-01 anna", "2024-01-02 anna");
  }

  @Test
  void aVersionWhoseFilesAreGoneDoesNotComeBack() throws IOException {
    store.append(TABLE, rows(DAY, "anna"));
    String file = store.read(TABLE).inputFiles()[0];
    store.overwrite(TABLE, rows(DAY, "ben"));
    Files.delete(Path.of(URI.create(file)));
    assertThatThrownBy(() -> store.restore(TABLE, 0)).isInstanceOf(Exception.class);
    assertThat(text(store.read(TABLE))).containsExactly("2024-01-01 ben");
  }

  @Test
  void ofTwoWhoReplaceTheSameVersionOneFails() {
    store.append(TABLE, rows(DAY, "anna"));
    TableSnapshot read = TableSnapshot.of(SharedSpark.session(), store.path(TABLE)).orElseThrow();
    DeltaTransaction late = new DeltaTransaction(SharedSpark.session(), read);
    store.overwrite(TABLE, rows(DAY, "cleo"));
    assertThatThrownBy(() -> late.replaceAll(rows(DAY, "ben")))
        .isInstanceOf(DeltaConcurrentModificationException.class);
    assertThat(text(store.read(TABLE))).containsExactly("2024-01-01 cleo");
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
