package io.perennial.products;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.apache.spark.sql.Row;

/**
 * The rows that each of other things gives, one after the other; none are held back.
 *
 * @param <T> what gives rows
 */
final class FlatMapRows<T> implements Iterator<Row> {

  private final Iterator<T> givers;
  private final Function<T, Iterator<Row>> of;
  private Iterator<Row> current = Collections.emptyIterator();

  FlatMapRows(Iterator<T> givers, Function<T, Iterator<Row>> of) {
    this.givers = givers;
    this.of = of;
  }

  @Override
  public boolean hasNext() {
    while (!current.hasNext() && givers.hasNext()) {
      current = of.apply(givers.next());
    }
    return current.hasNext();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return current.next();
  }
}
