package io.perennial.customers;

import io.perennial.config.SourceColumn;
import io.perennial.table.Field;
import io.perennial.table.Table;
import java.util.List;
import java.util.stream.Stream;

public final class ContactsTable {

  private static final Table.Builder BUILDER =
      Table.named("contacts")
          .oneRowPer("customer of whom an address or a consent is known")
          .doc(
              "How to reach a customer: of every field the latest dated value that is not blank,"
                  + " out of the accepted records that name the customer. The only table with"
                  + " addresses: restrict access to it. contacts.keep = false leaves the consents"
                  + " alone.");

  public static final Field CUSTOMER_ID =
      BUILDER.add(
          CustomersTable.CUSTOMER_ID.as(
              "customer_id", "The customer; in customers only if there is a valid order."));

  /**
   * What is kept of a mapped column.
   *
   * @param column what it is mapped from
   * @param value the value
   * @param at when the record was dated that the value is from
   */
  public record Part(SourceColumn column, Field value, Field at) {

    private static Part text(SourceColumn column, String doc) {
      return of(column, Field.text(column.label(), doc));
    }

    private static Part of(SourceColumn column, Field value) {
      return new Part(
          column,
          BUILDER.orNull().add(value),
          Field.timestamp(
                  column.label() + "_at",
                  "Date of the record that " + column.label() + " is from; null where it has none.")
              .orNull());
    }
  }

  /** Addresses and what belongs to them. */
  public static final List<Part> ADDRESSES =
      List.of(
          Part.text(
              SourceColumn.EMAIL, "E-mail address as the lake has it, at most 254 characters."),
          Part.text(
              SourceColumn.PHONE,
              "Telephone number as the lake has it: 5 to 20 digits, at most 40 characters."),
          Part.text(SourceColumn.FIRST_NAME, "First name, at most 128 characters."),
          Part.text(SourceColumn.LAST_NAME, "Last name, at most 128 characters."),
          Part.text(SourceColumn.CITY, "City, at most 128 characters."),
          Part.text(SourceColumn.STATE, "State or province, at most 128 characters."),
          Part.text(SourceColumn.ZIP, "Postal code, at most 20 characters."),
          Part.text(
              SourceColumn.COUNTRY,
              "Country of the newest order that states one, at most 128 characters."),
          Part.of(
              SourceColumn.BIRTH_DATE,
              Field.date(
                  "birth_date", "Birth date, after 1900-01-01 and before the record's own day.")));

  /** Consents by channel. */
  public static final List<Part> CONSENTS =
      List.of(
          Part.of(SourceColumn.EMAIL_CONSENT, CustomersTable.EMAIL_CONSENT),
          Part.of(SourceColumn.SMS_CONSENT, CustomersTable.SMS_CONSENT),
          Part.of(SourceColumn.ADS_CONSENT, CustomersTable.ADS_CONSENT));

  public static final Table TABLE =
      BUILDER
          .fields(parts().stream().map(Part::at).toArray(Field[]::new))
          .key(CUSTOMER_ID)
          .indexed(1)
          .build();

  private ContactsTable() {}

  /** Everything that is kept, in the order of the columns. */
  static List<Part> parts() {
    return Stream.concat(ADDRESSES.stream(), CONSENTS.stream()).toList();
  }

  /** The column that holds what is mapped to another. */
  public static Field value(SourceColumn column) {
    return parts().stream()
        .filter(part -> part.column() == column)
        .map(Part::value)
        .findFirst()
        .orElseThrow();
  }
}
