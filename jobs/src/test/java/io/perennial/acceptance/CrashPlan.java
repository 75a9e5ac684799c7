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

/** A fault plan that crashes a run at one {@link CrashPoint}. */
final class CrashPlan implements Plan {

  /** The message of an injected failure. */
  static final String MESSAGE = "No such luck";

  /** How a run crashes. */
  enum Mode {
    /** One operation fails and all later ones succeed, so the run can still record its failure. */
    FAIL_ONCE,
    /** Every later read or write fails, as if the process had ended. */
    FAIL_FROM_THEN_ON,
    /** The JVM halts without shutdown hooks. */
    HALT
  }

  private final CrashPoint crashPoint;
  private final Mode mode;
  private final Map<String, Integer> occurrences = new HashMap<>();
  private final List<CrashPoint> points = new ArrayList<>();
  private volatile boolean hasCrashed;

  /** Only records the points at which a run could crash. */
  CrashPlan() {
    this(null, Mode.FAIL_ONCE);
  }

  CrashPlan(CrashPoint crashPoint, Mode mode) {
    this.crashPoint = crashPoint;
    this.mode = mode;
  }

  /** The recorded points, in order. */
  synchronized List<CrashPoint> points() {
    return List.copyOf(points);
  }

  boolean hasCrashed() {
    return hasCrashed;
  }

  @Override
  public void meet(When when, Kind kind, Path file) throws IOException {
    if (hasCrashed && mode == Mode.FAIL_FROM_THEN_ON) {
      throw new IOException(MESSAGE + " any more with " + file);
    }
    if (kind == Kind.LOOK || kind == Kind.OPEN || kind == Kind.WRITE) {
      return;
    }
    synchronized (this) {
      CrashPoint first = new CrashPoint(when, kind, file, 1);
      int nth = occurrences.merge(first.toString(), 1, Integer::sum);
      CrashPoint point = new CrashPoint(when, kind, first.place(), nth);
      points.add(point);
      if (hasCrashed || !point.equals(crashPoint)) {
        return;
      }
      hasCrashed = true;
    }
    if (mode == Mode.HALT) {
      Runtime.getRuntime().halt(HALT_EXIT_CODE);
    }
    throw new IOException(MESSAGE + " with " + file);
  }

  /** The exit code of a JVM that was halted. */
  static final int HALT_EXIT_CODE = 137;
}
