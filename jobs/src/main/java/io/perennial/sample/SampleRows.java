package io.perennial.sample;

import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The rows of a lake, as a plan without any action: numbers of buyers, to the appearances of their
 * orders, to the partition of each file, to records. Only the appearances are shuffled and sorted,
 * some fifty bytes an order; a record is made in the task that writes it.
 */
final class SampleRows {

  private static final long BUYERS_PER_TASK = 100_000;

  private SampleRows() {}

  /**
   * The rows of all files, partition i holding those of file i in the order of time, with the extra
   * columns of {@link RecordEncoder}.
   *
   * @param numbers the numbers of all buyers, cut into partitions in any way
   */
  static Dataset<Row> of(Dataset<Long> numbers, SampleSettings settings, FilePlan plan) {
    Dataset<Row> events =
        numbers
            .mapPartitions(
                (MapPartitionsFunction<Long, Row>) part -> events(part, settings, plan),
                Encoders.row(OrderEvent.SCHEMA))
            .repartition(plan.files(), functions.col("key"))
            .sortWithinPartitions("at", "customer", "order", "kind");
    return events.mapPartitions(
        (MapPartitionsFunction<Row, Row>) part -> rows(part, settings),
        Encoders.row(RecordEncoder.carrier(settings.isText())));
  }

  /** Tasks over the buyers; the rows don't depend on it. */
  static int tasks(SampleSettings settings, int cores) {
    return (int) Math.max(cores, Customer.buyers(settings) / BUYERS_PER_TASK);
  }

  private static Iterator<Row> events(
      Iterator<Long> numbers, SampleSettings settings, FilePlan plan) {
    OrderRecords orders = new OrderRecords(settings);
    return new Unfolded<>(numbers, number -> orders.events(number, plan), event -> event.row(plan));
  }

  private static Iterator<Row> rows(Iterator<Row> events, SampleSettings settings) {
    OrderRecords orders = new OrderRecords(settings);
    RecordEncoder form = new RecordEncoder(settings, orders.clock());
    int file = TaskContext.getPartitionId();
    return new Unfolded<>(events, event -> orders.records(OrderEvent.of(event, file)), form::row);
  }

  /** Each element of an iterator unfolds into several, one element at a time. */
  private static final class Unfolded<A, B> implements Iterator<Row> {

    private final Iterator<A> outer;
    private final Function<A, List<B>> unfold;
    private final Function<B, Row> row;
    private Iterator<B> inner = List.<B>of().iterator();

    Unfolded(Iterator<A> outer, Function<A, List<B>> unfold, Function<B, Row> row) {
      this.outer = outer;
      this.unfold = unfold;
      this.row = row;
    }

    @Override
    public boolean hasNext() {
      while (!inner.hasNext() && outer.hasNext()) {
        inner = unfold.apply(outer.next()).iterator();
      }
      return inner.hasNext();
    }

    @Override
    public Row next() {
      hasNext();
      return row.apply(inner.next());
    }
  }
}
