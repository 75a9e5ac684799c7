package io.perennial.lake;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** JSON Lines. Without a schema in the source, the fields that its expressions name are text. */
final class JsonFormat implements LakeFormat {

  private static final int SAMPLE = 1000;

  @Override
  public List<Dataset<Row>> read(RawReader reader, List<LakeFile> files) {
    StructType schema =
        reader
            .source()
            .schema()
            .map(ddl -> reader.resolved("schema", ddl, () -> StructType.fromDDL(ddl)))
            .orElseGet(() -> RawReader.allText(reader.expressions().columns()));
    if (reader.source().schema().isEmpty()) {
      requireRequiredFields(reader, files);
    }
    Dataset<Row> records =
        reader.text(reader.source().options(), schema).json(RawReader.locations(files));
    return List.of(RawReader.withFile(records, files));
  }

  /**
   * Checks that the fields of required columns occur in the first records. Fields of optional
   * columns may be rare, so their absence proves nothing.
   */
  private static void requireRequiredFields(RawReader reader, List<LakeFile> files) {
    LakeFile first = files.stream().filter(file -> file.size() > 0).findFirst().orElse(null);
    if (first == null) {
      return;
    }
    Dataset<String> sample =
        reader.spark().read().text(first.pattern()).limit(SAMPLE).as(Encoders.STRING());
    Set<String> present =
        Arrays.stream(reader.spark().read().json(sample).columns())
            .filter(name -> !name.equals("_corrupt_record"))
            .collect(Collectors.toCollection(TreeSet::new));
    if (present.isEmpty()) {
      return; // Not JSON: every record is rejected with its text.
    }
    reader
        .expressions()
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
