package io.perennial.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a run reports to the benchmark on its standard output: {@code @time name wall cpu} in
 * seconds, {@code @figure name value}, and {@code @peak} gigabytes.
 */
final class Timed {

  static final String TIME = "@time";
  static final String FIGURE = "@figure";
  static final String PEAK = "@peak";

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

  /** The most memory that this process held at once, where the system tells: Linux does. */
  static void peak() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (Files.exists(status)) {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("VmHWM:")) {
          double gigabytes = Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1e9;
          System.out.printf(Locale.ROOT, "%s %.2f%n", PEAK, gigabytes);
        }
      }
    }
  }

  static long processCpu() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
