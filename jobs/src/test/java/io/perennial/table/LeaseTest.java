package io.perennial.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perennial.spark.Faults;
import io.perennial.spark.Faults.Kind;
import io.perennial.testing.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One run at a time writes a warehouse. */
class LeaseTest {

  private static final Lease.Heartbeat SHORT =
      new Lease.Heartbeat(Duration.ofMillis(100), Duration.ofMillis(1_500));

  @TempDir Path warehouse;

  private final List<String> said = new ArrayList<>();

  @Test
  void secondRunIsToldWhichRunHoldsTheLease() {
    try (Lease first = take("first", Duration.ZERO)) {
      assertThatThrownBy(() -> take("second", Duration.ofMillis(300)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(
              "Cannot write the warehouse '" + warehouse + "': run first (process ")
          .hasMessageContaining(String.valueOf(ProcessHandle.current().pid()))
          .hasMessageContaining("warehouse.wait-for-other-run");
      assertThat(said).singleElement().asString().startsWith("Waiting for run first");
      first.requireHeld();
    }
    try (Lease second = take("second", Duration.ZERO)) {
      assertThat(second.number()).isEqualTo(2);
    }
  }

  @Test
  void waitingRunTakesTheReleasedLease() {
    Lease first = take("first", Duration.ZERO);
    CompletableFuture<Lease> waiting =
        CompletableFuture.supplyAsync(() -> take("second", Duration.ofMinutes(1)));
    assertThat(waiting).isNotDone();
    first.close();
    try (Lease second = waiting.join()) {
      second.requireHeld();
      assertThatThrownBy(first::requireHeld)
          .hasMessageContaining("Cannot publish: run second (process ");
    }
  }

  @Test
  void runWithHeartbeatIsNeverTakenOver() {
    try (Lease first = take("first", Duration.ZERO)) {
      assertThatThrownBy(() -> take("second", SHORT.expiry().multipliedBy(2)))
          .hasMessageContaining("run first");
      first.requireHeld();
    }
  }

  @Test
  void failedHeartbeatDoesNotStopLaterOnes() {
    Faults.register(SharedSpark.session().sparkContext().hadoopConfiguration());
    String faulty = Faults.uri(warehouse);
    AtomicBoolean hasFailed = new AtomicBoolean();
    try (Lease first = take(faulty, "first", Duration.ZERO)) {
      Faults.install(
          (when, kind, file) -> {
            boolean isWritten = kind == Kind.CREATE || kind == Kind.RENAME;
            if (isWritten && file.getName().contains("beat") && !hasFailed.getAndSet(true)) {
              throw new IOException("Injected fault for " + file);
            }
          });
      assertThatThrownBy(() -> take(faulty, "second", SHORT.expiry().multipliedBy(2)))
          .hasMessageContaining("run first");
      assertThat(hasFailed).isTrue();
      first.requireHeld();
    } finally {
      Faults.none();
    }
  }

  @Test
  void leaseOfAnEndedProcessIsTakenAtOnce() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    leaseOf("dead", localHost(), ended.pid());
    try (Lease next = take("next", Duration.ZERO)) {
      assertThat(next.number()).isEqualTo(2);
      assertThat(said).singleElement().asString().startsWith("Taking over from run dead");
    }
  }

  @Test
  void leaseOfAnotherHostIsTakenAfterItsHeartbeatStops() throws IOException {
    leaseOf("far", "another-host", 1);
    assertThatThrownBy(() -> take("hasty", Duration.ofMillis(300))).hasMessageContaining("run far");
    try (Lease next = take("patient", Duration.ofMinutes(1))) {
      assertThat(next.number()).isEqualTo(2);
      assertThat(said).last().asString().startsWith("Taking over from run far");
    }
  }

  @RepeatedTest(10)
  void onlyOneOfConcurrentRunsHoldsTheLease() {
    CyclicBarrier atOnce = new CyclicBarrier(4);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<CompletableFuture<Long>> runs = new ArrayList<>();
    List<String> inside = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String name = "run" + i;
      runs.add(
          CompletableFuture.supplyAsync(
              () -> {
                try (Lease lease = takeAtOnce(name, atOnce)) {
                  synchronized (inside) {
                    inside.add("in " + name);
                  }
                  Thread.sleep(20);
                  lease.requireHeld();
                  synchronized (inside) {
                    inside.add("out " + name);
                  }
                  return lease.number();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              },
              threads));
    }
    assertThat(runs.stream().map(CompletableFuture::join))
        .containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
    for (int i = 0; i < inside.size(); i += 2) {
      assertThat(inside.get(i + 1)).isEqualTo(inside.get(i).replace("in ", "out "));
    }
    threads.shutdown();
  }

  private Lease takeAtOnce(String runId, CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
    return take(runId, Duration.ofMinutes(1));
  }

  private Lease take(String runId, Duration maxWait) {
    return take(warehouse.toString(), runId, maxWait);
  }

  private Lease take(String path, String runId, Duration maxWait) {
    return Lease.take(
        SharedSpark.session(),
        path,
        runId,
        maxWait,
        SHORT,
        line -> {
          synchronized (said) {
            said.add(line);
          }
        });
  }

  private void leaseOf(String runId, String host, long pid) throws IOException {
    Path directory = Files.createDirectories(warehouse.resolve("_lease"));
    Files.writeString(
        directory.resolve("00000000000000000001"),
        """
        {"run_id":"%s","host":"%s","pid":%d,"process_started":"","since":"2026-01-01T00:00:00Z"}
        """
            .formatted(runId, host, pid));
  }

  private static String localHost() throws IOException {
    return java.net.InetAddress.getLocalHost().getHostName();
  }
}
