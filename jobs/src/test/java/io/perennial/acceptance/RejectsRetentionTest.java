package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.perennial.ingest.RejectsRetention;
import io.perennial.ingest.RejectsTable;
import io.perennial.table.RunRecord;
import io.perennial.table.RunRecord.State;
import io.perennial.table.TableStore;
import io.perennial.testing.SharedSpark;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Old rejected records are removed; the files of rejected orders remain known. */
class RejectsRetentionTest {

  private static final LocalDate AS_OF = LocalDate.of(2024, 6, 30);

  @TempDir Path folder;

  @Test
  void removesOldRecordsAndKeepsFilesOfRejectedOrders() {
    TableStore store = new TableStore(SharedSpark.session(), folder.toString(), 2);
    store.append(
        RejectsTable.TABLE,
        SharedSpark.session()
            .createDataFrame(
                List.of(
                    reject("a.csv", "1", false, "old"),
                    reject("b.csv", "2", true, "old"),
                    reject("c.csv", "3", false, "new"),
                    reject("d.csv", "4", true, "new")),
                RejectsTable.TABLE.schema(2)));
    List<RunRecord> runs =
        List.of(run("old", AS_OF.minusDays(91)), run("new", AS_OF.minusDays(90)));

    RejectsRetention.apply(store, runs, AS_OF, 0);
    assertThat(store.read(RejectsTable.TABLE).count()).isEqualTo(4);

    RejectsRetention.apply(store, runs, AS_OF, 90);
    assertThat(store.read(RejectsTable.TABLE).collectAsList())
        .extracting(row -> row.getAs("source_file"), row -> row.getAs("record"))
        .containsExactlyInAnyOrder(
            tuple("b.csv", null),
            tuple("c.csv", "the record of 3"),
            tuple("d.csv", "the record of 4"));

    Optional<Long> version = store.version(RejectsTable.TABLE);
    RejectsRetention.apply(store, runs, AS_OF, 90);
    assertThat(store.version(RejectsTable.TABLE)).as("nothing is left to do").isEqualTo(version);
  }

  private static Row reject(String file, String order, boolean isOrderReject, String run) {
    return RowFactory.create(
        file, "the record of " + order, new String[] {"no reason"}, order, isOrderReject, run);
  }

  private static RunRecord run(String id, LocalDate asOf) {
    return new RunRecord(
        id,
        "run",
        Optional.of(asOf),
        Instant.EPOCH,
        Optional.of(0.0),
        State.PUBLISHED,
        "",
        Map.of(),
        List.of(),
        Map.of(),
        Optional.empty(),
        "1");
  }
}
