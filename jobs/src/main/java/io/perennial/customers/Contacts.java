package io.perennial.customers;

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
 * Makes {@code contacts}. Of every field the greatest (date, value) stays, of every consent the
 * greatest (date, restriction): so that rows of any part of the lake can be merged in any order.
 */
public final class Contacts {

  private static final Column CUSTOMER = ContactsTable.CUSTOMER_ID.col();

  private Contacts() {}

  /** What a source maps of persons, and is to be kept. */
  public static List<Part> mapped(SourceSettings source, boolean keepAddresses) {
    List<Part> parts = new ArrayList<>();
    if (keepAddresses && ContactsTable.ADDRESSES.stream().anyMatch(part -> isOwn(part, source))) {
      parts.addAll(
          ContactsTable.ADDRESSES.stream().filter(part -> source.maps(part.column())).toList());
    }
    parts.addAll(
        ContactsTable.CONSENTS.stream().filter(part -> source.maps(part.column())).toList());
    return parts;
  }

  /** A country alone is nobody's address: every order has one. */
  private static boolean isOwn(Part part, SourceSettings source) {
    return part.column() != SourceColumn.COUNTRY && source.maps(part.column());
  }

  /**
   * What records say of persons who are known; all others need not be looked at.
   *
   * @param records typed records with their key
   */
  public static Dataset<Row> saying(Dataset<Row> records, List<Part> parts) {
    Column says = lit(false);
    List<Column> cells =
        new ArrayList<>(
            List.of(
                Mapping.FILE,
                AcceptedRecords.KEY,
                col(SourceColumn.CUSTOMER_ID.label()),
                col(SourceColumn.UPDATED_AT.label()),
                col(SourceColumn.ORDERED_AT.label())));
    for (Part part : parts) {
      Column cell = col(part.column().label());
      cells.add(cell);
      if (part.column() != SourceColumn.COUNTRY) {
        says = says.or(cell.isNotNull());
      }
    }
    return records
        .where(col(SourceColumn.CUSTOMER_ID.label()).isNotNull().and(says))
        .select(cells.toArray(Column[]::new));
  }

  /**
   * One row per customer with anything to keep.
   *
   * @param records accepted ones of what {@link #saying} gives
   * @param parts what to keep
   * @param erased who must not come back, nor their addresses
   */
  public static Dataset<Row> of(Dataset<Row> records, List<Part> parts, ErasedPeople erased) {
    List<Column> cells = new ArrayList<>();
    cells.add(col(SourceColumn.CUSTOMER_ID.label()).as(ContactsTable.CUSTOMER_ID.name()));
    Column at =
        coalesce(col(SourceColumn.UPDATED_AT.label()), col(SourceColumn.ORDERED_AT.label()));
    cells.add(at.as("dated_at"));
    for (Part part : parts) {
      Column cell = col(part.column().label());
      boolean isConsent = ContactsTable.CONSENTS.contains(part);
      cells.add(
          (isConsent ? cell : ContactCells.of(part.column(), at, erased)).as(part.value().name()));
    }
    Dataset<Row> said =
        records
            .where(not(erased.isCustomer(col(SourceColumn.CUSTOMER_ID.label()))))
            .select(cells.toArray(Column[]::new))
            // The values travel once, with one date; a grouping that travels would carry one each.
            .repartition(CUSTOMER);
    List<Column> states = new ArrayList<>();
    for (Part part : ContactsTable.parts()) {
      Column value =
          parts.contains(part) ? part.value().col() : lit(null).cast(part.value().fixedType());
      states.add(state(part, value, col("dated_at")).as(part.value().name()));
    }
    return rows(said, states);
  }

  /** Rows made of different parts of the lake, as if made of both. */
  public static Dataset<Row> merged(Dataset<Row> some, Dataset<Row> others) {
    List<Column> states = new ArrayList<>();
    for (Part part : ContactsTable.parts()) {
      states.add(state(part, part.value().col(), part.at().col()).as(part.value().name()));
    }
    return rows(some.unionByName(others), states);
  }

  private static Dataset<Row> rows(Dataset<Row> said, List<Column> states) {
    List<Column> aggregates = new ArrayList<>();
    List<Column> unpacked = new ArrayList<>();
    unpacked.add(CUSTOMER);
    Column isAnything = lit(false);
    List<Part> parts = ContactsTable.parts();
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      String name = part.value().name();
      aggregates.add(max(states.get(i)).as(name));
      if (part.column() != SourceColumn.COUNTRY) {
        isAnything = isAnything.or(col(name).isNotNull());
      }
      Column kept = col(name + ".kept");
      unpacked.add((ContactsTable.CONSENTS.contains(part) ? not(kept) : kept).as(name));
      unpacked.add(col(name + ".at").as(part.at().name()));
    }
    return said.groupBy(CUSTOMER)
        .agg(aggregates.get(0), aggregates.subList(1, aggregates.size()).toArray(Column[]::new))
        .where(isAnything)
        .select(unpacked.toArray(Column[]::new))
        .select(ContactsTable.TABLE.fields().stream().map(Field::col).toArray(Column[]::new));
  }

  /** The pair whose greatest stays; of a consent its refusal, since true is greater than false. */
  private static Column state(Part part, Column value, Column at) {
    Column kept = ContactsTable.CONSENTS.contains(part) ? not(value) : value;
    return when(value.isNotNull(), struct(at.as("at"), kept.as("kept")));
  }
}
