package io.perennial.acceptance;

import io.perennial.spark.Faults.Kind;
import io.perennial.spark.Faults.When;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/**
 * A moment at which a run may crash: before or after a file operation. File names are random and
 * version numbers grow, so a point is identified by the table, the type of the file and the
 * occurrence within the run.
 *
 * @param place such as {@code orders/_delta_log/entry}
 * @param nth occurrence of the operation in the run, from 1
 */
record CrashPoint(When when, Kind kind, String place, int nth) {

  private static final List<Name> NAMES =
      List.of(
          new Name("\\.(.+)\\.crc", "checksum of "),
          new Name("\\.\\d{20}\\.json\\..*\\.tmp", "entry aside"),
          new Name("\\d{20}\\.json", "entry"),
          new Name("\\.\\d{20}\\.crc\\..*\\.tmp", "version checksum aside"),
          new Name("\\d{20}\\.crc", "version checksum"),
          new Name("\\.?\\d{20}\\.checkpoint\\..*", "checkpoint"),
          new Name("\\.?_last_checkpoint.*", "last checkpoint"),
          new Name("part-.*\\.parquet", "data"),
          new Name("\\.\\d{20}\\.beat.*|\\d{20}\\.beat", "beat"),
          new Name("\\.\\d{20}\\.released.*|\\d{20}\\.released", "released"),
          new Name("\\.\\d{20}\\..*\\.tmp", "lease aside"),
          new Name("\\d{20}", "lease"));

  private record Name(String pattern, String name) {}

  CrashPoint(When when, Kind kind, Path file, int nth) {
    this(when, kind, place(file), nth);
  }

  /** The path below the folder {@code /work/} of the test, with generalized names. */
  private static String place(Path file) {
    String path = file.toUri().getPath();
    int start = path.indexOf("/work/");
    String inside = start < 0 ? path : path.substring(start + "/work/".length());
    int slash = inside.lastIndexOf('/');
    String directory = slash < 0 ? "" : inside.substring(0, slash + 1);
    return directory.replaceAll("[a-z_]+=[^/]+/", "").replaceAll("\\d+", "0")
        + name(inside.substring(slash + 1));
  }

  private static String name(String file) {
    for (Name name : NAMES) {
      Matcher matcher = Pattern.compile(name.pattern()).matcher(file);
      if (matcher.matches()) {
        return matcher.groupCount() == 1 ? name.name() + name(matcher.group(1)) : name.name();
      }
    }
    return file.replaceAll("[0-9a-f]{8}(-[0-9a-f]{4,12})*", "*").replaceAll("\\d+", "0");
  }

  /** The first two parts of the place, which name the table. */
  String table() {
    String[] parts = place.split("/");
    return parts.length > 1 ? parts[0] + "/" + parts[1] : parts[0];
  }

  /** The operation and the type of file, without the table. */
  String type() {
    return text(when) + " " + text(kind) + " " + place.substring(place.lastIndexOf('/') + 1);
  }

  /** The point as a command-line argument for {@link #of}. */
  String argument() {
    return when + "," + kind + "," + nth + "," + place;
  }

  static CrashPoint of(String argument) {
    String[] parts = argument.split(",", 4);
    return new CrashPoint(
        When.valueOf(parts[0]), Kind.valueOf(parts[1]), parts[3], Integer.parseInt(parts[2]));
  }

  @Override
  public String toString() {
    return text(when) + " " + text(kind) + " " + nth + " of " + place;
  }

  private static String text(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
