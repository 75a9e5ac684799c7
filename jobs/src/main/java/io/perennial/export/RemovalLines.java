package io.perennial.export;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.Sha256;
import io.perennial.config.SourceColumn;
import io.perennial.customers.ContactsTable;
import io.perennial.export.normalize.AddressNormalizer;
import io.perennial.export.normalize.EmailNormalizer;
import io.perennial.export.normalize.PhoneNormalizer;
import io.perennial.table.Field;
import java.util.List;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** Builds the lines of {@code remove} from what the private state keeps of the rows sent. */
record RemovalLines(List<ExportList> lists, String defaultRegion) {

  private static final StructType SCHEMA =
      ExportColumns.schema(
          ExportColumns.LIST,
          ExportColumns.ROW_KEY,
          ExportColumns.CONTENT,
          ExportColumns.SENT_AS_OF,
          ExportColumns.LINE);

  private static final String[] KEY = {SentIdentitiesTable.CUSTOMER_KEY.name()};
  private static final String KNOWN = "known";
  private static final Field EMAIL = ContactsTable.value(SourceColumn.EMAIL);
  private static final Field PHONE = ContactsTable.value(SourceColumn.PHONE);
  private static final Field COUNTRY = ContactsTable.value(SourceColumn.COUNTRY);

  /**
   * @param removed list, row_key, content, sent_as_of, kept and customer_key
   * @param contacts {@link ExportInputs#contactCells} of any runs that may still know an address
   * @return list, row_key, content, sent_as_of and the line
   */
  Dataset<Row> of(Dataset<Row> removed, Dataset<Row> contacts, SentLog sentLog) {
    boolean usesContacts = lists.stream().anyMatch(list -> list.format().removesByPlainAddress());
    Dataset<Row> rows =
        usesContacts
            ? removed.join(known(removed, contacts, sentLog), KEY, "left_outer")
            : removed.withColumn(KNOWN, lit(null));
    return rows.map(new Line(lists, defaultRegion), Encoders.row(SCHEMA));
  }

  /** customer_key and every address of the removed customers in contacts. */
  private static Dataset<Row> known(Dataset<Row> removed, Dataset<Row> contacts, SentLog sentLog) {
    return sentLog
        .withCustomerKey(contacts)
        .join(removed.select(SentIdentitiesTable.CUSTOMER_KEY.col()), KEY, "left_semi")
        .groupBy(SentIdentitiesTable.CUSTOMER_KEY.col())
        .agg(sort_array(collect_set(struct(EMAIL.col(), PHONE.col(), COUNTRY.col()))).as(KNOWN));
  }

  /** Builds a line. The plain address is written only where it is the one that was sent. */
  record Line(List<ExportList> lists, String defaultRegion) implements MapFunction<Row, Row> {

    @Override
    public Row call(Row row) {
      PlatformFormat format = lists.get(row.<Integer>getAs(ExportColumns.LIST.name())).format();
      List<String> removalCells = row.getList(row.fieldIndex(ExportColumns.KEPT.name()));
      String email = "";
      String phone = "";
      int index = row.fieldIndex(KNOWN);
      if (format.removesByPlainAddress() && !row.isNullAt(index)) {
        for (Row known : row.<Row>getList(index)) {
          String country = AddressNormalizer.country(known.getAs(COUNTRY.name()));
          String number = PhoneNormalizer.e164(known.getAs(PHONE.name()), country, defaultRegion);
          email = sent(EmailNormalizer.trimmed(known.getAs(EMAIL.name())), removalCells, email);
          phone = sent(number, removalCells, phone);
        }
      }
      return RowFactory.create(
          row.getAs(ExportColumns.LIST.name()),
          row.getAs(ExportColumns.ROW_KEY.name()),
          row.getAs(ExportColumns.CONTENT.name()),
          row.getAs(ExportColumns.SENT_AS_OF.name()),
          format.removalLine(removalCells, email, phone));
    }

    private static String sent(String value, List<String> removalCells, String otherwise) {
      return !value.isEmpty() && removalCells.contains(Sha256.hex(value)) ? value : otherwise;
    }
  }
}
