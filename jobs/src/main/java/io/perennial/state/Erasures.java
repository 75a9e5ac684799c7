package io.perennial.state;

import io.perennial.table.TableStore;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * The ledger of erased people. It holds hashes only, survives a rebuild, and is applied at every
 * ingest, since the raw lake may still hold erased people.
 */
public final class Erasures {

  private final PrivateState state;
  private PersonHash hash;

  /**
   * An order or address of an erased customer in the lake.
   *
   * @param orderId may be null
   * @param addresses e-mail address and telephone number, where known
   */
  public record Trace(String customerId, String orderId, List<String> addresses) {}

  /** A row of the ledger; {@code doneAt} is null as long as a file may hold the person. */
  private record Person(
      String hash,
      int bucket,
      Instant erasedAt,
      Instant doneAt,
      Set<String> orders,
      Set<String> addresses) {

    static Person of(Row row) {
      Timestamp done = row.getAs(ErasuresTable.DONE_AT.name());
      return new Person(
          row.getAs(ErasuresTable.CUSTOMER_HASH.name()),
          row.getAs(ErasuresTable.BUCKET.name()),
          row.<Timestamp>getAs(ErasuresTable.ERASED_AT.name()).toInstant(),
          done == null ? null : done.toInstant(),
          new TreeSet<>(row.<String>getList(row.fieldIndex(ErasuresTable.ORDER_HASHES.name()))),
          new TreeSet<>(row.<String>getList(row.fieldIndex(ErasuresTable.ADDRESS_HASHES.name()))));
    }

    Person doneAt(Instant when) {
      return new Person(hash, bucket, erasedAt, when, orders, addresses);
    }

    Row toRow() {
      return RowFactory.create(
          hash,
          bucket,
          Timestamp.from(erasedAt),
          doneAt == null ? null : Timestamp.from(doneAt),
          List.copyOf(orders),
          List.copyOf(addresses));
    }
  }

  public Erasures(PrivateState state) {
    this.state = state;
  }

  public TableStore state() {
    return state.tables();
  }

  public ErasedPeople people() {
    Map<String, Person> people = read();
    if (people.isEmpty()) {
      return ErasedPeople.none();
    }
    BitSet buckets = new BitSet();
    people.values().forEach(person -> buckets.set(person.bucket()));
    return new ErasedPeople(
        hash(),
        Set.copyOf(people.keySet()),
        buckets,
        all(people, Person::orders),
        all(people, Person::addresses));
  }

  /** Whether a requested erasure is not done yet. */
  public boolean arePending() {
    return read().values().stream().anyMatch(person -> person.doneAt() == null);
  }

  /** The given customers who are in the ledger. */
  public Set<String> known(Collection<String> customerIds) {
    ErasedPeople people = people();
    return customerIds.stream().filter(people::isCustomer).collect(Collectors.toSet());
  }

  /** Enters customers; those already in the ledger are erased again. */
  public void enter(Collection<String> customerIds, Instant now) {
    Map<String, Person> people = read();
    for (String id : customerIds) {
      people.merge(
          hash().ofCustomer(id),
          new Person(hash().ofCustomer(id), hash().bucket(id), now, null, Set.of(), Set.of()),
          (known, again) -> known.doneAt(null));
    }
    write(people);
  }

  /** Adds orders and addresses that erased people have in the lake. */
  public void remember(Collection<Trace> traces) {
    Map<String, Person> people = read();
    Map<String, Person> before = Map.copyOf(people);
    for (Trace trace : traces) {
      people.computeIfPresent(
          hash().ofCustomer(trace.customerId()),
          (key, known) -> {
            Set<String> orders = new TreeSet<>(known.orders());
            if (trace.orderId() != null) {
              orders.add(hash().ofOrder(trace.orderId()));
            }
            Set<String> addresses = new TreeSet<>(known.addresses());
            trace.addresses().stream()
                .map(hash()::ofAddress)
                .filter(address -> address != null)
                .forEach(addresses::add);
            return new Person(
                key, known.bucket(), known.erasedAt(), known.doneAt(), orders, addresses);
          });
    }
    if (!people.equals(before)) {
      write(people);
    }
  }

  /** Marks all pending erasures as done: no file holds the people. */
  public void done(Instant now) {
    Map<String, Person> people = read();
    people.replaceAll((key, person) -> person.doneAt() == null ? person.doneAt(now) : person);
    write(people);
  }

  /** The hash of people in the ledger. */
  public PersonHash hash() {
    if (hash == null) {
      hash = PersonHash.of(state);
    }
    return hash;
  }

  private static Set<String> all(Map<String, Person> people, Function<Person, Set<String>> hashes) {
    return people.values().stream()
        .flatMap(person -> hashes.apply(person).stream())
        .collect(Collectors.toSet());
  }

  private Map<String, Person> read() {
    Map<String, Person> people = new TreeMap<>();
    state.tables().read(ErasuresTable.TABLE).collectAsList().stream()
        .map(Person::of)
        .forEach(person -> people.put(person.hash(), person));
    return people;
  }

  private void write(Map<String, Person> people) {
    List<Row> rows = people.values().stream().map(Person::toRow).toList();
    TableStore tables = state.tables();
    tables.overwrite(ErasuresTable.TABLE, tables.rows(ErasuresTable.TABLE, rows).coalesce(1));
  }
}
