package io.perennial.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * What a run reports to the benchmark on its standard output: {@code @time name wall cpu} in
 * seconds, and {@code @figure name value}.
 */
final class Timed {

  static final String TIME = "@time";
  static final String FIGURE = "@figure";

  /** The whole run: from before the session or connection is opened to the last commit. */
  static final String TOTAL = "total";

  /** Work that may fail in any way. */
  interface Work {
    void run() throws Exception;
  }

  private Timed() {}

  /** Runs and reports it. CPU is of the whole process, JIT and garbage collection included. */
  static void run(String name, Work work) throws Exception {
    long wall = System.nanoTime();
    long cpu = processCpu();
    work.run();
    report(name, (System.nanoTime() - wall) / 1e9, (processCpu() - cpu) / 1e9);
  }

  static void report(String name, double wallSeconds, double cpuSeconds) {
    System.out.printf(Locale.ROOT, "%s %s %.3f %.3f%n", TIME, name, wallSeconds, cpuSeconds);
  }

  static void figure(String name, String value) {
    System.out.println(FIGURE + " " + name + " " + value);
  }

  static long processCpu() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
