package io.perennial.export;

import java.sql.Date;
import java.time.LocalDate;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** A row of {@code sent_exports}. */
record SentExport(
    String platform,
    String audience,
    int number,
    String runId,
    String exportId,
    LocalDate asOf,
    String state,
    String directory,
    long rows,
    String manifestSha256) {

  static SentExport of(Row row) {
    return new SentExport(
        row.getAs(SentExportsTable.PLATFORM.name()),
        row.getAs(SentExportsTable.AUDIENCE.name()),
        row.getAs(SentExportsTable.NUMBER.name()),
        row.getAs(SentExportsTable.RUN_ID.name()),
        row.getAs(SentExportsTable.EXPORT_ID.name()),
        row.<Date>getAs(SentExportsTable.AS_OF.name()).toLocalDate(),
        row.getAs(SentExportsTable.STATE.name()),
        row.getAs(SentExportsTable.DIRECTORY.name()),
        row.getAs(SentExportsTable.ROWS.name()),
        row.getAs(SentExportsTable.MANIFEST_SHA256.name()));
  }

  Row toRow() {
    return RowFactory.create(
        platform,
        audience,
        number,
        runId,
        exportId,
        Date.valueOf(asOf),
        state,
        directory,
        rows,
        manifestSha256);
  }

  SentExport as(String newState) {
    return new SentExport(
        platform,
        audience,
        number,
        runId,
        exportId,
        asOf,
        newState,
        directory,
        rows,
        manifestSha256);
  }

  boolean isPrepared() {
    return state.equals(SentExportsTable.PREPARED);
  }
}
