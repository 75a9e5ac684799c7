package io.perennial.export;

import static org.apache.spark.sql.functions.*;

import io.perennial.audiences.AudienceMembersTable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** From members of audiences to rows of lists. */
final class ListEntries {

  static final StructType SCHEMA =
      ExportColumns.schema(
          ExportColumns.LIST,
          ExportColumns.OUTCOME,
          ExportColumns.PLATFORM,
          ExportColumns.ROW_KEY,
          ExportColumns.CONTENT,
          ExportColumns.LINE,
          ExportColumns.KEPT,
          ExportColumns.IDENTIFIERS,
          ExportColumns.CUSTOMER_ID,
          ExportColumns.BAD_EMAIL,
          ExportColumns.BAD_PHONE);

  private ListEntries() {}

  /**
   * One row per customer who is on a list or held out of it: {@link ExportColumns#TARGET_OF} and
   * {@link ExportColumns#CONTROL_OF} name the audiences.
   *
   * @param targets audience, customer_id of the lists' targets
   * @param controls audience, customer_id of the customers held out
   */
  static Dataset<Row> memberships(Dataset<Row> targets, Dataset<Row> controls) {
    Column audience = AudienceMembersTable.AUDIENCE.col();
    Column isControl = ExportColumns.IS_CONTROL.col();
    String flag = ExportColumns.IS_CONTROL.name();
    return targets
        .select(audience, ExportColumns.CUSTOMER_ID.col(), lit(false).as(flag))
        .union(controls.select(audience, ExportColumns.CUSTOMER_ID.col(), lit(true).as(flag)))
        .groupBy(ExportColumns.CUSTOMER_ID.col())
        .agg(
            sort_array(collect_set(when(not(isControl), audience)))
                .as(ExportColumns.TARGET_OF.name()),
            sort_array(collect_set(when(isControl, audience))).as(ExportColumns.CONTROL_OF.name()));
  }

  /** The list and key of rows whose address or number is also that of a customer held out. */
  static Dataset<Row> sharedWithControl(Dataset<Row> entries) {
    return sharing(
        rows(entries), entries.where(ExportColumns.OUTCOME.col().equalTo(ListEntryMapper.CONTROL)));
  }

  /** The list and key of rows that have an address or number in common with one of the others. */
  static Dataset<Row> sharing(Dataset<Row> rows, Dataset<Row> others) {
    String identifier = ExportColumns.IDENTIFIER.name();
    Column identifiers = explode(ExportColumns.IDENTIFIERS.col()).as(identifier);
    return rows.select(ExportColumns.LIST.col(), ExportColumns.ROW_KEY.col(), identifiers)
        .join(
            others.select(ExportColumns.LIST.col(), identifiers).distinct(),
            new String[] {ExportColumns.LIST.name(), identifier},
            "left_semi")
        .select(ExportColumns.LIST.col(), ExportColumns.ROW_KEY.col())
        .distinct();
  }

  /** The entries that are on a list. */
  static Dataset<Row> rows(Dataset<Row> entries) {
    return entries.where(ExportColumns.OUTCOME.col().equalTo(ListEntryMapper.ROW));
  }
}
