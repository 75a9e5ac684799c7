package io.perennial.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Queries run in parallel and answer, or fail, as they would one by one. */
class ParallelQueriesTest {

  @Test
  void resultsHaveTheOrderOfTheItems() {
    CyclicBarrier together = new CyclicBarrier(2);
    List<Integer> results =
        ParallelQueries.map(
            List.of(1, 2),
            item -> {
              await(together);
              return 10 * item;
            });
    assertThat(results).containsExactly(10, 20);
  }

  @Test
  void failureOfAQueryIsThrownWhereItsResultIsRead() {
    IllegalArgumentException failure = new IllegalArgumentException("no such column");
    try (ParallelQueries queries = new ParallelQueries()) {
      Supplier<Integer> unchecked =
          queries.start(
              () -> {
                throw failure;
              });
      Supplier<Integer> checked =
          queries.start(
              () -> {
                throw new IOException("disk full");
              });
      assertThatThrownBy(unchecked::get).isSameAs(failure);
      assertThatThrownBy(checked::get).hasMessage("Cannot run a query: disk full");
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(1, TimeUnit.MINUTES);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
