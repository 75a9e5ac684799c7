package io.perennial.audiences;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.SourceColumn;
import io.perennial.customers.ContactsTable;
import java.time.LocalDate;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Which identifiers contacts holds of a customer, and the next birthday; never an address. */
final class ContactFlags {

  private static final String ADDRESS = "^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$";
  private static final int MIN_PHONE_DIGITS = 7;
  private static final int MONTHS_PER_YEAR = 12;

  private ContactFlags() {}

  static Dataset<Row> of(Dataset<Row> contacts, LocalDate asOf) {
    Column digits =
        length(regexp_replace(ContactsTable.value(SourceColumn.PHONE).col(), "[^0-9]", ""));
    Column hasPostalAddress =
        Stream.of(
                SourceColumn.FIRST_NAME,
                SourceColumn.LAST_NAME,
                SourceColumn.COUNTRY,
                SourceColumn.ZIP)
            .map(ContactsTable::value)
            .map(part -> coalesce(length(trim(part.col())).gt(0), lit(false)))
            .reduce(Column::and)
            .orElseThrow();
    return contacts.select(
        CustomerProfileTable.CUSTOMER_ID.col(),
        coalesce(trim(ContactsTable.value(SourceColumn.EMAIL).col()).rlike(ADDRESS), lit(false))
            .as(CustomerProfileTable.HAS_EMAIL.name()),
        coalesce(digits.geq(MIN_PHONE_DIGITS), lit(false))
            .as(CustomerProfileTable.HAS_PHONE.name()),
        hasPostalAddress.as(CustomerProfileTable.HAS_POSTAL_ADDRESS.name()),
        ContactsTable.value(SourceColumn.COUNTRY).col().as(CustomerProfileTable.COUNTRY.name()),
        daysToBirthday(ContactsTable.value(SourceColumn.BIRTH_DATE).col(), asOf)
            .as(CustomerProfileTable.DAYS_TO_BIRTHDAY.name()));
  }

  private static Column daysToBirthday(Column birth, LocalDate asOf) {
    Column thisYear =
        add_months(birth, lit(asOf.getYear()).minus(year(birth)).multiply(MONTHS_PER_YEAR));
    Column nextYear =
        add_months(birth, lit(asOf.getYear() + 1).minus(year(birth)).multiply(MONTHS_PER_YEAR));
    return datediff(when(thisYear.geq(lit(asOf)), thisYear).otherwise(nextYear), lit(asOf));
  }
}
