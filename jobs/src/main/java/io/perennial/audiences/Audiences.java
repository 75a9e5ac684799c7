package io.perennial.audiences;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.AudienceSettings.Audience;
import io.perennial.spark.CachedDatasets;
import io.perennial.state.PrivateState;
import io.perennial.table.Table;
import io.perennial.table.TableStore;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/**
 * Selects the members of audiences into {@code audience_members} and {@code audience_suppressions},
 * and records assignments. The profile is read once; matches are cached between counting and
 * choosing.
 */
public record Audiences(SparkSession spark, TableStore store, PrivateState state, int minorDigits) {

  /**
   * The outcome of a selection.
   *
   * @param empty names of audiences without members
   * @param faults messages about audiences left out because their rule failed
   */
  public record Selection(List<Audience> audiences, List<String> empty, List<String> faults) {}

  /**
   * Writes the members and suppressions of the as_of.
   *
   * @param suppressed customer_id of customers who must not be addressed, each once
   */
  public Selection select(List<Audience> audiences, Dataset<Row> suppressed, LocalDate asOf) {
    if (audiences.isEmpty()) {
      write(AudienceMembersTable.TABLE, asOf, List.of());
      write(AudienceSuppressionsTable.TABLE, asOf, List.of());
      return new Selection(List.of(), List.of(), List.of());
    }
    Dataset<Row> profile = store.snapshot(CustomerProfileTable.TABLE, asOf);
    try {
      return new Selection(audiences, write(profile, audiences, suppressed, asOf), List.of());
    } catch (Exception e) { // SparkException is checked; Scala does not declare it.
      List<String> faults = new ArrayList<>();
      List<Audience> sound = new ArrayList<>();
      for (Audience audience : audiences) {
        fault(profile, audience).ifPresentOrElse(faults::add, () -> sound.add(audience));
      }
      if (faults.isEmpty()) {
        throw e;
      }
      Selection rest = select(sound, suppressed, asOf);
      faults.addAll(rest.faults());
      return new Selection(rest.audiences(), rest.empty(), faults);
    }
  }

  /**
   * Records the members of the as_of in the private state, where the selection is new to them.
   *
   * @return how many assignments were added
   */
  public long assign(List<Audience> audiences, LocalDate asOf, String runId) {
    if (audiences.stream().noneMatch(Assignments::areRecorded)) {
      return 0;
    }
    TableStore tables = state.tables();
    Optional<Long> before = tables.version(AssignmentsTable.TABLE);
    tables.append(
        AssignmentsTable.TABLE,
        Assignments.ofNew(
            store.snapshot(AudienceMembersTable.TABLE, asOf),
            tables.read(AssignmentsTable.TABLE),
            audiences,
            asOf,
            runId));
    return tables.version(AssignmentsTable.TABLE).equals(before)
        ? 0 // No assignment is new: nothing was committed.
        : tables.rowsLastWritten(AssignmentsTable.TABLE).orElse(0L);
  }

  /** The failure of a rule that was analysed but cannot be evaluated, such as 1 / 0. */
  private Optional<String> fault(Dataset<Row> profile, Audience audience) {
    try {
      matches(profile, List.of(audience)).write().format("noop").mode("overwrite").save();
      return Optional.empty();
    } catch (Exception e) { // SparkException is checked; Scala does not declare it.
      return Optional.of(
          ("Cannot make audience '%s' (%s): its rule fails for some customer: %s A division may be"
                  + " guarded: try_divide(a, b).")
              .formatted(audience.name(), audience.origin(), AudienceRules.firstLine(e)));
    }
  }

  private Dataset<Row> matches(Dataset<Row> profile, List<Audience> audiences) {
    return Eligibility.matches(
        profile, audiences, AudienceRules.reasons(spark, audiences, minorDigits));
  }

  /**
   * @return names of audiences without members
   */
  private List<String> write(
      Dataset<Row> profile, List<Audience> audiences, Dataset<Row> suppressed, LocalDate asOf) {
    try (CachedDatasets cached = new CachedDatasets()) {
      Dataset<Row> outcomes =
          cached.keep(
              Eligibility.outcomes(
                  matches(profile, audiences),
                  audiences,
                  suppressed,
                  state.tables().read(AssignmentsTable.TABLE),
                  asOf));
      long[][] left = new long[audiences.size()][Waterfall.Step.values().length + 1];
      outcomes
          .groupBy(Eligibility.AUDIENCE_INDEX.col(), Eligibility.LEFT_AT.col())
          .agg(count(lit(1)))
          .collectAsList()
          .forEach(row -> left[row.getInt(0)][row.getInt(1)] = row.getLong(2));
      AudienceMembers.Salts salts =
          new AudienceMembers.Salts(state.salt("experiments"), state.salt("samples"));
      store.replaceSnapshot(
          AudienceMembersTable.TABLE, asOf, AudienceMembers.of(outcomes, audiences, salts, asOf));
      Map<String, Row> sizes = sizes(store.snapshot(AudienceMembersTable.TABLE, asOf));
      write(
          AudienceSuppressionsTable.TABLE,
          asOf,
          suppressions(profile.count(), audiences, left, sizes, asOf));
      return audiences.stream()
          .map(Audience::name)
          .filter(name -> !sizes.containsKey(name))
          .toList();
    }
  }

  /** By audience: its name, members, and members held out. */
  private static Map<String, Row> sizes(Dataset<Row> members) {
    return members
        .groupBy(AudienceMembersTable.AUDIENCE.col())
        .agg(
            count(lit(1)),
            count_if(AudienceMembersTable.ARM.col().equalTo(AudienceMembersTable.CONTROL)))
        .collectAsList()
        .stream()
        .collect(Collectors.toMap(row -> row.getString(0), row -> row));
  }

  /**
   * @param left customers by audience and by step that they left at, 0 for those who stay
   */
  private static List<Row> suppressions(
      long customers,
      List<Audience> audiences,
      long[][] left,
      Map<String, Row> sizes,
      LocalDate asOf) {
    List<Row> rows = new ArrayList<>();
    for (int index = 0; index < audiences.size(); index++) {
      String name = audiences.get(index).name();
      Row size = sizes.get(name);
      long chosen = size == null ? 0 : size.getLong(1);
      long[] counts = left[index];
      long staying = counts[0];
      counts[Waterfall.Step.NOT_IN_SEGMENT.order()] = customers - Arrays.stream(counts).sum();
      counts[Waterfall.Step.CAP.order()] = staying - chosen;
      counts[Waterfall.Step.CONTROL_GROUP.order()] = size == null ? 0 : size.getLong(2);
      List<Long> steps = Arrays.stream(counts).skip(1).boxed().toList();
      for (Waterfall.Count count : Waterfall.of(customers, steps)) {
        rows.add(
            RowFactory.create(
                Date.valueOf(asOf),
                name,
                count.step().order(),
                count.step().label(),
                count.in(),
                count.out()));
      }
    }
    return rows;
  }

  private void write(Table table, LocalDate asOf, List<Row> rows) {
    store.replaceSnapshot(table, asOf, store.rows(table, rows));
  }
}
