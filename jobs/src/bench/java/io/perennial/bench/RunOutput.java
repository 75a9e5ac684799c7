package io.perennial.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The lines that a run prints for the benchmark: {@code @time name wall cpu} in seconds, {@code
 * @figure name value}, and {@code @peak} in gigabytes.
 */
final class RunOutput {

  static final String TIME = "@time";
  static final String RESULT = "@figure";
  static final String PEAK = "@peak";

  /** The whole run, from opening the session or connection to the last commit. */
  static final String TOTAL = "total";

  interface Work {
    void run() throws Exception;
  }

  private RunOutput() {}

  /** Runs work and reports its seconds. CPU time includes JIT and garbage collection. */
  static void timed(String name, Work work) throws Exception {
    long wallSeconds = System.nanoTime();
    long cpu = processCpuNanos();
    work.run();
    report(name, (System.nanoTime() - wallSeconds) / 1e9, (processCpuNanos() - cpu) / 1e9);
  }

  static void report(String name, double wallSeconds, double cpuSeconds) {
    System.out.printf(Locale.ROOT, "%s %s %.3f %.3f%n", TIME, name, wallSeconds, cpuSeconds);
  }

  static void reportResult(String name, String value) {
    System.out.println(RESULT + " " + name + " " + value);
  }

  /** Reports the peak resident memory of this process on Linux. */
  static void reportPeakMemory() throws IOException {
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

  static long processCpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
