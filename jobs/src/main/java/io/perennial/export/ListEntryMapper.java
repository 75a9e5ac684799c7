package io.perennial.export;

import io.perennial.audiences.CustomerProfileTable;
import io.perennial.config.AudienceSettings.Platform;
import io.perennial.config.SourceColumn;
import io.perennial.export.normalize.AddressNormalizer;
import io.perennial.export.normalize.PhoneNormalizer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Maps a customer to rows of {@link ListEntries#SCHEMA}: one per list that the customer is on or
 * held out of, and one per platform for the private state. A platform's row is built once.
 *
 * @param lists the lists that are active
 * @param profileColumns columns in the array {@link ExportColumns#PROFILE}, in order
 * @param defaultRegion country of phone numbers without a country code whose customer has none
 */
record ListEntryMapper(List<ExportList> lists, List<String> profileColumns, String defaultRegion)
    implements FlatMapFunction<Row, Row> {

  /** Outcome: on the list. */
  static final String ROW = "row";

  /** Outcome: in the control group of the list's experiment; the address must not be sent. */
  static final String CONTROL = "control";

  /** Outcome: a target held out through another audience of the experiment. */
  static final String HELD_OUT = "held_out";

  /** Outcome: the platform could not match the customer. */
  static final String UNUSABLE = "unusable";

  /** Outcome of the rows for the private state, which belong to no list. */
  static final String IDENTITY = "identity";

  private static final int NO_LIST = -1;

  /** Stands for the row of a person whom the platform could not match. */
  private static final ListEntry NO_ENTRY = new ListEntry("", "", "", List.of(), "", "");

  @Override
  public Iterator<Row> call(Row row) {
    Person person = person(row);
    List<String> targets = row.getList(row.fieldIndex(ExportColumns.TARGET_OF.name()));
    List<String> controls = row.getList(row.fieldIndex(ExportColumns.CONTROL_OF.name()));
    Map<Platform, ListEntry> entries = new EnumMap<>(Platform.class);
    List<Row> rows = new ArrayList<>();
    for (ExportList list : lists) {
      boolean isTarget = targets.contains(list.audience());
      boolean isControl = controls.contains(list.audience());
      if (!isTarget && !isControl) {
        continue;
      }
      boolean isFirst = !entries.containsKey(list.platform());
      ListEntry entry =
          entries.computeIfAbsent(
              list.platform(), platform -> list.format().entry(person).orElse(NO_ENTRY));
      if (isControl) {
        rows.add(row(list, CONTROL, row, person, entry));
      }
      if (isTarget) {
        String outcome = isControl ? HELD_OUT : entry.equals(NO_ENTRY) ? UNUSABLE : ROW;
        rows.add(row(list, outcome, row, person, entry));
      }
      if (isFirst && !entry.equals(NO_ENTRY)) {
        rows.add(identity(list.platform(), person, entry));
      }
    }
    return rows.iterator();
  }

  private static Row row(
      ExportList list, String outcome, Row source, Person person, ListEntry entry) {
    boolean isWritten = outcome.equals(ROW);
    boolean usesAddresses = list.format().usesAddresses();
    return RowFactory.create(
        list.index(),
        outcome,
        list.platform().label(),
        isWritten ? entry.key() : null,
        isWritten ? entry.content() : null,
        isWritten ? entry.line() : null,
        null,
        identifiers(entry),
        person.customerId(),
        usesAddresses && has(source, SourceColumn.EMAIL) && entry.emailHash().isEmpty(),
        usesAddresses && has(source, SourceColumn.PHONE) && person.phone().isEmpty());
  }

  private static Row identity(Platform platform, Person person, ListEntry entry) {
    return RowFactory.create(
        NO_LIST,
        IDENTITY,
        platform.label(),
        entry.key(),
        null,
        null,
        entry.removalCells().toArray(String[]::new),
        identifiers(entry),
        person.customerId(),
        false,
        false);
  }

  private static String[] identifiers(ListEntry entry) {
    return Stream.of(entry.emailHash(), entry.phoneHash())
        .filter(hash -> !hash.isEmpty())
        .toArray(String[]::new);
  }

  private Person person(Row row) {
    String country = text(row, SourceColumn.COUNTRY);
    Map<String, String> profile = new HashMap<>();
    int profileIndex = row.fieldIndex(ExportColumns.PROFILE.name());
    if (!row.isNullAt(profileIndex)) {
      List<String> cells = row.getList(profileIndex);
      for (int i = 0; i < profileColumns.size(); i++) {
        profile.put(profileColumns.get(i), cells.get(i));
      }
    }
    return new Person(
        row.getAs(ExportColumns.CUSTOMER_ID.name()),
        text(row, SourceColumn.EMAIL),
        PhoneNormalizer.e164(
            text(row, SourceColumn.PHONE), AddressNormalizer.country(country), defaultRegion),
        text(row, SourceColumn.FIRST_NAME),
        text(row, SourceColumn.LAST_NAME),
        text(row, SourceColumn.CITY),
        text(row, SourceColumn.STATE),
        text(row, SourceColumn.ZIP),
        country,
        text(row, SourceColumn.BIRTH_DATE),
        row.getAs(CustomerProfileTable.EMAIL_CONSENT.name()),
        profile);
  }

  private static String text(Row row, SourceColumn contact) {
    return row.getAs(contact.label());
  }

  private static boolean has(Row row, SourceColumn contact) {
    String value = text(row, contact);
    return value != null && !value.isBlank();
  }
}
