package io.perennial.customers;

import static io.perennial.lake.Mapping.column;
import static org.apache.spark.sql.functions.*;

import io.perennial.config.SourceColumn;
import io.perennial.config.SourceSettings;
import io.perennial.customers.ContactsTable.Part;
import io.perennial.ingest.AcceptedRecords;
import io.perennial.lake.Mapping;
import io.perennial.state.ErasedPeople;
import io.perennial.table.Field;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Computes {@code contacts}. Each address field keeps the greatest (date, value), each consent the
 * greatest (date, restriction), so that parts of the lake can be merged in any order.
 */
public final class Contacts {

  private static final Column CUSTOMER = ContactsTable.CUSTOMER_ID.col();
  private static final Field DATED_AT =
      Field.timestamp("dated_at", "Date of the record: its version, else its order's time.");

  private Contacts() {}

  /** The contact columns that a source maps and the configuration keeps. */
  public static List<Part> mapped(SourceSettings source, boolean keepAddresses) {
    List<Part> parts = new ArrayList<>();
    if (keepAddresses
        && ContactsTable.ADDRESSES.stream().anyMatch(part -> isContact(part, source))) {
      parts.addAll(
          ContactsTable.ADDRESSES.stream().filter(part -> source.maps(part.column())).toList());
    }
    parts.addAll(
        ContactsTable.CONSENTS.stream().filter(part -> source.maps(part.column())).toList());
    return parts;
  }

  /** Every order has a country, so a country alone is no contact. */
  private static boolean isContact(Part part, SourceSettings source) {
    return part.column() != SourceColumn.COUNTRY && source.maps(part.column());
  }

  /**
   * Records that name a customer and have a contact value, with the columns needed.
   *
   * @param records typed records with {@link AcceptedRecords#KEY}
   */
  public static Dataset<Row> withContacts(Dataset<Row> records, List<Part> parts) {
    Column hasContact = lit(false);
    List<Column> columns =
        new ArrayList<>(
            List.of(
                Mapping.FILE.col(),
                AcceptedRecords.KEY.col(),
                column(SourceColumn.CUSTOMER_ID),
                column(SourceColumn.UPDATED_AT),
                column(SourceColumn.ORDERED_AT)));
    for (Part part : parts) {
      Column value = column(part.column());
      columns.add(value);
      if (part.column() != SourceColumn.COUNTRY) {
        hasContact = hasContact.or(value.isNotNull());
      }
    }
    return records
        .where(column(SourceColumn.CUSTOMER_ID).isNotNull().and(hasContact))
        .select(columns.toArray(Column[]::new));
  }

  /**
   * One row per customer with a contact value.
   *
   * @param records accepted rows of {@link #withContacts}
   * @param parts contact columns of {@link #mapped}
   * @param erased people who are excluded with their addresses
   */
  public static Dataset<Row> of(Dataset<Row> records, List<Part> parts, ErasedPeople erased) {
    List<Column> columns = new ArrayList<>();
    columns.add(column(SourceColumn.CUSTOMER_ID).as(ContactsTable.CUSTOMER_ID.name()));
    Column at = coalesce(column(SourceColumn.UPDATED_AT), column(SourceColumn.ORDERED_AT));
    columns.add(at.as(DATED_AT.name()));
    for (Part part : parts) {
      Column value = column(part.column());
      boolean isConsent = ContactsTable.CONSENTS.contains(part);
      columns.add(
          (isConsent ? value : ContactValidation.valid(part.column(), at, erased))
              .as(part.value().name()));
    }
    Dataset<Row> values =
        records
            .where(not(erased.isCustomer(column(SourceColumn.CUSTOMER_ID))))
            .select(columns.toArray(Column[]::new))
            // Shuffles each record once with one date; partial aggregates would carry a date per
            // value.
            .repartition(CUSTOMER);
    List<Column> states = new ArrayList<>();
    for (Part part : ContactsTable.parts()) {
      Column value =
          parts.contains(part) ? part.value().col() : lit(null).cast(part.value().fixedType());
      states.add(state(part, value, DATED_AT.col()).as(part.value().name()));
    }
    return rows(values, states);
  }

  /** Merges rows computed from different parts of the lake. */
  public static Dataset<Row> merged(Dataset<Row> some, Dataset<Row> others) {
    List<Column> states = new ArrayList<>();
    for (Part part : ContactsTable.parts()) {
      states.add(state(part, part.value().col(), part.at().col()).as(part.value().name()));
    }
    return rows(some.unionByName(others), states);
  }

  private static Dataset<Row> rows(Dataset<Row> values, List<Column> states) {
    List<Column> aggregates = new ArrayList<>();
    List<Column> unpacked = new ArrayList<>();
    unpacked.add(CUSTOMER);
    Column hasContact = lit(false);
    List<Part> parts = ContactsTable.parts();
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      String name = part.value().name();
      aggregates.add(max(states.get(i)).as(name));
      if (part.column() != SourceColumn.COUNTRY) {
        hasContact = hasContact.or(col(name).isNotNull());
      }
      Column kept = col(name + ".kept");
      unpacked.add((ContactsTable.CONSENTS.contains(part) ? not(kept) : kept).as(name));
      unpacked.add(col(name + ".at").as(part.at().name()));
    }
    return values
        .groupBy(CUSTOMER)
        .agg(aggregates.get(0), aggregates.subList(1, aggregates.size()).toArray(Column[]::new))
        .where(hasContact)
        .select(unpacked.toArray(Column[]::new))
        .select(ContactsTable.TABLE.columns());
  }

  /** The pair to maximize; consents are negated, so that a refusal (true) is greater. */
  private static Column state(Part part, Column value, Column at) {
    Column kept = ContactsTable.CONSENTS.contains(part) ? not(value) : value;
    return when(value.isNotNull(), struct(at.as("at"), kept.as("kept")));
  }
}
