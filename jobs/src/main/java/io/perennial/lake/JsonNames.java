package io.perennial.lake;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;

/**
 * Looks whether the fields that required columns are mapped from occur in the first records of a
 * JSON Lines lake. Fields of optional columns may be rare, so their absence proves nothing.
 */
final class JsonNames {

  private static final int SAMPLE = 1000;

  private JsonNames() {}

  static void check(SparkSession spark, MappedNames names, List<LakeFile> files) {
    LakeFile first = files.stream().filter(file -> file.size() > 0).findFirst().orElse(null);
    if (first == null) {
      return;
    }
    Dataset<String> sample = spark.read().text(first.pattern()).limit(SAMPLE).as(Encoders.STRING());
    Set<String> present =
        Arrays.stream(spark.read().json(sample).columns())
            .filter(name -> !name.equals("_corrupt_record"))
            .collect(Collectors.toCollection(TreeSet::new));
    if (present.isEmpty()) {
      return; // Not JSON at all: every record is rejected as unreadable, with its text.
    }
    names
        .requiredMissingFrom(present)
        .ifPresent(
            missing -> {
              throw LakeException.unmapped(
                  first.path(),
                  missing
                      + ", which none of the first "
                      + SAMPLE
                      + " records has; their fields are "
                      + String.join(", ", present));
            });
  }
}
