package io.perennial.products;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.Row;

/**
 * Groups lines that are sorted by customer and order: one row for each customer, or anonymous
 * order, with a valid order. It holds the lines of one customer at a time.
 */
final class CustomerGroups implements Iterator<Row> {

  private final Iterator<Row> lines;
  private final Supplier<PurchaseHistoryBuilder> builders;
  private Row ahead;
  private Optional<Row> group = Optional.empty();

  CustomerGroups(Iterator<Row> lines, Supplier<PurchaseHistoryBuilder> builders) {
    this.lines = lines;
    this.builders = builders;
    this.ahead = lines.hasNext() ? lines.next() : null;
  }

  @Override
  public boolean hasNext() {
    while (group.isEmpty() && ahead != null) {
      group = nextGroup();
    }
    return group.isPresent();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Row row = group.orElseThrow();
    group = Optional.empty();
    return row;
  }

  private Optional<Row> nextGroup() {
    PurchaseHistoryBuilder builder = builders.get();
    Row first = ahead;
    while (ahead != null && isSameGroup(first, ahead)) {
      builder.add(SaleLine.of(ahead));
      ahead = lines.hasNext() ? lines.next() : null;
    }
    return builder.row(first.getString(SaleLine.CUSTOMER));
  }

  private static boolean isSameGroup(Row one, Row other) {
    return Objects.equals(one.get(SaleLine.CUSTOMER), other.get(SaleLine.CUSTOMER))
        && (!one.isNullAt(SaleLine.CUSTOMER)
            || one.getString(SaleLine.ORDER).equals(other.getString(SaleLine.ORDER)));
  }
}
