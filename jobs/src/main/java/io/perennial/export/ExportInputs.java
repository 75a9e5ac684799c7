package io.perennial.export;

import static org.apache.spark.sql.functions.*;

import io.perennial.audiences.CustomerProfileTable;
import io.perennial.customers.ContactsTable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * The datasets that an export reads.
 *
 * @param members audience_members of the as_of
 * @param assignedControls experiment, customer_id: every customer ever assigned to a control group
 * @param earlierContacts contacts of the run before, which may still hold an address that is to be
 *     removed; no rows where there was no run
 * @param customers customers, for their {@code email_consent}
 * @param profile customer_profile of the as_of
 * @param suppressions the steps of each audience's waterfall
 */
public record ExportInputs(
    List<ExportAudience> audiences,
    Dataset<Row> members,
    Dataset<Row> assignedControls,
    Dataset<Row> contacts,
    Dataset<Row> earlierContacts,
    Dataset<Row> customers,
    Dataset<Row> profile,
    Map<String, List<SuppressionStep>> suppressions) {

  private static final String[] CUSTOMER_ID = {ExportColumns.CUSTOMER_ID.name()};

  /** Contacts as text, now and in the run before: up to two rows per customer. */
  Dataset<Row> knownContactCells() {
    return contactCells(contacts).union(contactCells(earlierContacts));
  }

  /** Contacts as text, one row per customer. */
  static Dataset<Row> contactCells(Dataset<Row> contacts) {
    return contacts.select(
        Stream.concat(
                Stream.of(ExportColumns.CUSTOMER_ID.col()),
                ContactsTable.ADDRESSES.stream()
                    .map(ContactsTable.Part::value)
                    .map(cell -> cell.col().cast(DataTypes.StringType).as(cell.name())))
            .toArray(Column[]::new));
  }

  /** Columns that the configuration of a platform names and customer_profile lacks. */
  Set<String> unknownColumns(PlatformFormat format) {
    Set<String> known = new TreeSet<>();
    Arrays.stream(profile.columns()).map(name -> name.toLowerCase(Locale.ROOT)).forEach(known::add);
    Set<String> unknown = new TreeSet<>(format.profileColumns());
    unknown.removeIf(column -> known.contains(column.toLowerCase(Locale.ROOT)));
    return unknown;
  }

  /**
   * Adds the data that list rows are built from: contacts, the consent to e-mail and the columns of
   * customer_profile.
   *
   * @param memberships one row per customer who is on one of the lists or held out of it
   */
  Dataset<Row> people(Dataset<Row> memberships, List<ExportList> lists) {
    String consent = CustomerProfileTable.EMAIL_CONSENT.name();
    Dataset<Row> people = memberships.join(contactCells(contacts), CUSTOMER_ID, "left_outer");
    people =
        lists.stream().anyMatch(list -> list.format().usesEmailConsent())
            ? people.join(
                customers.select(ExportColumns.CUSTOMER_ID.col(), col(consent)),
                CUSTOMER_ID,
                "left_outer")
            : people.withColumn(consent, lit(null).cast(DataTypes.BooleanType));
    List<String> columns = profileColumns(lists);
    if (columns.isEmpty()) {
      return people.withColumn(
          ExportColumns.PROFILE.name(), lit(null).cast(ExportColumns.PROFILE.type(0)));
    }
    Column[] cells =
        columns.stream().map(name -> col(name).cast(DataTypes.StringType)).toArray(Column[]::new);
    return people.join(
        profile.select(
            ExportColumns.CUSTOMER_ID.col(),
            functions.array(cells).as(ExportColumns.PROFILE.name())),
        CUSTOMER_ID,
        "left_outer");
  }

  /** Columns of customer_profile that the lists take, in alphabetical order. */
  static List<String> profileColumns(List<ExportList> lists) {
    return lists.stream()
        .flatMap(list -> list.format().profileColumns().stream())
        .distinct()
        .sorted()
        .toList();
  }
}
