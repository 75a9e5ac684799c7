package io.perennial.table;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;

/** The run that holds a lease, and its process. */
record LeaseHolder(
    @JsonProperty("run_id") String runId,
    @JsonProperty("host") String host,
    @JsonProperty("pid") long pid,
    @JsonProperty("process_started") String processStarted,
    @JsonProperty("since") String since) {

  static LeaseHolder self(String runId) {
    return new LeaseHolder(
        runId,
        hostName(),
        ProcessHandle.current().pid(),
        startOf(ProcessHandle.current()),
        Instant.now().toString());
  }

  /** Whether the process is known to have ended; processes of other hosts are not known. */
  boolean hasEnded() {
    return host.equals(hostName())
        && ProcessHandle.of(pid)
            .filter(ProcessHandle::isAlive)
            .filter(process -> startOf(process).equals(processStarted))
            .isEmpty();
  }

  /** For messages: run, process, host and start. */
  String description() {
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
