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
 * Makes {@code audience_members} and {@code audience_suppressions} of a profile, and remembers who
 * was assigned. The profile is read once; who matches is kept between counting and choosing.
 */
public final class Audiences {

  private static final String EXPERIMENTS = "experiments";
  private static final String SAMPLES = "samples";

  private final SparkSession spark;
  private final TableStore store;
  private final PrivateState state;
  private final int minorDigits;

  public Audiences(SparkSession spark, TableStore store, PrivateState state, int minorDigits) {
    this.spark = spark;
    this.store = store;
    this.state = state;
    this.minorDigits = minorDigits;
  }

  /**
   * What was made.
   *
   * @param audiences how many audiences
   * @param assignments customers newly assigned
   * @param empty names of audiences without members
   * @param faults of audiences that were left out since their rule failed, in words
   */
  public record Made(int audiences, long assignments, List<String> empty, List<String> faults) {}

  /**
   * @param suppressed customer_id of those whom nobody may address, each once
   * @param runId the run that assigns them; empty where nobody is addressed, and nothing is
   *     remembered
   */
  public Made make(
      List<Audience> audiences,
      Optional<Dataset<Row>> suppressed,
      LocalDate asOf,
      Optional<String> runId) {
    if (audiences.isEmpty()) {
      write(AudienceMembersTable.TABLE, asOf, List.of());
      write(AudienceSuppressionsTable.TABLE, asOf, List.of());
      return new Made(0, 0, List.of(), List.of());
    }
    Dataset<Row> profile = store.snapshot(CustomerProfileTable.TABLE, asOf);
    try {
      return make(profile, audiences, List.of(), suppressed, asOf, runId);
    } catch (Exception e) { // SparkException is checked; Scala does not declare it.
      List<String> faults = new ArrayList<>();
      List<Audience> sound = new ArrayList<>();
      for (Audience audience : audiences) {
        fault(profile, audience).ifPresentOrElse(faults::add, () -> sound.add(audience));
      }
      if (faults.isEmpty()) {
        throw e;
      }
      return make(profile, sound, faults, suppressed, asOf, runId);
    }
  }

  /** What a rule fails with that could be understood but not worked out, such as 1 / 0. */
  private Optional<String> fault(Dataset<Row> profile, Audience audience) {
    try {
      matches(profile, List.of(audience)).write().format("noop").mode("overwrite").save();
      return Optional.empty();
    } catch (Exception e) { // SparkException is checked; Scala does not declare it.
      return Optional.of(
          "Cannot make audience '"
              + audience.name()
              + "' ("
              + audience.origin()
              + "): its rule fails for some customer: "
              + AudienceRules.firstLine(e)
              + " A division may be guarded: try_divide(a, b).");
    }
  }

  private Dataset<Row> matches(Dataset<Row> profile, List<Audience> audiences) {
    return Eligibility.matches(
        profile, audiences, AudienceRules.reasons(spark, audiences, minorDigits));
  }

  private Made make(
      Dataset<Row> profile,
      List<Audience> audiences,
      List<String> faults,
      Optional<Dataset<Row>> suppressed,
      LocalDate asOf,
      Optional<String> runId) {
    TableStore tables = state.tables();
    Optional<Dataset<Row>> assignments =
        tables.exists(AssignmentsTable.TABLE)
            ? Optional.of(tables.read(AssignmentsTable.TABLE))
            : Optional.empty();
    try (CachedDatasets kept = new CachedDatasets()) {
      Dataset<Row> outcomes =
          kept.keep(
              Eligibility.outcomes(
                  matches(profile, audiences), audiences, suppressed, assignments, asOf));
      long[][] left = new long[audiences.size()][Waterfall.Step.values().length + 1];
      outcomes
          .groupBy(col(Eligibility.NO), col(Eligibility.LEFT_AT))
          .agg(count(lit(1)))
          .collectAsList()
          .forEach(row -> left[row.getInt(0)][row.getInt(1)] = row.getLong(2));
      AudienceMembers.Salts salts =
          new AudienceMembers.Salts(state.salt(EXPERIMENTS), state.salt(SAMPLES));
      store.replaceSnapshot(
          AudienceMembersTable.TABLE, asOf, AudienceMembers.of(outcomes, audiences, salts, asOf));
      Dataset<Row> members = store.snapshot(AudienceMembersTable.TABLE, asOf);
      List<Row> rows = new ArrayList<>();
      List<String> empty = countSteps(profile.count(), audiences, left, members, asOf, rows);
      write(AudienceSuppressionsTable.TABLE, asOf, rows);
      long remembered = runId.map(run -> remember(members, audiences, asOf, run)).orElse(0L);
      return new Made(audiences.size(), remembered, empty, faults);
    }
  }

  /**
   * @return names of audiences without members
   */
  private static List<String> countSteps(
      long customers,
      List<Audience> audiences,
      long[][] left,
      Dataset<Row> members,
      LocalDate asOf,
      List<Row> rows) {
    Map<String, Row> sizes =
        members
            .groupBy(AudienceMembersTable.AUDIENCE.col())
            .agg(
                count(lit(1)),
                count(
                    when(
                        AudienceMembersTable.ARM.col().equalTo(AudienceMembersTable.CONTROL),
                        lit(1))))
            .collectAsList()
            .stream()
            .collect(Collectors.toMap(row -> row.getString(0), row -> row));
    List<String> empty = new ArrayList<>();
    for (int no = 0; no < audiences.size(); no++) {
      String name = audiences.get(no).name();
      Row size = sizes.get(name);
      long chosen = size == null ? 0 : size.getLong(1);
      long staying = left[no][0];
      left[no][Waterfall.Step.NOT_IN_SEGMENT.order()] = customers - Arrays.stream(left[no]).sum();
      left[no][Waterfall.Step.CAP.order()] = staying - chosen;
      left[no][Waterfall.Step.CONTROL_GROUP.order()] = size == null ? 0 : size.getLong(2);
      if (chosen == 0) {
        empty.add(name);
      }
      List<Long> steps = Arrays.stream(left[no]).skip(1).boxed().toList();
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
    return empty;
  }

  private long remember(
      Dataset<Row> members, List<Audience> audiences, LocalDate asOf, String runId) {
    if (audiences.stream().noneMatch(Assignments::areRemembered)) {
      return 0;
    }
    TableStore tables = state.tables();
    Optional<Long> before = tables.version(AssignmentsTable.TABLE);
    tables.append(
        AssignmentsTable.TABLE,
        Assignments.ofNew(members, tables.read(AssignmentsTable.TABLE), audiences, asOf, runId));
    return tables.version(AssignmentsTable.TABLE).equals(before)
        ? 0 // Nobody is new: nothing was committed.
        : tables.rowsLastWritten(AssignmentsTable.TABLE).orElse(0L);
  }

  private void write(Table table, LocalDate asOf, List<Row> rows) {
    store.replaceSnapshot(table, asOf, store.rows(table, rows));
  }
}
