package io.perennial.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;

/**
 * The right to write a warehouse, held by one run at a time. A lease is a numbered file that is
 * created only if it does not exist. The number is the fencing number: a run whose lease is no
 * longer the newest may not publish.
 *
 * <p>The holder writes a heartbeat every few seconds. A waiting run takes over when the holder's
 * process has ended (on this host) or its heartbeat has not changed for the expiry time, measured
 * on the waiting run's own clock.
 */
public final class Lease implements AutoCloseable {

  /**
   * @param interval time between two heartbeats
   * @param expiry time without a heartbeat after which the holder counts as dead
   */
  public record Heartbeat(Duration interval, Duration expiry) {

    /** Every 10 seconds; dead after two minutes without one. */
    public static final Heartbeat DEFAULT =
        new Heartbeat(Duration.ofSeconds(10), Duration.ofMinutes(2));
  }

  private final LeaseFiles files;
  private final long number;
  private final Heartbeat heartbeat;
  private final ScheduledExecutorService beating;

  private Lease(LeaseFiles files, long number, Heartbeat heartbeat) {
    this.files = files;
    this.number = number;
    this.heartbeat = heartbeat;
    this.beating =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "lease");
              thread.setDaemon(true);
              return thread;
            });
    ScheduledFuture<?> unused =
        beating.scheduleAtFixedRate(
            this::beat, 0, heartbeat.interval().toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Takes the lease of a warehouse; waits while another run holds it.
   *
   * @param maxWait how long to wait at most
   * @param listener is told once which run is waited for, and when a dead run's lease is taken over
   * @throws IllegalStateException if the lease is still held after {@code maxWait}; names the
   *     holder
   */
  public static Lease take(
      SparkSession spark,
      String warehouse,
      String runId,
      Duration maxWait,
      Heartbeat heartbeat,
      Consumer<String> listener) {
    LeaseFiles files = new LeaseFiles(spark, warehouse);
    LeaseHolder self = LeaseHolder.self(runId);
    long started = System.nanoTime();
    String lastHeartbeat = "";
    long lastHeartbeatSeen = started;
    boolean isWaiting = false;
    try {
      while (true) {
        long newest = files.newest();
        Optional<LeaseHolder> holder = files.activeHolder(newest);
        if (holder.isPresent()) {
          String current = newest + " " + files.lastHeartbeat(newest);
          if (!current.equals(lastHeartbeat)) {
            lastHeartbeat = current;
            lastHeartbeatSeen = System.nanoTime();
          }
          boolean isDead =
              holder.get().hasEnded() || since(lastHeartbeatSeen).compareTo(heartbeat.expiry()) > 0;
          if (!isDead) {
            if (since(started).compareTo(maxWait) >= 0) {
              throw new IllegalStateException(
                  ("Cannot write the warehouse '%s': %s is at work on it. Wait until it has ended,"
                          + " or let this one wait longer by warehouse.wait-for-other-run.")
                      .formatted(warehouse, holder.get().description()));
            }
            if (!isWaiting) {
              listener.accept("Waiting for " + holder.get().description());
              isWaiting = true;
            }
            pause(heartbeat);
            continue;
          }
          listener.accept("Taking over from " + holder.get().description() + ", which has died");
        }
        if (files.create(newest + 1, self)) {
          Lease lease = new Lease(files, newest + 1, heartbeat);
          files.deleteOld(lease.number);
          return lease;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot take the lease of the warehouse '" + warehouse + "': " + e.getMessage(), e);
    }
  }

  /** The fencing number: greater than that of every run that held the lease before. */
  public long number() {
    return number;
  }

  /**
   * Checks that no other run has taken over.
   *
   * @throws IllegalStateException if another run has
   */
  public void requireHeld() {
    try {
      long newest = files.newest();
      if (newest != number) {
        throw new IllegalStateException(
            ("Cannot publish: %s took over the warehouse after this run gave no sign of life for"
                    + " %s s. Nothing was published; run again.")
                .formatted(files.holder(newest).description(), heartbeat.expiry().toSeconds()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the lease " + files.path(number), e);
    }
  }

  @Override
  public void close() {
    beating.shutdownNow();
    awaitLastHeartbeat();
    try {
      if (files.newest() == number) {
        files.release(number);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot release the lease " + files.path(number), e);
    }
  }

  private void awaitLastHeartbeat() {
    try {
      beating.awaitTermination(heartbeat.interval().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A failed heartbeat is only logged: the next may succeed, and publication checks the lease. */
  private void beat() {
    try {
      files.writeHeartbeat(number);
    } catch (Exception e) { // Undeclared by Scala; thrown, it would end all further heartbeats.
      System.getLogger(Lease.class.getName())
          .log(System.Logger.Level.WARNING, "Cannot beat for the lease " + files.path(number), e);
    }
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  private static void pause(Heartbeat heartbeat) {
    try {
      Thread.sleep(Math.min(1_000, heartbeat.interval().toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for another run", e);
    }
  }
}
