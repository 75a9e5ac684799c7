package io.perennial.erasure;

import static org.apache.spark.sql.functions.*;

import io.perennial.audiences.AssignmentsTable;
import io.perennial.customers.CustomersTable;
import io.perennial.ingest.OrderLinesTable;
import io.perennial.ingest.RejectsTable;
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
 * Removes erased people from what no step recomputes and from the tables' history. Ingest has
 * removed them from the lake's records before, and the steps after it from what they recompute.
 */
public final class Erasure {

  /** Tables of the private state that name customers; those that hold hashes alone may stay. */
  private static final List<Table> IN_STATE = List.of(AssignmentsTable.TABLE);

  /** A table that may hold a person. */
  public record Place(TableStore store, Table table) {}

  private final TableStore store;
  private final TableStore state;
  private final List<Table> tables;

  private Erasure(TableStore store, TableStore state, List<Table> tables) {
    this.store = store;
    this.state = state;
    this.tables = tables;
  }

  /**
   * @param store the warehouse
   * @param state the private state
   * @param tables all tables of the warehouse
   */
  public static Erasure of(TableStore store, TableStore state, List<Table> tables) {
    return new Erasure(store, state, tables);
  }

  /** A number of people in words. */
  public static String people(int number) {
    return number == 1 ? "1 person" : number + " people";
  }

  /** All tables that may hold a person; others hold figures of many. */
  public List<Place> places() {
    return Stream.concat(
            tables.stream()
                .filter(table -> namesCustomers(table) || table.equals(RejectsTable.TABLE))
                .filter(store::exists)
                .map(table -> new Place(store, table)),
            IN_STATE.stream().filter(state::exists).map(table -> new Place(state, table)))
        .toList();
  }

  /**
   * Before publication, removes erased people from earlier snapshots and from append-only tables.
   *
   * @param recomputed tables that this run has computed without them
   */
  public void removeFromHistory(StepContext context, List<Table> recomputed) {
    ErasedPeople erased = context.erasures().people();
    requireAbsent(context.read(OrderLinesTable.TABLE), erased);
    places().stream()
        .filter(place -> !recomputed.contains(place.table()))
        .forEach(place -> remove(place.store(), place.table(), erased));
  }

  /** Before publication, makes sure that no commit which stays names what was removed. */
  public void settle(StepContext context) {
    places().forEach(place -> place.store().settle(place.table(), context.runId()));
  }

  /** After publication, makes earlier versions unreadable for good. */
  public void forget(StepContext context, Instant now) {
    places().forEach(place -> place.store().forgetHistory(place.table()));
    context.erasures().done(now);
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

  /** Removing rows here would leave them in the figures computed from them. */
  private static void requireAbsent(Dataset<Row> orderLines, ErasedPeople erased) {
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
}
