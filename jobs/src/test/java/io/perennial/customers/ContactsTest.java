package io.perennial.customers;

import static org.apache.spark.sql.functions.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.config.SourceColumn;
import io.perennial.config.SourceSettings;
import io.perennial.state.ErasedPeople;
import io.perennial.testing.SharedSpark;
import io.perennial.testing.TableRows;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Records in, what is known of each customer out. */
class ContactsTest {

  private static final List<ContactsTable.Part> PARTS = ContactsTable.parts();

  private static final List<SourceColumn> COLUMNS =
      PARTS.stream().map(ContactsTable.Part::column).toList();

  @Test
  void theLatestValueOfEachFieldStaysAndWhatIsNoneIsBlank() {
    Map<String, Map<String, Object>> known =
        contacts(
            record("anna", 1, "email", "anna@old.example", "phone", "+1 (512) 555-0101 x7"),
            record("anna", 3, "email", "anna@new.example", "first_name", "Anna"),
            record("anna", 4, "email", "not an address", "phone", "call me", "first_name", "-"),
            record("anna", 2, "zip", "M4 7EM", "country", "NA", "last_name", "Null"),
            record("ben", 1, "email", "a@b", "city", "x".repeat(10_000)),
            record("ben", 2, "country", "FR"),
            record("cleo", 9, "birth_date", LocalDate.parse("1800-01-01")),
            record("cleo", 8, "birth_date", LocalDate.parse("1980-02-29")),
            record("cleo", 10, "birth_date", LocalDate.parse("2999-01-01")),
            record("cleo", 11, "birth_date", LocalDate.parse("2024-01-12")));

    assertThat(known.get("anna"))
        .containsEntry("email", "anna@new.example")
        .containsEntry("email_at", at(3))
        .containsEntry("phone", "+1 (512) 555-0101 x7")
        .containsEntry("phone_at", at(1))
        .containsEntry("first_name", "Anna")
        .containsEntry("last_name", "Null")
        .containsEntry("country", "NA")
        .containsEntry("state", null);
    assertThat(known).as("a country alone is nobody's address").doesNotContainKey("ben");
    assertThat(known.get("cleo"))
        .containsEntry("birth_date", LocalDate.parse("1980-02-29"))
        .containsEntry("birth_date_at", at(8));
  }

  @Test
  void theLatestConsentWinsAndOfOneTimeTheMostRestrictive() {
    Map<String, Map<String, Object>> known =
        contacts(
            record("anna", 2, "email_consent", true, "sms_consent", true),
            record("anna", 1, "email_consent", false, "ads_consent", false),
            record("anna", 2, "sms_consent", false),
            record("anna", null, "ads_consent", true),
            record("ben", null, "email_consent", true));
    assertThat(known.get("anna"))
        .containsEntry("email_consent", true)
        .containsEntry("sms_consent", false)
        .containsEntry("ads_consent", false);
    assertThat(known.get("ben"))
        .containsEntry("email_consent", true)
        .containsEntry("email_consent_at", null)
        .containsEntry("sms_consent", null);
  }

  @Test
  void whereNoAddressIsKeptConsentsStay() {
    SourceSettings source =
        new SourceSettings(
            "own",
            SourceSettings.Format.CSV,
            Map.of(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            SourceSettings.Updates.NONE,
            Map.of(
                SourceColumn.EMAIL, "email",
                SourceColumn.COUNTRY, "country",
                SourceColumn.EMAIL_CONSENT, "agreed"));
    assertThat(Contacts.mapped(source, true))
        .extracting(ContactsTable.Part::column)
        .containsExactly(SourceColumn.EMAIL, SourceColumn.COUNTRY, SourceColumn.EMAIL_CONSENT);
    assertThat(Contacts.mapped(source, false))
        .extracting(ContactsTable.Part::column)
        .containsExactly(SourceColumn.EMAIL_CONSENT);
  }

  /** Against a plain loop over the records, however they are split and in whatever order. */
  @Test
  void partsOfTheLakeCanBeMergedInAnyOrder() {
    Random random = new Random(4);
    List<Row> records = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      Integer day = random.nextInt(8) == 0 ? null : 1 + random.nextInt(5);
      records.add(
          record(
              "c" + random.nextInt(12),
              day,
              "email",
              random.nextInt(3) == 0 ? null : "e" + random.nextInt(9) + "@x.example",
              "city",
              random.nextInt(3) == 0 ? null : "city " + random.nextInt(9),
              "ads_consent",
              random.nextInt(3) == 0 ? null : random.nextBoolean()));
    }
    Dataset<Row> merged = null;
    for (int from = 0; from < 300; from += 100) {
      Dataset<Row> part = of(records.subList(from, from + 100));
      merged = merged == null ? part : Contacts.merged(part, merged);
    }
    List<Map<String, Object>> rows = TableRows.of(merged);
    Collections.shuffle(records, random);
    assertThat(TableRows.differences(TableRows.of(of(records)), rows, List.of("customer_id")))
        .isEmpty();
    for (Map<String, Object> row : rows) {
      String customer = (String) row.get("customer_id");
      for (String column : List.of("email", "city", "ads_consent")) {
        assertThat(row.get(column))
            .as(customer + " " + column)
            .isEqualTo(latest(records, customer, column));
      }
    }
  }

  private static Object latest(List<Row> records, String customer, String column) {
    int index =
        3 + COLUMNS.indexOf(SourceColumn.valueOf(column.toUpperCase(java.util.Locale.ROOT)));
    Row best = null;
    for (Row record : records) {
      if (!record.getString(0).equals(customer) || record.isNullAt(index)) {
        continue;
      }
      if (best == null || compare(record, best, index) > 0) {
        best = record;
      }
    }
    return best == null ? null : best.get(index);
  }

  private static int compare(Row one, Row other, int index) {
    Instant a = one.isNullAt(2) ? Instant.MIN : one.getTimestamp(2).toInstant();
    Instant b = other.isNullAt(2) ? Instant.MIN : other.getTimestamp(2).toInstant();
    if (!a.equals(b)) {
      return a.compareTo(b);
    }
    return one.get(index) instanceof Boolean consent
        ? Boolean.compare(!consent, !other.getBoolean(index))
        : one.getString(index).compareTo(other.getString(index));
  }

  private static Map<String, Map<String, Object>> contacts(Row... records) {
    return TableRows.of(of(Arrays.asList(records))).stream()
        .collect(
            Collectors.toMap(
                row -> (String) row.get("customer_id"),
                row -> row,
                (a, b) -> a,
                LinkedHashMap::new));
  }

  private static Dataset<Row> of(List<Row> records) {
    SparkSession spark = SharedSpark.session();
    StructType schema =
        new StructType()
            .add("customer_id", DataTypes.StringType)
            .add("updated_at", DataTypes.TimestampType)
            .add("ordered_at", DataTypes.TimestampType);
    for (ContactsTable.Part part : PARTS) {
      schema = schema.add(part.column().label(), part.value().fixedType());
    }
    return Contacts.of(
        Contacts.withContacts(
            spark
                .createDataFrame(records, schema)
                .withColumn("source_file", lit("f"))
                .withColumn("record_key", lit(1L)),
            PARTS),
        PARTS,
        ErasedPeople.nobody());
  }

  private static Instant at(int day) {
    return Instant.parse("2024-01-%02dT10:00:00Z".formatted(day));
  }

  /** A record of a day of January 2024, or of none; names and values of cells take turns. */
  private static Row record(String customer, Integer day, Object... cells) {
    Object[] values = new Object[3 + COLUMNS.size()];
    values[0] = customer;
    values[2] = day == null ? null : java.sql.Timestamp.from(at(day));
    for (int i = 0; i < cells.length; i += 2) {
      int column =
          COLUMNS.indexOf(
              SourceColumn.valueOf(((String) cells[i]).toUpperCase(java.util.Locale.ROOT)));
      values[3 + column] =
          cells[i + 1] instanceof LocalDate date ? java.sql.Date.valueOf(date) : cells[i + 1];
    }
    return RowFactory.create(values);
  }
}
