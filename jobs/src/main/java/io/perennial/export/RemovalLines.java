package io.perennial.export;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.Sha256;
import io.perennial.export.normalize.AddressNormalizer;
import io.perennial.export.normalize.EmailNormalizer;
import io.perennial.export.normalize.PhoneNormalizer;
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
      ExportColumns.schema(
          ExportColumns.LIST,
          ExportColumns.ROW_KEY,
          ExportColumns.CONTENT,
          ExportColumns.SENT_AS_OF,
          ExportColumns.LINE);

  private static final String[] KEY = new String[] {SentIdentitiesTable.CUSTOMER_KEY.name()};
  private static final String KNOWN = "known";
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
  Dataset<Row> of(Dataset<Row> removed, ExportInputs inputs, SentLog memory) {
    boolean isPlain = lists.stream().anyMatch(list -> list.format().isPlain());
    Dataset<Row> rows =
        isPlain
            ? removed.join(known(removed, inputs, memory), KEY, "left_outer")
            : removed.withColumn(KNOWN, lit(null));
    return rows.map(new Line(lists, defaultRegion), Encoders.row(SCHEMA));
  }

  /** customer_key and every address that contacts has or had of the customer. */
  private static Dataset<Row> known(Dataset<Row> removed, ExportInputs inputs, SentLog memory) {
    return memory
        .withCustomerKey(inputs.knownContactCells())
        .join(removed.select(col(KEY[0])), KEY, "left_semi")
        .groupBy(col(KEY[0]))
        .agg(sort_array(collect_set(struct(col(EMAIL), col(PHONE), col(COUNTRY)))).as(KNOWN));
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
      Format format = lists.get(row.<Integer>getAs(ExportColumns.LIST.name())).format();
      List<String> kept = row.getList(row.fieldIndex(ExportColumns.KEPT.name()));
      String email = "";
      String phone = "";
      int index = row.fieldIndex(KNOWN);
      if (format.isPlain() && !row.isNullAt(index)) {
        for (Row known : row.<Row>getList(index)) {
          String country = AddressNormalizer.country(known.getAs(COUNTRY));
          email = sent(EmailNormalizer.trimmed(known.getAs(EMAIL)), kept, email);
          phone =
              sent(PhoneNormalizer.e164(known.getAs(PHONE), country, defaultRegion), kept, phone);
        }
      }
      return RowFactory.create(
          row.getAs(ExportColumns.LIST.name()),
          row.getAs(ExportColumns.ROW_KEY.name()),
          row.getAs(ExportColumns.CONTENT.name()),
          row.getAs(ExportColumns.SENT_AS_OF.name()),
          format.removalLine(kept, email, phone));
    }

    private static String sent(String value, List<String> kept, String otherwise) {
      return !value.isEmpty() && kept.contains(Sha256.hex(value)) ? value : otherwise;
    }
  }
}
