package io.perennial.products;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.apache.spark.sql.Row;

/** The rows that each of other rows gives, one after the other; none are held back. */
final class FlatRows implements Iterator<Row> {

  private final Iterator<Row> rows;
  private final Function<Row, Iterator<Row>> of;
  private Iterator<Row> current = Collections.emptyIterator();

  FlatRows(Iterator<Row> rows, Function<Row, Iterator<Row>> of) {
    this.rows = rows;
    this.of = of;
  }

  @Override
  public boolean hasNext() {
    while (!current.hasNext() && rows.hasNext()) {
      current = of.apply(rows.next());
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
