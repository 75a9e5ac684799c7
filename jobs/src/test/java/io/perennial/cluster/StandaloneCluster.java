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
 * A Spark standalone cluster on loopback: a master and two workers with one core each, started from
 * the jars of the test's class path. The packaged jar can be submitted as a user submits it,
 * without a Spark distribution.
 *
 * <p>SPARK_HOME contains the jars of plain Spark. Delta and its dependencies are passed with each
 * {@linkplain #submit submission} as {@code --jars}. The libraries that the packaged jar shades and
 * those of the tests are absent, so a class missing from the packaged jar fails as on a real
 * cluster.
 *
 * <p>The operating system chooses the ports. The processes end with {@link #close}, with the JVM,
 * and when the JVM is killed, because master and workers watch their standard input.
 */
public final class StandaloneCluster implements AutoCloseable {

  /** Options of short-lived JVMs, for which optimized compilation does not pay. */
  static final List<String> QUICK_START =
      List.of("-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=400m", "-XX:+UseParallelGC");

  /** Jars that a submission adds to plain Spark: Delta and its dependencies. */
  private static final Pattern DELTA_JARS =
      Pattern.compile(
          "(delta-|unitycatalog-|jackson-datatype-jdk8-|javax\\.annotation-api-).*\\.jar");

  /**
   * Jars that are not part of Spark: the project, the libraries that its packaged jar shades, and
   * those of the tests. A library added to the pom belongs here too.
   */
  private static final Pattern EXCLUDED_JARS =
      Pattern.compile(
          "(perennial|config-\\d|picocli-|duckdb_jdbc|assertj-|byte-buddy-|junit-|opentest4j-"
              + "|apiguardian-|surefire-|jspecify-).*\\.jar");

  private static final Pattern MASTER_URL =
      Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final Pattern REGISTERED =
      Pattern.compile("Successfully registered with master spark://");

  private static final int WORKERS = 2;
  private static final String KILLED_WORKER = "worker-1";
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

  /** The exit code and output of a program. */
  public record ProcessResult(int exitCode, String out, String err) {

    @Override
    public String toString() {
      return "exit code %d%n--- standard output%n%s%n--- standard error%n%s"
          .formatted(exitCode, out, err);
    }
  }

  /**
   * Starts a master and two workers and returns when both are registered.
   *
   * @throws IllegalStateException if they are not registered within two minutes or one of them
   *     ends; the message contains the end of every log
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

  /** The jars of plain Spark as a class path entry. */
  public String sparkClassPath() {
    return home.resolve("jars") + File.separator + "*";
  }

  /** The jars that {@code --packages} with Delta adds to plain Spark. */
  public List<Path> deltaJars() {
    return List.copyOf(deltaJars);
  }

  /**
   * Submits a program in client mode from the given directory, as {@code spark-submit} does, and
   * waits for its end. Delta is passed as {@code --jars}.
   *
   * @throws IllegalStateException if the program does not end within ten minutes
   */
  public ProcessResult submit(
      Path directory, List<String> sparkArgs, String mainClass, Path jar, List<String> appArgs) {
    List<String> command = java("1g");
    // The options with which bin/spark-submit starts a driver.
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
   * Runs a program without a cluster in a separate JVM, with the jar before those of Spark and
   * Delta on the class path, and waits for its end.
   *
   * @param options further JVM options
   * @throws IllegalStateException if the program does not end within ten minutes
   */
  public ProcessResult runEmbedded(
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
   * Kills a worker and its executors, as in a machine failure during a run.
   *
   * @param tasks number of tasks that its executors finish before
   * @return completes when the worker has ended
   */
  public CompletableFuture<Void> killWorkerAfter(int tasks) {
    return CompletableFuture.runAsync(
        () -> {
          long end = System.nanoTime() + SUBMIT_LIMIT.toNanos();
          try {
            while (finishedTasks(KILLED_WORKER) < tasks) {
              if (System.nanoTime() > end) {
                throw new IllegalStateException(KILLED_WORKER + " never ran " + tasks + " tasks");
              }
              pause();
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          kill(daemons.get(KILLED_WORKER));
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

  /** The number of workers that have run an executor. */
  public int workersThatRanExecutors() throws IOException {
    int count = 0;
    for (int i = 1; i <= WORKERS; i++) {
      count += executorLogs("worker-" + i).isEmpty() ? 0 : 1;
    }
    return count;
  }

  private List<Path> executorLogs(String worker) throws IOException {
    try (Stream<Path> files = Files.walk(workDirectory(worker))) {
      return files.filter(file -> file.endsWith("stderr")).toList();
    }
  }

  private Path workDirectory(String worker) {
    return home.resolve(worker + "-work");
  }

  /** Ends every process of the cluster and removes its directory. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException e) {
      return; // The JVM is shutting down and the hook is running.
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

  /** Runs the main class named by the first argument and halts the JVM when standard input ends. */
  static final class Daemon {

    private Daemon() {}

    public static void main(String[] args) throws ReflectiveOperationException {
      Thread watch =
          new Thread(
              () -> {
                try {
                  while (System.in.read() >= 0) {
                    // The parent writes nothing. The end of input means that the parent has ended.
                  }
                } catch (IOException e) {
                  // A broken pipe also means that the parent has ended.
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
        continue; // Class directories are part of the packaged jar.
      }
      if (DELTA_JARS.matcher(name).matches()) {
        deltaJars.add(file);
      } else if (!EXCLUDED_JARS.matcher(name).matches()) {
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
      Path work = Files.createDirectories(workDirectory(name));
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

  /** Waits until the log of a daemon contains a match, and returns it. */
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

  private ProcessResult await(String what, Path directory, List<String> command) {
    try {
      return runToEnd(what, directory, command);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ProcessResult runToEnd(String what, Path directory, List<String> command)
      throws IOException {
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
    return new ProcessResult(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private ProcessBuilder builder(Path directory, List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    Map<String, String> environment = builder.environment();
    // Ignores the settings of a Spark installation on this machine.
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

  /** Kills drivers first, then workers with their executors, then the master. */
  private synchronized void killAll() {
    submissions.forEach(StandaloneCluster::kill);
    List<Process> all = new ArrayList<>(daemons.values());
    Collections.reverse(all);
    all.forEach(StandaloneCluster::kill);
  }

  private static void kill(Process process) {
    List<ProcessHandle> processes = new ArrayList<>(process.descendants().toList());
    processes.add(process.toHandle());
    processes.forEach(ProcessHandle::destroyForcibly);
    processes.forEach(
        handle -> handle.onExit().orTimeout(10, TimeUnit.SECONDS).exceptionally(e -> null).join());
  }
}
