package io.perennial.sample;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.unsafe.hash.Murmur3_x86_32;

/**
 * How a lake is cut into files: one or more per month, by customer, and for some months a late file
 * and an overlapping extract. One file is one partition of the shuffle. Spark chooses the partition
 * of a row by the hash of its key, so the plan finds a key for each file.
 */
final class FilePlan implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Approximate limit of lines per file: about 30 MB of Parquet or 200 MB of CSV. */
  static final long LINES_PER_FILE = 1_000_000;

  /** Days at the end of a month that its overlapping extract repeats. */
  static final int OVERLAP_DAYS = 3;

  private static final int SIMULATED = 4_000;
  private static final double LINES_PER_ORDER = 2.6;
  private static final int SPARK_HASH_SEED = 42;
  private static final int NONE = -1;

  private final int[] main;
  private final int[] late;
  private final int[] overlap;
  private final List<String> names = new ArrayList<>();
  private final int[] keys;
  private final boolean hasRepeats;

  private FilePlan(SampleSettings settings, int[] shards) {
    int months = settings.months();
    hasRepeats = settings.lateFiles();
    main = new int[months + 1];
    late = new int[months];
    overlap = new int[months];
    for (int month = 0; month < months; month++) {
      String name = "orders-" + settings.start().plusMonths(month);
      main[month] = names.size();
      for (int shard = 0; shard < shards[month]; shard++) {
        names.add(shards[month] == 1 ? name : name + String.format("-%02d", shard));
      }
    }
    main[months] = names.size();
    for (int month = 0; month < months; month++) {
      String name = "orders-" + settings.start().plusMonths(month);
      late[month] = hasRepeats && month % 4 == 2 ? add(name + "-late") : NONE;
      overlap[month] = hasRepeats && month % 6 == 1 ? add(name + "-overlap") : NONE;
    }
    keys = keys(names.size());
  }

  private int add(String name) {
    names.add(name);
    return names.size() - 1;
  }

  /**
   * A plan of files with about {@code linesPerFile} lines at most, estimated from a sample of
   * buyers.
   */
  static FilePlan of(
      SampleSettings settings, Seasonality season, ShopClock clock, long linesPerFile) {
    long buyers = Customer.buyers(settings);
    long simulated = Math.min(buyers, SIMULATED);
    double weight = (double) buyers / simulated;
    double[] orders = new double[settings.months()];
    for (int i = 0; i < simulated; i++) {
      Customer customer = Customer.of(settings, season, (long) (i * weight));
      for (long order : Life.of(settings, season, customer).orders()) {
        orders[clock.month(order)] += weight;
      }
    }
    int[] shards = new int[orders.length];
    for (int month = 0; month < shards.length; month++) {
      shards[month] = Math.max(1, (int) Math.ceil(orders[month] * LINES_PER_ORDER / linesPerFile));
    }
    return new FilePlan(settings, shards);
  }

  /** For each of n partitions an integer whose Spark hash is that partition. */
  private static int[] keys(int n) {
    int[] keys = new int[n];
    Arrays.fill(keys, NONE);
    int found = 0;
    for (int key = 0; found < n; key++) {
      int partition = Math.floorMod(Murmur3_x86_32.hashInt(key, SPARK_HASH_SEED), n);
      if (keys[partition] == NONE) {
        keys[partition] = key;
        found++;
      }
    }
    return keys;
  }

  int files() {
    return names.size();
  }

  /** Name of a file without its extension. */
  String name(int file) {
    return names.get(file);
  }

  int key(int file) {
    return keys[file];
  }

  /** The file with the records of a customer in a month. */
  int main(int month, long customer) {
    int shards = main[month + 1] - main[month];
    return main[month]
        + (int) Math.floorMod((customer * 0x9E3779B97F4A7C15L) >>> 20, (long) shards);
  }

  /** Whether an order may be exported more than once. */
  boolean hasRepeats() {
    return hasRepeats;
  }

  boolean hasLate(int month) {
    return late[month] != NONE;
  }

  int late(int month) {
    return late[month];
  }

  boolean hasOverlap(int month) {
    return overlap[month] != NONE;
  }

  int overlap(int month) {
    return overlap[month];
  }
}
