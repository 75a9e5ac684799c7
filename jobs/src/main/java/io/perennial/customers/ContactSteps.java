package io.perennial.customers;

import io.perennial.config.SourceSettings;
import io.perennial.ingest.AcceptedRecords;
import io.perennial.ingest.FileEntry;
import io.perennial.ingest.IngestedFilesTable;
import io.perennial.ingest.OrderLinesTable;
import io.perennial.lake.LakeFile;
import io.perennial.lake.LakeListing;
import io.perennial.lake.Mapping;
import io.perennial.lake.RawRecords;
import io.perennial.spark.CachedDatasets;
import io.perennial.state.ErasedPeople;
import io.perennial.step.Step;
import io.perennial.step.StepContext;
import io.perennial.step.StepResult;
import io.perennial.table.RunRecord;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The step that keeps what the lake says of persons. */
public final class ContactSteps {

  public static final Step CONTACTS =
      Step.named(
          "contacts",
          List.of(IngestedFilesTable.TABLE, OrderLinesTable.TABLE),
          List.of(ContactsTable.TABLE),
          List.of("contacts", "shop.time-zone"),
          ContactSteps::contacts);

  /** So small a reading is kept in memory between passes; above it reading again is cheaper. */
  private static final long KEPT_BYTES = 128L << 20;

  private ContactSteps() {}

  /** Rows of contacts; none if the source maps no consent. */
  public static Dataset<Row> consents(StepContext context) {
    return ContactsTable.CONSENTS.stream()
            .anyMatch(part -> context.settings().source().maps(part.column()))
        ? context.read(ContactsTable.TABLE)
        : context.store().noRows(ContactsTable.TABLE);
  }

  private static StepResult contacts(StepContext context) {
    SourceSettings source = context.settings().source();
    List<ContactsTable.Part> parts = Contacts.mapped(source, context.settings().contacts().keep());
    context.store().prepare(ContactsTable.TABLE);
    if (parts.isEmpty()) {
      return withoutParts(context);
    }
    List<LakeFile> present =
        LakeListing.listOrNone(context.spark(), context.settings().lake().path(), source.format());
    ContactsPlan plan =
        ContactsPlan.of(before(context), files(context.read(IngestedFilesTable.TABLE)), present);
    if (plan.read().isEmpty() && !plan.isRebuild()) {
      return StepResult.done();
    }
    ErasedPeople erased = context.erasures().people();
    Optional<Dataset<Row>> known = known(context, plan);
    if (plan.read().isEmpty()) {
      context
          .store()
          .overwrite(
              ContactsTable.TABLE,
              known.orElseGet(() -> context.store().noRows(ContactsTable.TABLE)));
      return StepResult.done("no file can be read");
    }
    boolean isWorthKeeping = !plan.mixed().isEmpty() && plan.bytes() <= KEPT_BYTES;
    try (CachedDatasets kept = new CachedDatasets()) {
      Dataset<Row> saying = saying(context, plan, present, parts);
      Dataset<Row> said =
          Contacts.of(
              AcceptedRecords.among(
                  isWorthKeeping ? kept.keep(saying) : saying,
                  context.read(OrderLinesTable.TABLE),
                  plan.mixed()),
              parts,
              erased);
      context
          .store()
          .overwrite(
              ContactsTable.TABLE, known.map(before -> Contacts.merged(said, before)).orElse(said));
    }
    return StepResult.done(
        String.format(
            Locale.ROOT,
            plan.isRebuild() ? "made anew from %,d files" : "%,d new files merged",
            plan.read().size()));
  }

  /** Where nothing is mapped, or nothing may be kept, nothing stays either. */
  private static StepResult withoutParts(StepContext context) {
    if (!context.read(ContactsTable.TABLE).isEmpty()) {
      context.store().overwrite(ContactsTable.TABLE, context.store().noRows(ContactsTable.TABLE));
    }
    return StepResult.done("no contact is mapped");
  }

  /** What the records of the plan's files say of persons; accepted or not. */
  private static Dataset<Row> saying(
      StepContext context,
      ContactsPlan plan,
      List<LakeFile> present,
      List<ContactsTable.Part> parts) {
    SourceSettings source = context.settings().source();
    Dataset<Row> records =
        new Mapping(context.spark(), source, context.minorDigits())
            .apply(new RawRecords(context.spark(), source, present).read(plan.read()));
    return Contacts.withContacts(AcceptedRecords.keyed(records, source), parts);
  }

  /** What stays of the rows that are there. */
  private static Optional<Dataset<Row>> known(StepContext context, ContactsPlan plan) {
    Dataset<Row> contacts = context.read(ContactsTable.TABLE);
    if (!plan.isRebuild()) {
      return Optional.of(contacts);
    }
    if (plan.unreadable().isEmpty()) {
      return Optional.empty();
    }
    Dataset<Row> lines =
        context
            .read(OrderLinesTable.TABLE)
            .where(OrderLinesTable.SOURCE_FILE.col().isin(plan.unreadable().toArray()))
            .select(OrderLinesTable.CUSTOMER_ID.col());
    String customer = ContactsTable.CUSTOMER_ID.name();
    return Optional.of(
        contacts.join(
            lines,
            contacts.col(customer).equalTo(lines.col(OrderLinesTable.CUSTOMER_ID.name())),
            "left_semi"));
  }

  /** The files that contacts was made of; none where it has to be made anew. */
  private static List<FileEntry> before(StepContext context) {
    Map<String, Long> versions =
        context.isRebuild() ? Map.of() : context.latest().map(RunRecord::tables).orElse(Map.of());
    return versions.containsKey(ContactsTable.TABLE.name())
        ? files(
            context
                .store()
                .read(IngestedFilesTable.TABLE, versions.get(IngestedFilesTable.TABLE.name())))
        : List.of();
  }

  private static List<FileEntry> files(Dataset<Row> ingestedFiles) {
    return ingestedFiles.collectAsList().stream().map(FileEntry::of).toList();
  }
}
