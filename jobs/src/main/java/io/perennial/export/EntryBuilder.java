package io.perennial.export;

import io.perennial.config.AudienceSettings.Platform;
import io.perennial.export.normalize.AddressNormalizer;
import io.perennial.export.normalize.PhoneNormalizer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Makes a customer's rows: each platform's once, and a copy of its line for every list that the
 * customer is on.
 *
 * @param lists the plan
 * @param profileColumns what the array of profile cells holds, in order
 * @param defaultRegion country of phone numbers that carry none and whose customer has none
 */
record EntryBuilder(List<ExportList> lists, List<String> profileColumns, String defaultRegion)
    implements FlatMapFunction<Row, Row> {

  /** On the list. */
  static final String ROW = "row";

  /** In the control group of the list's experiment: its address must not be sent. */
  static final String CONTROL = "control";

  /** A target that is in the control group through another audience of the experiment. */
  static final String HELD_OUT = "held_out";

  /** Nothing that the platform could match. */
  static final String UNUSABLE = "unusable";

  /** What is to be remembered of a customer on a platform, whatever the list. */
  static final String IDENTITY = "identity";

  /** Not on any list: rows of {@link #IDENTITY}. */
  private static final int NO_LIST = -1;

  @Override
  public Iterator<Row> call(Row row) {
    Person person = person(row);
    List<String> targets = row.getList(row.fieldIndex(Entries.TARGET_OF));
    List<String> controls = row.getList(row.fieldIndex(Entries.CONTROL_OF));
    Map<Platform, Optional<Entry>> entries = new EnumMap<>(Platform.class);
    List<Row> rows = new ArrayList<>();
    for (ExportList list : lists) {
      boolean isTarget = targets.contains(list.audience());
      boolean isControl = controls.contains(list.audience());
      if (!isTarget && !isControl) {
        continue;
      }
      boolean isFirst = !entries.containsKey(list.platform());
      Optional<Entry> entry =
          entries.computeIfAbsent(list.platform(), platform -> list.format().entry(person));
      if (isControl) {
        rows.add(row(list, CONTROL, row, person, entry));
      }
      if (isTarget) {
        String outcome = isControl ? HELD_OUT : entry.isPresent() ? ROW : UNUSABLE;
        rows.add(row(list, outcome, row, person, entry));
      }
      if (isFirst && entry.isPresent()) {
        rows.add(identity(list.platform(), person, entry.get()));
      }
    }
    return rows.iterator();
  }

  private static Row row(
      ExportList list, String outcome, Row source, Person person, Optional<Entry> entry) {
    boolean isRow = outcome.equals(ROW);
    boolean usesAddresses = list.format().usesAddresses();
    Optional<Entry> written = entry.filter(e -> isRow);
    return RowFactory.create(
        list.index(),
        outcome,
        list.platform().label(),
        written.map(Entry::key).orElse(null),
        written.map(Entry::content).orElse(null),
        written.map(Entry::line).orElse(null),
        null,
        entry.map(EntryBuilder::identifiers).orElse(null),
        person.customerId(),
        usesAddresses && has(source, "email") && entry.map(Entry::emailHash).orElse("").isEmpty(),
        usesAddresses && has(source, "phone") && person.phone().isEmpty());
  }

  private static Row identity(Platform platform, Person person, Entry entry) {
    return RowFactory.create(
        NO_LIST,
        IDENTITY,
        platform.label(),
        entry.key(),
        null,
        null,
        entry.kept().toArray(String[]::new),
        identifiers(entry),
        person.customerId(),
        false,
        false);
  }

  private static String[] identifiers(Entry entry) {
    return Stream.of(entry.emailHash(), entry.phoneHash())
        .filter(hash -> !hash.isEmpty())
        .toArray(String[]::new);
  }

  private Person person(Row row) {
    String country = text(row, "country");
    Map<String, String> profile = new HashMap<>();
    int profileIndex = row.fieldIndex(Entries.PROFILE);
    if (!row.isNullAt(profileIndex)) {
      List<String> cells = row.getList(profileIndex);
      for (int i = 0; i < profileColumns.size(); i++) {
        profile.put(profileColumns.get(i), cells.get(i));
      }
    }
    int consent = row.fieldIndex("email_consent");
    return new Person(
        text(row, "customer_id"),
        text(row, "email"),
        PhoneNormalizer.e164(text(row, "phone"), AddressNormalizer.country(country), defaultRegion),
        text(row, "first_name"),
        text(row, "last_name"),
        text(row, "city"),
        text(row, "state"),
        text(row, "zip"),
        country,
        text(row, "birth_date"),
        row.isNullAt(consent) ? null : row.getBoolean(consent),
        profile);
  }

  private static String text(Row row, String column) {
    return row.getString(row.fieldIndex(column));
  }

  private static boolean has(Row row, String column) {
    String value = text(row, column);
    return value != null && !value.isBlank();
  }
}
