package io.perennial.sample;

import java.util.Iterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The rows of a lake as a query plan without an action: buyers to events of their orders, events to
 * the partition of their file, events to records. Only the events are shuffled and sorted, about
 * fifty bytes per order; a record is generated in the task that writes it.
 */
final class SampleRows {

  private static final long BUYERS_PER_TASK = 100_000;

  private SampleRows() {}

  /**
   * The rows of all files with the extra columns of {@link RecordEncoder}; partition i has the rows
   * of file i, sorted by time.
   *
   * @param numbers the numbers of all buyers, in any partitions
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
        Encoders.row(RecordEncoder.schema(settings.isText())));
  }

  /** Number of tasks over the buyers; the rows do not depend on it. */
  static int tasks(SampleSettings settings, int cores) {
    return (int) Math.max(cores, Customer.buyers(settings) / BUYERS_PER_TASK);
  }

  private static Iterator<Row> events(
      Iterator<Long> numbers, SampleSettings settings, FilePlan plan) {
    OrderRecords orders = new OrderRecords(settings);
    return stream(numbers)
        .flatMap(number -> orders.events(number, plan).stream())
        .map(event -> event.row(plan))
        .iterator();
  }

  private static Iterator<Row> rows(Iterator<Row> events, SampleSettings settings) {
    OrderRecords orders = new OrderRecords(settings);
    RecordEncoder encoder = new RecordEncoder(settings, orders.clock());
    int file = TaskContext.getPartitionId();
    return stream(events)
        .flatMap(event -> orders.records(OrderEvent.of(event, file)).stream())
        .map(encoder::row)
        .iterator();
  }

  /** A stream that reads one element at a time, as its iterator asks for it. */
  static <T> Stream<T> stream(Iterator<T> elements) {
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(elements, 0), false);
  }
}
