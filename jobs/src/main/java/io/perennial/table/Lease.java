package io.perennial.table;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perennial.table.delta.CommitFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * The right to write a warehouse, held by one run at a time. Leases are numbered files in {@code
 * _lease}, each written only if it is not there, by the same store that Delta commits with: what is
 * safe for Delta's log is safe here, and on a local disk what is not safe for Delta's log is. The
 * number is the fencing number: a run whose lease is no longer the newest may not publish.
 *
 * <p>A holder beats every few seconds. Who waits takes over when the holder's process is gone (on
 * this host) or its beat stood still for the term, measured on the waiter's own clock.
 */
public final class Lease implements AutoCloseable {

  /** How often a holder beats, and after how long without a beat it counts as dead. */
  public record Term(Duration beat, Duration expiry) {

    /** Beats every 10 seconds; dead after two minutes without one. */
    public static final Term USUAL = new Term(Duration.ofSeconds(10), Duration.ofMinutes(2));
  }

  /** Who holds a lease. */
  record Holder(
      @JsonProperty("run_id") String runId,
      @JsonProperty("host") String host,
      @JsonProperty("pid") long pid,
      @JsonProperty("process_started") String processStarted,
      @JsonProperty("since") String since) {

    private static Holder self(String runId) {
      return new Holder(
          runId,
          hostName(),
          ProcessHandle.current().pid(),
          startOf(ProcessHandle.current()),
          Instant.now().toString());
    }

    /** Whether the process is known to have ended; of other hosts nothing is known. */
    private boolean isGone() {
      return host.equals(hostName())
          && ProcessHandle.of(pid)
              .filter(ProcessHandle::isAlive)
              .filter(process -> startOf(process).equals(processStarted))
              .isEmpty();
    }

    private String words() {
      return "run " + runId + " (process " + pid + " on " + host + ", since " + since + ")";
    }

    private static String startOf(ProcessHandle process) {
      return process.info().startInstant().map(Instant::toString).orElse("");
    }

    private static String hostName() {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException e) {
        return "localhost";
      }
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String RELEASED = ".released";
  private static final String BEAT = ".beat";

  /** Leases before the newest that stay, for whoever wants to know who was there. */
  private static final int KEPT = 10;

  private final CommitFiles store;
  private final Path directory;
  private final Term term;
  private final Holder holder;
  private long number;
  private ScheduledExecutorService heart;

  private Lease(SparkSession spark, String warehouse, String runId, Term term) {
    this.store = new CommitFiles(spark);
    this.directory = Warehouse.at(spark, warehouse).within("_lease");
    this.term = term;
    this.holder = Holder.self(runId);
  }

  /**
   * Takes the lease of a warehouse; waits while another run holds it.
   *
   * @param patience how long to wait at most
   * @param say told once whom we wait for, and when a dead run's lease is taken over
   * @throws IllegalStateException if the lease is still held when patience ends; says by whom
   */
  public static Lease take(
      SparkSession spark,
      String warehouse,
      String runId,
      Duration patience,
      Term term,
      Consumer<String> say) {
    Lease lease = new Lease(spark, warehouse, runId, term);
    try {
      lease.acquire(warehouse, patience, say);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot take the lease of the warehouse '" + warehouse + "': " + e.getMessage(), e);
    }
    return lease;
  }

  private void acquire(String warehouse, Duration patience, Consumer<String> say)
      throws IOException {
    long begun = System.nanoTime();
    String lastBeat = "";
    long beatSeen = begun;
    boolean hasSaid = false;
    while (true) {
      long newest = newest();
      Optional<Holder> other =
          newest == 0 || exists(newest, RELEASED) ? Optional.empty() : read(newest);
      if (other.isPresent()) {
        String beat = newest + " " + beat(newest);
        if (!beat.equals(lastBeat)) {
          lastBeat = beat;
          beatSeen = System.nanoTime();
        }
        boolean isDead = other.get().isGone() || since(beatSeen).compareTo(term.expiry()) > 0;
        if (!isDead) {
          if (since(begun).compareTo(patience) >= 0) {
            throw new IllegalStateException(
                "Cannot write the warehouse '"
                    + warehouse
                    + "': "
                    + other.get().words()
                    + " is at work on it. Wait until it has ended, or let this one wait longer by"
                    + " warehouse.wait-for-other-run.");
          }
          if (!hasSaid) {
            say.accept("Waiting for " + other.get().words());
            hasSaid = true;
          }
          pause();
          continue;
        }
        say.accept("Taking over from " + other.get().words() + ", which has died");
      }
      if (store.create(file(newest + 1), JSON.writeValueAsString(holder))) {
        number = newest + 1;
        startBeating();
        forgetOld();
        return;
      }
    }
  }

  /** The fencing number: greater than that of every run that held the lease before. */
  public long number() {
    return number;
  }

  /**
   * Checks that nobody took over meanwhile.
   *
   * @throws IllegalStateException if another run did
   */
  public void requireHeld() {
    try {
      long newest = newest();
      if (newest != number) {
        throw new IllegalStateException(
            "Cannot publish: "
                + read(newest).map(Holder::words).orElse("another run")
                + " took over the warehouse after this run gave no sign of life for "
                + term.expiry().toSeconds()
                + " s. Nothing was published; run again.");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the lease " + file(number), e);
    }
  }

  @Override
  public void close() {
    heart.shutdownNow();
    awaitLastBeat();
    try {
      if (newest() == number) {
        store.write(file(number, RELEASED), Instant.now().toString());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot release the lease " + file(number), e);
    }
  }

  private void awaitLastBeat() {
    try {
      heart.awaitTermination(term.beat().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void startBeating() {
    heart =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "lease");
              thread.setDaemon(true);
              return thread;
            });
    long millis = term.beat().toMillis();
    heart.scheduleAtFixedRate(this::beatOnce, 0, millis, TimeUnit.MILLISECONDS);
  }

  /** A beat that fails is not the end: the next may succeed, and publishing asks anyway. */
  private void beatOnce() {
    try {
      store.write(file(number, BEAT), Instant.now().toString());
    } catch (Exception e) { // Scala does not declare that storage fails; thrown, it would end all.
      System.getLogger(Lease.class.getName())
          .log(System.Logger.Level.WARNING, "Cannot beat for the lease " + file(number), e);
    }
  }

  private long newest() throws IOException {
    long newest = 0;
    for (FileStatus file : list()) {
      if (file.getPath().getName().matches("\\d{20}")) {
        newest = Math.max(newest, Long.parseLong(file.getPath().getName()));
      }
    }
    return newest;
  }

  private void forgetOld() throws IOException {
    for (FileStatus file : list()) {
      String name = file.getPath().getName();
      if (name.matches("\\d{20}.*") && Long.parseLong(name.substring(0, 20)) < number - KEPT) {
        files().delete(file.getPath(), false);
      }
    }
  }

  private FileStatus[] list() throws IOException {
    try {
      return files().listStatus(directory);
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    }
  }

  private boolean exists(long lease, String suffix) throws IOException {
    return files().exists(file(lease, suffix));
  }

  private Optional<Holder> read(long lease) throws IOException {
    return Optional.of(JSON.readValue(store.read(file(lease)), Holder.class));
  }

  /**
   * What changes with every beat; empty where there was none yet. Nobody reads what a beat says:
   * who died while writing one may have left it torn.
   */
  private String beat(long lease) throws IOException {
    try {
      return String.valueOf(files().getFileStatus(file(lease, BEAT)).getModificationTime());
    } catch (FileNotFoundException e) {
      return "";
    }
  }

  private Path file(long lease) {
    return file(lease, "");
  }

  private Path file(long lease, String suffix) {
    return new Path(directory, String.format(Locale.ROOT, "%020d%s", lease, suffix));
  }

  private FileSystem files() throws IOException {
    return store.fileSystem(directory);
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  private void pause() {
    try {
      Thread.sleep(Math.min(1_000, term.beat().toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for another run", e);
    }
  }
}
