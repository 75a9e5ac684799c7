package io.perennial.products;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.apache.spark.sql.Row;

/**
 * The rows of several sources, one source after the other, without buffering.
 *
 * @param <T> type of a source
 */
final class FlatMapRows<T> implements Iterator<Row> {

  private final Iterator<T> sources;
  private final Function<T, Iterator<Row>> rowsOf;
  private Iterator<Row> current = Collections.emptyIterator();

  FlatMapRows(Iterator<T> sources, Function<T, Iterator<Row>> rowsOf) {
    this.sources = sources;
    this.rowsOf = rowsOf;
  }

  @Override
  public boolean hasNext() {
    while (!current.hasNext() && sources.hasNext()) {
      current = rowsOf.apply(sources.next());
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
