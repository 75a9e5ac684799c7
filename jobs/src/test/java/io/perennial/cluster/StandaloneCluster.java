package io.perennial.cluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * A Spark standalone cluster on loopback, a master and two workers of one core each, made of
 * nothing but the jars of the test's own class path, so that the packaged jar can be submitted the
 * way a user submits it, and without a Spark distribution.
 *
 * <p>The cluster's SPARK_HOME holds what a plain Spark has. Delta and whatever it brings along is
 * left out and handed over with each {@linkplain #submit submission} as {@code --jars}; the
 * libraries that the packaged jar shades and those of the tests are not there at all. A class that
 * the packaged jar forgot is therefore missed here as it would be on a real cluster.
 *
 * <p>Ports are the operating system's choice. The processes end with {@link #close}, with the JVM,
 * and also when the JVM is killed: master and workers watch their standard input.
 */
public final class StandaloneCluster implements AutoCloseable {

  /** Options of JVMs that live too briefly for optimized code to pay. */
  static final List<String> QUICK_START =
      List.of("-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=400m", "-XX:+UseParallelGC");

  /** What plain Spark lacks, and a submission therefore brings: Delta and its own dependencies. */
  private static final Pattern DELTA_JARS =
      Pattern.compile(
          "(delta-|unitycatalog-|jackson-datatype-jdk8-|javax\\.annotation-api-).*\\.jar");

  /**
   * What no Spark has: the project itself, the libraries that its packaged jar shades, and those of
   * the tests. A library that the pom gains belongs here too.
   */
  private static final Pattern FOREIGN_JARS =
      Pattern.compile(
          "(perennial|config-\\d|picocli-|duckdb_jdbc|assertj-|byte-buddy-|junit-|opentest4j-"
              + "|apiguardian-|surefire-|jspecify-).*\\.jar");

  private static final Pattern MASTER_URL =
      Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final Pattern REGISTERED =
      Pattern.compile("Successfully registered with master spark://");

  private static final int WORKERS = 2;
  private static final String DOOMED = "worker-1";
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration SUBMIT_LIMIT = Duration.ofMinutes(10);
  private static final int TAIL_LINES = 40;

  private final Path home;
  private final List<Path> deltaJars = new ArrayList<>();
  private final Map<String, Process> daemons = new LinkedHashMap<>();
  private final List<Process> submissions = new ArrayList<>();
  private final Thread onExit = new Thread(this::stop, "standalone-cluster-exit");
  private String masterUrl;
  private final AtomicInteger submitted = new AtomicInteger();

  private StandaloneCluster(Path home) {
    this.home = home;
  }

  /** What a submitted program left: its exit code and all it wrote. */
  public record Outcome(int exitCode, String out, String err) {

    @Override
    public String toString() {
      return "exit code %d%n--- standard output%n%s%n--- standard error%n%s"
          .formatted(exitCode, out, err);
    }
  }

  /**
   * Starts a master and two workers and returns when both are registered.
   *
   * @throws IllegalStateException if they are not within two minutes, or if one of them ends; the
   *     message carries the end of every log
   */
  public static StandaloneCluster start() throws IOException {
    StandaloneCluster cluster = new StandaloneCluster(Files.createTempDirectory("spark-home-"));
    Runtime.getRuntime().addShutdownHook(cluster.onExit);
    try {
      cluster.fillHome();
      cluster.startDaemons();
    } catch (IOException | RuntimeException e) {
      cluster.close();
      throw e;
    }
    return cluster;
  }

  /** The master's address, {@code spark://127.0.0.1:PORT}. */
  public String masterUrl() {
    return masterUrl;
  }

  /** The jars that a plain Spark has, as a class path entry. */
  public String sparkClassPath() {
    return home.resolve("jars") + File.separator + "*";
  }

  /** The jars that {@code --packages} of Delta would bring to a plain Spark. */
  public List<Path> deltaJars() {
    return List.copyOf(deltaJars);
  }

  /**
   * Submits a program in client mode, as {@code spark-submit} does, from the given directory, and
   * waits for its end. Delta travels with it as {@code --jars}.
   *
   * @throws IllegalStateException if it has not ended within ten minutes
   */
  public Outcome submit(
      Path directory, List<String> sparkArgs, String mainClass, Path jar, List<String> appArgs) {
    List<String> command = java("1g");
    // These are the options that bin/spark-submit starts its driver with.
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().trim().split("\\s+")));
    command.addAll(List.of("-cp", home.resolve("conf") + File.pathSeparator + sparkClassPath()));
    command.add("org.apache.spark.deploy.SparkSubmit");
    command.addAll(List.of("--master", masterUrl, "--deploy-mode", "client"));
    command.addAll(
        List.of("--jars", deltaJars.stream().map(Path::toString).collect(Collectors.joining(","))));
    command.addAll(sparkArgs);
    command.addAll(List.of("--class", mainClass, jar.toString()));
    command.addAll(appArgs);
    return await("submit", directory, command);
  }

  /**
   * Runs a program without any cluster, in a JVM of its own with the given class path in front of
   * Spark's and Delta's jars, and waits for its end.
   *
   * @param options further options of the JVM
   * @throws IllegalStateException if it has not ended within ten minutes
   */
  public Outcome runEmbedded(
      Path directory, List<String> options, String mainClass, Path jar, List<String> appArgs) {
    List<String> command = java("1g");
    command.addAll(options);
    String delta =
        deltaJars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    command.addAll(
        List.of("-cp", String.join(File.pathSeparator, jar.toString(), sparkClassPath(), delta)));
    command.add(mainClass);
    command.addAll(appArgs);
    return await("embedded", directory, command);
  }

  /**
   * Kills a worker and its executors, as when a machine breaks down in the middle of a run.
   *
   * @param tasks how many tasks its executors must have run to their end before
   * @return done when the worker is dead
   */
  public CompletableFuture<Void> killWorkerAfter(int tasks) {
    return CompletableFuture.runAsync(
        () -> {
          long end = System.nanoTime() + SUBMIT_LIMIT.toNanos();
          try {
            while (finishedTasks(DOOMED) < tasks) {
              if (System.nanoTime() > end) {
                throw new IllegalStateException(DOOMED + " never ran " + tasks + " tasks");
              }
              pause();
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          kill(daemons.get(DOOMED));
        });
  }

  private long finishedTasks(String worker) throws IOException {
    long tasks = 0;
    for (Path log : executorLogs(worker)) {
      try (Stream<String> lines = Files.lines(log)) {
        tasks += lines.filter(line -> line.contains(": Finished task ")).count();
      }
    }
    return tasks;
  }

  /** How many of the workers have run an executor so far. */
  public int workersThatRanExecutors() throws IOException {
    int count = 0;
    for (int i = 1; i <= WORKERS; i++) {
      count += executorLogs("worker-" + i).isEmpty() ? 0 : 1;
    }
    return count;
  }

  private List<Path> executorLogs(String worker) throws IOException {
    try (Stream<Path> files = Files.walk(workOf(worker))) {
      return files.filter(file -> file.endsWith("stderr")).toList();
    }
  }

  /** Where a worker has its executors work. */
  private Path workOf(String worker) {
    return home.resolve(worker + "-work");
  }

  /** Ends every process of the cluster and removes its directory. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException e) {
      return; // The JVM is on its way out, and the hook at work.
    }
    stop();
  }

  private void stop() {
    killAll();
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      System.err.printf("Cannot remove the directory of the test's cluster, %s: %s%n", home, e);
    }
  }

  /** Starts the class named first, and ends the JVM when standard input does. */
  static final class Daemon {

    private Daemon() {}

    public static void main(String[] args) throws ReflectiveOperationException {
      Thread watch =
          new Thread(
              () -> {
                try {
                  while (System.in.read() >= 0) {
                    // Nothing is ever written: the end of input is the end of the parent.
                  }
                } catch (IOException e) {
                  // A broken pipe says the same.
                }
                Runtime.getRuntime().halt(1);
              },
              "parent-watch");
      watch.setDaemon(true);
      watch.start();
      Class.forName(args[0])
          .getMethod("main", String[].class)
          .invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
    }
  }

  private void fillHome() throws IOException {
    Path jars = Files.createDirectories(home.resolve("jars"));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path file = Path.of(entry).toAbsolutePath();
      String name = file.getFileName().toString();
      if (!Files.isRegularFile(file) || !name.endsWith(".jar")) {
        continue; // Directories of classes are ours, and travel in the packaged jar.
      }
      if (DELTA_JARS.matcher(name).matches()) {
        deltaJars.add(file);
      } else if (!FOREIGN_JARS.matcher(name).matches()) {
        Files.createSymbolicLink(jars.resolve(name), file);
      }
    }
    if (deltaJars.isEmpty() || !Files.exists(jarOf(JavaModuleOptions.class))) {
      throw new IllegalStateException(
          "Cannot build a SPARK_HOME: no jars of Spark and Delta on the class path "
              + System.getProperty("java.class.path"));
    }
    Path conf = Files.createDirectories(home.resolve("conf"));
    Files.writeString(
        conf.resolve("spark-defaults.conf"),
        """
        spark.driver.host 127.0.0.1
        spark.driver.bindAddress 127.0.0.1
        spark.ui.enabled false
        spark.executor.cores 1
        spark.executor.memory 1g
        # A worker that is dead does not come back.
        spark.shuffle.io.maxRetries 1
        spark.shuffle.io.retryWait 1s
        spark.sql.warehouse.dir %s
        """
            .formatted(home.resolve("spark-warehouse").toUri()));
    Files.writeString(
        conf.resolve("log4j2.properties"),
        """
        status = error
        rootLogger.level = warn
        rootLogger.appenderRef.stderr.ref = stderr
        # What is waited for: that masters and workers are ready, and that tasks are done.
        logger.deploy.name = org.apache.spark.deploy
        logger.deploy.level = info
        logger.executor.name = org.apache.spark.executor.Executor
        logger.executor.level = info
        appender.stderr.type = Console
        appender.stderr.name = stderr
        appender.stderr.target = SYSTEM_ERR
        appender.stderr.layout.type = PatternLayout
        appender.stderr.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n%ex
        """);
  }

  private Path jarOf(Class<?> type) {
    return home.resolve("jars")
        .resolve(
            Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .getFileName());
  }

  private void startDaemons() throws IOException {
    startDaemon(
        "master",
        "org.apache.spark.deploy.master.Master",
        List.of("--host", "127.0.0.1", "--port", "0", "--webui-port", "0"));
    masterUrl = awaitLog("master", MASTER_URL).group(1);
    for (int i = 1; i <= WORKERS; i++) {
      String name = "worker-" + i;
      Path work = Files.createDirectories(workOf(name));
      startDaemon(
          name,
          "org.apache.spark.deploy.worker.Worker",
          List.of(
              "--host",
              "127.0.0.1",
              "--webui-port",
              "0",
              "--cores",
              "1",
              "--memory",
              "1g",
              "--work-dir",
              work.toString(),
              masterUrl));
    }
    for (int i = 1; i <= WORKERS; i++) {
      awaitLog("worker-" + i, REGISTERED);
    }
  }

  private void startDaemon(String name, String mainClass, List<String> args) throws IOException {
    Path testClasses =
        Path.of(Daemon.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    List<String> command = java("256m");
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().trim().split("\\s+")));
    command.addAll(
        List.of(
            "-cp",
            String.join(
                File.pathSeparator,
                home.resolve("conf").toString(),
                sparkClassPath(),
                testClasses.toString()),
            Daemon.class.getName(),
            mainClass));
    command.addAll(args);
    ProcessBuilder builder = builder(home, command);
    builder.redirectErrorStream(true).redirectOutput(log(name).toFile());
    synchronized (this) {
      daemons.put(name, builder.start());
    }
  }

  /** Waits until the log of a daemon has a line that matches, and returns the match. */
  private Matcher awaitLog(String name, Pattern pattern) throws IOException {
    long end = System.nanoTime() + START_LIMIT.toNanos();
    while (true) {
      boolean alive = daemons.get(name).isAlive();
      Matcher matcher = pattern.matcher(Files.readString(log(name)));
      if (matcher.find()) {
        return matcher;
      }
      if (!alive || System.nanoTime() > end) {
        throw new IllegalStateException(
            "Cannot start the test's Spark cluster: the %s %s before it wrote '%s'%n%s"
                .formatted(
                    name,
                    alive ? "took more than " + START_LIMIT.toSeconds() + " s" : "ended",
                    pattern,
                    logTails()));
      }
      pause();
    }
  }

  private Outcome await(String what, Path directory, List<String> command) {
    try {
      return ended(what, directory, command);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Outcome ended(String what, Path directory, List<String> command) throws IOException {
    String name = what + "-" + submitted.incrementAndGet();
    Path out = home.resolve(name + ".out");
    Path err = home.resolve(name + ".err");
    ProcessBuilder builder = builder(directory, command);
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    Process process;
    synchronized (this) {
      process = builder.start();
      submissions.add(process);
    }
    process.getOutputStream().close();
    boolean ended;
    try {
      ended = process.waitFor(SUBMIT_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      ended = false;
    }
    if (!ended) {
      kill(process);
      throw new IllegalStateException(
          ("The program did not end within %d s: %s%n"
                  + "--- standard output%n%s%n--- standard error%n%s%n%s")
              .formatted(
                  SUBMIT_LIMIT.toSeconds(),
                  String.join(" ", command),
                  tail(out),
                  tail(err),
                  logTails()));
    }
    return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private ProcessBuilder builder(Path directory, List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    Map<String, String> environment = builder.environment();
    // A Spark that the machine's owner has set up must not leak in.
    environment
        .keySet()
        .removeIf(key -> key.startsWith("SPARK_") || key.equals("JAVA_TOOL_OPTIONS"));
    environment.put("SPARK_HOME", home.toString());
    environment.put("SPARK_CONF_DIR", home.resolve("conf").toString());
    environment.put("SPARK_SCALA_VERSION", "2.13");
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    environment.put("SPARK_LOCAL_DIRS", home.resolve("local").toString());
    return builder;
  }

  private static List<String> java(String heap) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heap);
    command.addAll(QUICK_START);
    return command;
  }

  private Path log(String name) {
    return home.resolve(name + ".log");
  }

  private String logTails() throws IOException {
    StringBuilder text = new StringBuilder();
    for (String name : daemons.keySet()) {
      text.append("--- end of the log of the ").append(name).append('\n').append(tail(log(name)));
    }
    return text.toString();
  }

  private static String tail(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    return lines.stream()
        .skip(Math.max(0, lines.size() - TAIL_LINES))
        .map(line -> line + '\n')
        .collect(Collectors.joining());
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for the test's Spark cluster", e);
    }
  }

  /** Ends drivers first, then workers with their executors, then the master. */
  private synchronized void killAll() {
    submissions.forEach(StandaloneCluster::kill);
    List<Process> all = new ArrayList<>(daemons.values());
    Collections.reverse(all);
    all.forEach(StandaloneCluster::kill);
  }

  private static void kill(Process process) {
    List<ProcessHandle> family = new ArrayList<>(process.descendants().toList());
    family.add(process.toHandle());
    family.forEach(ProcessHandle::destroyForcibly);
    family.forEach(
        handle -> handle.onExit().orTimeout(10, TimeUnit.SECONDS).exceptionally(e -> null).join());
  }
}
