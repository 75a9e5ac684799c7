package io.perennial.export;

import io.perennial.audiences.AudienceMembersTable;
import io.perennial.config.AudienceSettings.Platform;
import io.perennial.config.ExportSettings;
import io.perennial.config.ExportSettings.FileFormat;
import io.perennial.config.ExportSettings.Property;
import io.perennial.state.PrivateState;
import io.perennial.testing.SharedSpark;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Exports of audiences, contacts and profiles that a test sets. */
final class ExportFixture {

  static final Set<Platform> ALL = EnumSet.allOf(Platform.class);

  private static final StructType MEMBERS =
      new StructType()
          .add("audience", DataTypes.StringType)
          .add("customer_id", DataTypes.StringType)
          .add("arm", DataTypes.StringType);
  private static final StructType CONTACTS =
      new StructType()
          .add("customer_id", DataTypes.StringType)
          .add("email", DataTypes.StringType)
          .add("phone", DataTypes.StringType)
          .add("first_name", DataTypes.StringType)
          .add("last_name", DataTypes.StringType)
          .add("city", DataTypes.StringType)
          .add("state", DataTypes.StringType)
          .add("zip", DataTypes.StringType)
          .add("country", DataTypes.StringType)
          .add("birth_date", DataTypes.DateType);
  private static final StructType CUSTOMERS =
      new StructType()
          .add("customer_id", DataTypes.StringType)
          .add("email_consent", DataTypes.BooleanType);
  private static final StructType PROFILE =
      new StructType()
          .add("customer_id", DataTypes.StringType)
          .add("segment", DataTypes.StringType)
          .add("net", DataTypes.createDecimalType(18, 2));
  private static final StructType CONTROLS =
      new StructType()
          .add("experiment", DataTypes.StringType)
          .add("customer_id", DataTypes.StringType);

  private final SparkSession spark = SharedSpark.session();
  private final Path folder;
  private final Map<String, ExportAudience> audiences = new LinkedHashMap<>();
  private final List<Row> members = new ArrayList<>();
  private final List<Row> controls = new ArrayList<>();
  private final Map<String, Row> contacts = new TreeMap<>();
  private final Map<String, Row> profile = new TreeMap<>();
  private Map<String, Row> earlierContacts = Map.of();
  private boolean isGmailMailbox = true;
  private Set<FileFormat> fileFormats = EnumSet.of(FileFormat.CSV);

  ExportFixture(Path folder) {
    this.folder = folder;
    // As the job does for a small lake, where compiling a plan takes longer than running it.
    spark.conf().set("spark.sql.codegen.wholeStage", "false");
    spark.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
  }

  ExportFixture audience(String name, String experiment, Set<Platform> platforms) {
    audiences.put(name, new ExportAudience(name, experiment, platforms, "A-" + name, true));
    return this;
  }

  ExportFixture notBuilt(String name) {
    audiences.computeIfPresent(
        name,
        (key, a) ->
            new ExportAudience(a.name(), a.experiment(), a.platforms(), a.platformName(), false));
    members.removeIf(row -> row.getString(0).equals(name));
    return this;
  }

  ExportFixture withoutAudience(String name) {
    audiences.remove(name);
    members.removeIf(row -> row.getString(0).equals(name));
    return this;
  }

  ExportFixture targets(String audience, String... customers) {
    return members(audience, AudienceMembersTable.TARGET, customers);
  }

  ExportFixture heldOut(String audience, String... customers) {
    return members(audience, AudienceMembersTable.CONTROL, customers);
  }

  private ExportFixture members(String audience, String arm, String... customers) {
    for (String customer : customers) {
      members.add(RowFactory.create(audience, customer, arm));
    }
    return this;
  }

  ExportFixture assignedToControl(String experiment, String customer) {
    controls.add(RowFactory.create(experiment, customer));
    return this;
  }

  ExportFixture removeTarget(String audience, String customer) {
    members.removeIf(row -> row.getString(0).equals(audience) && row.getString(1).equals(customer));
    return this;
  }

  ExportFixture contact(String customer, String email, String phone) {
    contacts.put(
        customer,
        RowFactory.create(
            customer,
            email,
            phone,
            "First" + customer,
            "Last",
            "Köln",
            null,
            "50667",
            "DE",
            Date.valueOf("1985-02-28")));
    profile.put(
        customer,
        RowFactory.create(customer, "Loyal", new BigDecimal(customer.substring(1) + ".50")));
    return this;
  }

  /** Removes the customer from everything but the contacts of the run before. */
  ExportFixture erase(String customer) {
    contacts.remove(customer);
    profile.remove(customer);
    members.removeIf(row -> row.getString(1).equals(customer));
    return this;
  }

  ExportFixture gmailAsWritten() {
    isGmailMailbox = false;
    return this;
  }

  ExportFixture genericFiles(FileFormat... formats) {
    fileFormats = Set.of(formats);
    return this;
  }

  /** Prepares and publishes. */
  PreparedExport export(LocalDate asOf, String runId) {
    PreparedExport prepared = prepare(asOf, runId);
    exporter().publish(runId);
    return prepared;
  }

  PreparedExport prepare(LocalDate asOf, String runId) {
    PreparedExport prepared = exporter().prepare(inputs(), asOf, runId);
    earlierContacts = new TreeMap<>(contacts);
    return prepared;
  }

  Export exporter() {
    return new Export(spark, settings(), "DE", state());
  }

  PrivateState state() {
    return new PrivateState(spark, folder.resolve("state").toString(), 2);
  }

  Path files() {
    return folder.resolve("exports");
  }

  Path files(String audience, String platform, String exportId) {
    return files().resolve(audience).resolve(platform).resolve(exportId);
  }

  Dataset<Row> contacts() {
    return frame(List.copyOf(contacts.values()), CONTACTS);
  }

  private ExportSettings settings() {
    return new ExportSettings(
        Optional.of(files().toString()),
        List.of(Platform.values()),
        new ExportSettings.Google(isGmailMailbox, 500),
        Optional.of("net"),
        new ExportSettings.Klaviyo(List.of(new Property("segment", "Segment")), 50_000_000),
        new ExportSettings.Generic(List.of(new Property("net", "net")), fileFormats));
  }

  private ExportInputs inputs() {
    List<Row> consents = contacts.keySet().stream().map(id -> RowFactory.create(id, true)).toList();
    return new ExportInputs(
        List.copyOf(audiences.values()),
        frame(members, MEMBERS),
        frame(controls, CONTROLS),
        contacts(),
        frame(List.copyOf(earlierContacts.values()), CONTACTS),
        frame(consents, CUSTOMERS),
        frame(List.copyOf(profile.values()), PROFILE),
        Map.of("vip", List.of(new SuppressionStep("not in segment", 100, 91))));
  }

  private Dataset<Row> frame(List<Row> rows, StructType schema) {
    return spark.createDataFrame(rows, schema);
  }
}
