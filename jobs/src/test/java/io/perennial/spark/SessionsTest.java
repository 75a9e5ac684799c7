package io.perennial.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.perennial.table.Field;
import io.perennial.table.Table;
import io.perennial.table.TableStore;
import io.perennial.testing.SharedSpark;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings of a session. */
class SessionsTest {

  private static final Field KEY = Field.text("unique_key", "A key.");
  private static final Field KIND = Field.text("kind", "A kind.");
  private static final Table TABLE =
      Table.named("keys").oneRowPer("key").fields(KEY, KIND).withoutDictionary(KEY).build();

  @Test
  void columnsDeclaredWithoutDictionaryAreWrittenWithoutOne(@TempDir Path warehouse)
      throws IOException {
    TableStore store = new TableStore(SharedSpark.session(), warehouse.toString(), 2);
    Sessions.configureWrites(SharedSpark.session(), List.of(TABLE));
    store.append(
        TABLE, store.rows(TABLE, Collections.nCopies(1_000, RowFactory.create("same", "same"))));

    List<ColumnChunkMetaData> columns = columns(store.read(TABLE).inputFiles()[0]);
    assertThat(columns)
        .extracting(
            column -> column.getPath().toDotString(), ColumnChunkMetaData::hasDictionaryPage)
        .containsExactly(tuple("unique_key", false), tuple("kind", true));
  }

  private static List<ColumnChunkMetaData> columns(String file) throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            HadoopInputFile.fromPath(
                new org.apache.hadoop.fs.Path(URI.create(file)), new Configuration()))) {
      return reader.getFooter().getBlocks().get(0).getColumns();
    }
  }
}
