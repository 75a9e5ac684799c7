package io.perennial.export;

import io.perennial.audiences.AssignmentsTable;
import io.perennial.audiences.AudienceMembersTable;
import io.perennial.audiences.AudienceSuppressionsTable;
import io.perennial.audiences.CustomerProfileTable;
import io.perennial.config.AudienceKeys;
import io.perennial.config.ExportKeys;
import io.perennial.config.ExportSettings;
import io.perennial.config.ShopKeys;
import io.perennial.config.WarehouseKeys;
import io.perennial.customers.ContactsTable;
import io.perennial.customers.CustomersTable;
import io.perennial.step.Step;
import io.perennial.step.StepContext;
import io.perennial.step.StepHooks;
import io.perennial.step.StepResult;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/** The step that writes the files of audiences for platforms. */
public final class ExportSteps {

  private static final Step EXPORT =
      Step.named(
              "audience_exports",
              List.of(
                  AudienceMembersTable.TABLE,
                  AudienceSuppressionsTable.TABLE,
                  CustomerProfileTable.TABLE,
                  ContactsTable.TABLE),
              List.of(AudienceExportsTable.TABLE),
              List.of(
                  ExportKeys.GROUP,
                  ShopKeys.DEFAULT_REGION.path(),
                  AudienceKeys.FILE.path(),
                  WarehouseKeys.STATE_PATH.path()),
              ExportSteps::export)
          .asOf()
          .with(new Hooks());

  /** Files for platforms. */
  public static final List<Step> EXPORT_STEPS = List.of(EXPORT);

  private ExportSteps() {}

  private static StepResult export(StepContext context) {
    ExportSettings settings = context.settings().export();
    if (settings.path().isEmpty()) {
      record(context, List.of());
      return StepResult.done("export.path is not set: no files");
    }
    Export export = exporter(context);
    Optional<LocalDate> newest = export.newestAsOf().filter(context.asOf()::isBefore);
    if (newest.isPresent()) {
      record(context, List.of());
      return StepResult.done(
          "no files: lists are as of " + newest.get() + ", and would be turned back");
    }
    PreparedExport prepared = export.prepare(inputs(context), context.asOf(), context.runId());
    prepared.problems().forEach(problem -> context.say("  " + problem));
    record(context, prepared.rows());
    Runnable publishFiles =
        () -> {
          export.publish(context.runId());
          prepared.summary().forEach(line -> context.say("  " + line));
        };
    return new StepResult(
        prepared.lists().size() + " lists in " + settings.path().get(),
        List.of(),
        prepared.problems(),
        prepared.isEmpty() ? List.of() : List.of(publishFiles),
        false);
  }

  private static Export exporter(StepContext context) {
    return new Export(
        context.spark(),
        context.settings().export(),
        context.settings().shop().defaultRegion(),
        context.state());
  }

  private static void record(StepContext context, List<Row> rows) {
    if (!rows.isEmpty() || !context.store().exists(AudienceExportsTable.TABLE)) {
      Dataset<Row> exports = context.store().rows(AudienceExportsTable.TABLE, rows);
      context.store().append(AudienceExportsTable.TABLE, exports);
    }
  }

  /** A run was published if the table of exports, as published, knows it. */
  private static Set<String> published(StepContext context) {
    return Set.copyOf(
        context
            .read(AudienceExportsTable.TABLE)
            .select(AudienceExportsTable.RUN_ID.col())
            .distinct()
            .as(Encoders.STRING())
            .collectAsList());
  }

  private static ExportInputs inputs(StepContext context) {
    Map<String, List<SuppressionStep>> suppressions = suppressions(context);
    return new ExportInputs(
        audiences(context, suppressions.keySet()),
        context.snapshot(AudienceMembersTable.TABLE),
        context
            .state()
            .tables()
            .read(AssignmentsTable.TABLE)
            .where(AssignmentsTable.ARM.col().equalTo(AudienceMembersTable.CONTROL))
            .select(AssignmentsTable.EXPERIMENT.col(), AssignmentsTable.CUSTOMER_ID.col())
            .distinct(),
        context.read(ContactsTable.TABLE),
        earlierContacts(context),
        context.read(CustomersTable.TABLE),
        context.snapshot(CustomerProfileTable.TABLE),
        suppressions);
  }

  /** Contacts as the run before published them: who is erased now was still in it. */
  private static Dataset<Row> earlierContacts(StepContext context) {
    return context
        .current()
        .map(run -> run.tables().get(ContactsTable.TABLE.name()))
        .filter(version -> context.store().hasVersion(ContactsTable.TABLE, version))
        .map(version -> context.store().read(ContactsTable.TABLE, version))
        .orElseGet(() -> context.store().noRows(ContactsTable.TABLE));
  }

  /** The configured audiences; one without a waterfall could not be built. */
  private static List<ExportAudience> audiences(StepContext context, Set<String> built) {
    return context.settings().audiences().audiences().stream()
        .map(
            audience ->
                new ExportAudience(
                    audience.name(),
                    audience.experiment(),
                    audience.platforms(),
                    audience.platformName(),
                    built.contains(audience.name())))
        .toList();
  }

  private static Map<String, List<SuppressionStep>> suppressions(StepContext context) {
    return context
        .snapshot(AudienceSuppressionsTable.TABLE)
        .orderBy(
            AudienceSuppressionsTable.AUDIENCE.col(), AudienceSuppressionsTable.STEP_ORDER.col())
        .select(
            AudienceSuppressionsTable.AUDIENCE.col(),
            AudienceSuppressionsTable.STEP.col(),
            AudienceSuppressionsTable.CUSTOMERS_IN.col(),
            AudienceSuppressionsTable.CUSTOMERS_OUT.col())
        .collectAsList()
        .stream()
        .collect(
            Collectors.groupingBy(
                row -> row.getString(0),
                Collectors.mapping(
                    row -> new SuppressionStep(row.getString(1), row.getLong(2), row.getLong(3)),
                    Collectors.toList())));
  }

  private static final class Hooks implements StepHooks {

    /** Puts the files of a published run in place, also where nothing is to be exported now. */
    @Override
    public List<String> recover(StepContext context) {
      if (context.settings().export().path().isEmpty()) {
        return List.of();
      }
      List<String> problems =
          exporter(context).recover(runId -> published(context).contains(runId));
      problems.forEach(problem -> context.say("  " + problem));
      return problems;
    }

    /** Writes removal files for every platform that the people were ever sent to. */
    @Override
    public void beforeErasure(StepContext context, Set<String> customerIds) {
      exporter(context)
          .erase(customerIds, context.read(ContactsTable.TABLE), context.runId())
          .forEach(file -> context.say("  to be removed from the platform: " + file));
    }
  }
}
