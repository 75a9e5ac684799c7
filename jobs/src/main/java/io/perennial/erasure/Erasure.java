package io.perennial.erasure;

import static org.apache.spark.sql.functions.*;

import io.perennial.audiences.AssignmentsTable;
import io.perennial.customers.CustomersTable;
import io.perennial.ingest.OrderLinesTable;
import io.perennial.ingest.RejectsTable;
import io.perennial.pipeline.Pipeline;
import io.perennial.pipeline.Steps;
import io.perennial.state.ErasedPeople;
import io.perennial.step.StepContext;
import io.perennial.table.Field;
import io.perennial.table.Table;
import io.perennial.table.TableStore;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Takes erased people out of what no step makes anew, and out of the tables' history. The ingest
 * has taken them out of the lake's records before, and the steps after it out of what is made of
 * them.
 */
public final class Erasure {

  /** Tables of the private state that name customers; those that know them by hash may stay. */
  private static final List<Table> IN_STATE = List.of(AssignmentsTable.TABLE);

  /** A table that may hold a person. */
  public record Place(TableStore store, Table table) {}

  private Erasure() {}

  /** The tables of the warehouse that may hold a person. Others hold figures of many. */
  static List<Place> inWarehouse(TableStore store) {
    return Pipeline.tables().stream()
        .filter(table -> namesCustomers(table) || table.equals(RejectsTable.TABLE))
        .filter(store::exists)
        .map(table -> new Place(store, table))
        .toList();
  }

  /** All tables that may hold a person. */
  public static List<Place> places(TableStore store, TableStore state) {
    return Stream.concat(
            inWarehouse(store).stream(),
            IN_STATE.stream().filter(state::exists).map(table -> new Place(state, table)))
        .toList();
  }

  /**
   * Before publication: removes them from earlier snapshots, and from tables that only grow. What
   * is made of order_lines as a whole was made without them.
   */
  public static void removeFromHistory(StepContext context) {
    ErasedPeople erased = context.erasures().people();
    requireNobodyIn(context.store().read(OrderLinesTable.TABLE), erased);
    List<Table> made = Steps.LAKE_STEPS.stream().flatMap(step -> step.writes().stream()).toList();
    for (Place place : places(context)) {
      if (!made.contains(place.table())) {
        remove(place.store(), place.table(), erased);
      }
    }
  }

  /** Before publication: of what is published then, no commit must tell what left. */
  public static void settle(StepContext context) {
    places(context).forEach(place -> place.store().settle(place.table(), context.runId()));
  }

  /** After publication: earlier versions can never be read again. */
  public static void forget(StepContext context, Instant now) {
    places(context).forEach(place -> place.store().forgetHistory(place.table()));
    context.erasures().done(now);
  }

  private static List<Place> places(StepContext context) {
    return places(context.store(), context.erasures().state());
  }

  private static void remove(TableStore store, Table table, ErasedPeople erased) {
    Column theirs = erased.isCustomer(CustomersTable.CUSTOMER_ID.col());
    Dataset<Row> rows = store.read(table);
    if (!table.isSnapshot()) {
      if (!rows.where(theirs).isEmpty()) {
        store.overwrite(table, rows.where(not(theirs)));
      }
      return;
    }
    List<String> days =
        rows.where(theirs).select(Table.AS_OF.col()).distinct().collectAsList().stream()
            .map(row -> "DATE '" + row.getDate(0) + "'")
            .sorted()
            .toList();
    if (!days.isEmpty()) {
      String touched = days.stream().collect(Collectors.joining(", ", Table.AS_OF + " IN (", ")"));
      store.replaceWhere(table, touched, rows.where(touched).where(not(theirs)));
    }
  }

  /** Rows taken out here would be missing in the figures that were made of them. */
  private static void requireNobodyIn(Dataset<Row> orderLines, ErasedPeople erased) {
    if (!orderLines.where(erased.isCustomer(OrderLinesTable.CUSTOMER_ID.col())).isEmpty()) {
      throw new IllegalStateException(
          "Cannot erase: order_lines still holds records of erased people, of files that cannot be"
              + " read again. Repair these files, or let them leave (lake.on-missing-file ="
              + " retract).");
    }
  }

  private static boolean namesCustomers(Table table) {
    return table.fields().stream()
        .map(Field::name)
        .anyMatch(CustomersTable.CUSTOMER_ID.name()::equals);
  }

  public static String people(int n) {
    return n == 1 ? "1 person" : n + " people";
  }
}
