package io.perennial.export;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.AudienceSettings.Platform;
import io.perennial.config.ExportSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * What an export is made of.
 *
 * @param audiences the configured audiences
 * @param members audience_members of the as_of
 * @param assignedControls experiment, customer_id: whoever was ever assigned to be held out
 * @param contacts contacts
 * @param earlierContacts contacts of the run before, which may still have an address that is to be
 *     removed; empty where there was none
 * @param customers customers, for {@code email_consent} where it has it
 * @param profile customer_profile of the as_of
 * @param suppressions the steps of each audience's waterfall
 */
public record ExportInputs(
    List<Audience> audiences,
    Dataset<Row> members,
    Dataset<Row> assignedControls,
    Dataset<Row> contacts,
    Optional<Dataset<Row>> earlierContacts,
    Dataset<Row> customers,
    Dataset<Row> profile,
    Map<String, List<SuppressionStep>> suppressions) {

  static final String EMAIL_CONSENT = "email_consent";

  private static final List<String> CONTACT_CELLS =
      List.of(
          "email",
          "phone",
          "first_name",
          "last_name",
          "city",
          "state",
          "zip",
          "country",
          "birth_date");

  /** For removals alone: nobody is added. */
  static ExportInputs ofContacts(Dataset<Row> contacts) {
    return new ExportInputs(
        List.of(), null, null, contacts, Optional.empty(), null, null, Map.of());
  }

  /** Contacts as text, one row per customer. */
  Dataset<Row> contactCells() {
    return cells(contacts);
  }

  /** Contacts as text, now and in the run before: up to two rows per customer. */
  Dataset<Row> knownContactCells() {
    return earlierContacts
        .map(earlier -> contactCells().union(cells(earlier)))
        .orElseGet(this::contactCells);
  }

  private static Dataset<Row> cells(Dataset<Row> contacts) {
    return contacts.select(
        Stream.concat(
                Stream.of(ExportColumns.CUSTOMER_ID.col()),
                CONTACT_CELLS.stream().map(name -> col(name).cast("string").as(name)))
            .toArray(Column[]::new));
  }

  /**
   * Columns that the configuration names and customer_profile lacks, for the platforms of a plan. A
   * profile that was never made lacks none: its cells are empty.
   */
  Set<String> unknownColumns(Platform platform, ExportSettings settings) {
    Set<String> known = new TreeSet<>();
    Arrays.stream(profile.columns()).map(name -> name.toLowerCase(Locale.ROOT)).forEach(known::add);
    Set<String> unknown = new TreeSet<>(PlatformFormats.profileColumns(platform, settings));
    unknown.removeIf(column -> known.contains(column.toLowerCase(Locale.ROOT)));
    return unknown;
  }

  /** Customers on lists or held out of them, with all that their rows are made of. */
  Dataset<Row> people(Dataset<Row> memberships, List<String> profileColumns, boolean withConsent) {
    String id = ExportColumns.CUSTOMER_ID.name();
    Dataset<Row> people = memberships.join(contactCells(), on(id), "left_outer");
    people =
        withConsent && Arrays.asList(customers.columns()).contains(EMAIL_CONSENT)
            ? people.join(
                customers.select(ExportColumns.CUSTOMER_ID.col(), col(EMAIL_CONSENT)),
                on(id),
                "left_outer")
            : people.withColumn(EMAIL_CONSENT, lit(null).cast("boolean"));
    if (profileColumns.isEmpty()) {
      return people.withColumn(Entries.PROFILE, lit(null).cast("array<string>"));
    }
    Column[] cells =
        profileColumns.stream().map(name -> col(name).cast("string")).toArray(Column[]::new);
    return people.join(
        profile.select(ExportColumns.CUSTOMER_ID.col(), functions.array(cells).as(Entries.PROFILE)),
        on(id),
        "left_outer");
  }

  private static String[] on(String name) {
    return new String[] {name};
  }
}
