package io.perennial.spark;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs Spark queries in parallel. Small queries spend their time in planning and leave most of the
 * cores idle.
 */
public final class ParallelQueries implements AutoCloseable {

  private static final int THREADS = 4;

  private final ExecutorService pool = Executors.newFixedThreadPool(THREADS);

  /** Runs one query per item; the results have the order of the items. */
  public static <T, R> List<R> map(List<T> items, Function<T, R> query) {
    try (ParallelQueries queries = new ParallelQueries()) {
      return items.stream().map(item -> queries.start(() -> query.apply(item))).toList().stream()
          .map(Supplier::get)
          .toList();
    }
  }

  /**
   * Starts a query.
   *
   * @return waits for the result; throws what the query threw
   */
  public <R> Supplier<R> start(Callable<R> query) {
    Future<R> result = pool.submit(query);
    return () -> {
      try {
        return result.get();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RuntimeException cause
            ? cause
            : new IllegalStateException(
                "Cannot run a query: " + e.getCause().getMessage(), e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Cannot run a query: interrupted", e);
      }
    };
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
