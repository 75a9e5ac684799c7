package io.perennial.export;

import static org.apache.spark.sql.functions.col;

import java.util.List;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** Makes the lines of {@code remove} of what the private state remembers. */
final class RemovalLines {

  private static final StructType SCHEMA =
      Columns.schema(
          Columns.LIST, Columns.ROW_KEY, Columns.CONTENT, Columns.SENT_AS_OF, Columns.LINE);

  private static final String EMAIL = "email";
  private static final String PHONE = "phone";
  private static final String COUNTRY = "country";

  private final List<ExportList> lists;
  private final String defaultRegion;

  RemovalLines(List<ExportList> lists, String defaultRegion) {
    this.lists = lists;
    this.defaultRegion = defaultRegion;
  }

  /**
   * @param removed list, row_key, content, sent_as_of, kept and customer_key
   * @return list, row_key, content, sent_as_of and the line
   */
  Dataset<Row> of(Dataset<Row> removed, ExportInputs inputs, SentMemory memory) {
    boolean isPlain = lists.stream().anyMatch(list -> list.format().isPlain());
    Dataset<Row> contacts =
        inputs
            .contactCells()
            .select(
                memory
                    .customerKey(Columns.CUSTOMER_ID.col())
                    .as(SentIdentitiesTable.CUSTOMER_KEY.name()),
                col(EMAIL),
                col(PHONE),
                col(COUNTRY));
    Dataset<Row> known =
        removed.join(
            isPlain ? contacts : contacts.limit(0),
            new String[] {SentIdentitiesTable.CUSTOMER_KEY.name()},
            "left_outer");
    return known.map(new Line(lists, defaultRegion), Encoders.row(SCHEMA));
  }

  /**
   * The address goes into a removal only where it is still the one that was sent.
   *
   * @param lists the plan
   * @param defaultRegion country of phone numbers that carry none
   */
  record Line(List<ExportList> lists, String defaultRegion) implements MapFunction<Row, Row> {

    @Override
    public Row call(Row row) {
      Format format = lists.get(row.<Integer>getAs(Columns.LIST.name())).format();
      List<String> kept = row.getList(row.fieldIndex(Columns.KEPT.name()));
      boolean isPlain = format.isPlain();
      String email = isPlain ? Emails.trimmed(row.getAs(EMAIL)) : "";
      String phone =
          isPlain
              ? Phones.e164(row.getAs(PHONE), Places.country(row.getAs(COUNTRY)), defaultRegion)
              : "";
      return RowFactory.create(
          row.getAs(Columns.LIST.name()),
          row.getAs(Columns.ROW_KEY.name()),
          row.getAs(Columns.CONTENT.name()),
          row.getAs(Columns.SENT_AS_OF.name()),
          format.removalLine(kept, ifSent(email, kept), ifSent(phone, kept)));
    }

    private static String ifSent(String value, List<String> kept) {
      return !value.isEmpty() && kept.contains(Sha256.hex(value)) ? value : "";
    }
  }
}
