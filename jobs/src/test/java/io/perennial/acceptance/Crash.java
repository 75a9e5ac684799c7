package io.perennial.acceptance;

import io.perennial.spark.Faults.Kind;
import io.perennial.spark.Faults.Plan;
import io.perennial.spark.Faults.When;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/** What is to happen at a {@link CrashPoint}. */
final class Crash implements Plan {

  /** What a failure says that was made for a test. */
  static final String MESSAGE = "No such luck";

  /** How a run dies. */
  enum Manner {
    /** One thing fails, and everything after it goes well: the run can still say that it failed. */
    FAILS_ONCE,
    /** Nothing can be read or written any more, as if the process were gone. */
    IS_GONE,
    /** The JVM halts, without a word. */
    HALTS
  }

  private final CrashPoint wanted;
  private final Manner manner;
  private final Map<String, Integer> met = new HashMap<>();
  private final List<CrashPoint> points = new ArrayList<>();
  private volatile boolean hasStruck;

  /** Lets a run be, and notes at which points it could die. */
  Crash() {
    this(null, Manner.FAILS_ONCE);
  }

  Crash(CrashPoint wanted, Manner manner) {
    this.wanted = wanted;
    this.manner = manner;
  }

  /** The points met, in order. */
  synchronized List<CrashPoint> points() {
    return List.copyOf(points);
  }

  boolean hasStruck() {
    return hasStruck;
  }

  @Override
  public void meet(When when, Kind kind, Path file) throws IOException {
    if (hasStruck && manner == Manner.IS_GONE) {
      throw new IOException(MESSAGE + " any more with " + file);
    }
    if (kind == Kind.LOOK || kind == Kind.OPEN || kind == Kind.WRITE) {
      return;
    }
    synchronized (this) {
      CrashPoint first = new CrashPoint(when, kind, file, 1);
      int nth = met.merge(first.toString(), 1, Integer::sum);
      CrashPoint point = new CrashPoint(when, kind, first.place(), nth);
      points.add(point);
      if (hasStruck || !point.equals(wanted)) {
        return;
      }
      hasStruck = true;
    }
    if (manner == Manner.HALTS) {
      Runtime.getRuntime().halt(HALTED);
    }
    throw new IOException(MESSAGE + " with " + file);
  }

  /** The exit code of a JVM that was halted. */
  static final int HALTED = 137;
}
