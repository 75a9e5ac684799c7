package io.perennial.export;

import static org.apache.spark.sql.functions.*;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** From members of audiences to the rows of lists. */
final class Entries {

  static final String TARGET_OF = "target_of";
  static final String CONTROL_OF = "control_of";
  static final String PROFILE = "profile";

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

  private static final String AUDIENCE = "audience";
  private static final String IS_CONTROL = "is_control";
  private static final String IDENTIFIER = "identifier";

  private Entries() {}

  /**
   * One row per customer who is on a list or must not be: {@link #TARGET_OF} and {@link
   * #CONTROL_OF} name the audiences.
   *
   * @param targets audience, customer_id: whom the lists are for
   * @param controls audience, customer_id: whom they must not reach
   */
  static Dataset<Row> memberships(Dataset<Row> targets, Dataset<Row> controls) {
    Column audience = col(AUDIENCE);
    Column isControl = col(IS_CONTROL);
    return targets
        .select(audience, ExportColumns.CUSTOMER_ID.col(), lit(false).as(IS_CONTROL))
        .union(controls.select(audience, ExportColumns.CUSTOMER_ID.col(), lit(true).as(IS_CONTROL)))
        .groupBy(ExportColumns.CUSTOMER_ID.col())
        .agg(
            sort_array(collect_set(when(not(isControl), audience))).as(TARGET_OF),
            sort_array(collect_set(when(isControl, audience))).as(CONTROL_OF));
  }

  /**
   * One row per member and list, with what became of them, and one per member and platform to be
   * remembered.
   *
   * @param people {@link #memberships} with contacts, {@code email_consent} and {@link #PROFILE}
   */
  static Dataset<Row> of(Dataset<Row> people, EntryBuilder maker) {
    return people.flatMap(maker, Encoders.row(SCHEMA));
  }

  /** The keys of a list that must not be sent: somebody held out has the same address or number. */
  static Dataset<Row> sharedWithControl(Dataset<Row> entries) {
    Dataset<Row> controls =
        entries
            .where(ExportColumns.OUTCOME.col().equalTo(EntryBuilder.CONTROL))
            .select(
                ExportColumns.LIST.col(), explode(ExportColumns.IDENTIFIERS.col()).as(IDENTIFIER))
            .distinct();
    return hit(entries, controls);
  }

  /** The keys of a list that a removal takes along, since they share an address or number. */
  static Dataset<Row> hitBy(Dataset<Row> entries, Dataset<Row> removed) {
    return hit(
        entries,
        removed
            .select(
                ExportColumns.LIST.col(), explode(ExportColumns.IDENTIFIERS.col()).as(IDENTIFIER))
            .distinct());
  }

  private static Dataset<Row> hit(Dataset<Row> entries, Dataset<Row> identifiers) {
    return rows(entries)
        .select(
            ExportColumns.LIST.col(),
            ExportColumns.ROW_KEY.col(),
            explode(ExportColumns.IDENTIFIERS.col()).as(IDENTIFIER))
        .join(identifiers, new String[] {ExportColumns.LIST.name(), IDENTIFIER}, "left_semi")
        .select(ExportColumns.LIST.col(), ExportColumns.ROW_KEY.col())
        .distinct();
  }

  /** The entries that are on a list. */
  static Dataset<Row> rows(Dataset<Row> entries) {
    return entries.where(ExportColumns.OUTCOME.col().equalTo(EntryBuilder.ROW));
  }
}
