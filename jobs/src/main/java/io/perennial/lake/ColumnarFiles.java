package io.perennial.lake;

import io.perennial.lake.Footers.SchemaReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.StructType$;

/**
 * Groups Parquet or ORC files by their columns. The records of a file must not depend on the other
 * files read with it, since a refresh reads fewer files than a rebuild. Files with contradicting
 * types are read separately, and a column that only other files of the lake have is null.
 */
final class ColumnarFiles {

  private final RawReader reader;
  private final SchemaReader footer;
  private final Map<StructType, List<LakeFile>> read = new LinkedHashMap<>();
  private final List<LakeFile> rest;
  private Collection<StructType> ofRest;

  /**
   * @param files files to read
   * @throws LakeException if a file cannot be read, or lacks what a required column is mapped from
   */
  ColumnarFiles(RawReader reader, SchemaReader footer, List<LakeFile> files) {
    this.reader = reader;
    this.footer = footer;
    Set<LakeFile> reading = new HashSet<>(files);
    this.rest = reader.lake().stream().filter(file -> !reading.contains(file)).toList();
    Footers footers = Footers.of(reader.spark(), footer, files);
    footers
        .schemas()
        .forEach(
            (file, schema) -> read.computeIfAbsent(schema, any -> new ArrayList<>()).add(file));
    List<LakeException> wrong = new ArrayList<>(footers.unreadable());
    Set<String> anywhere = columns(read.keySet());
    if (wrong.size() < files.size() && !reader.expressions().missingFrom(anywhere).isEmpty()) {
      anywhere.addAll(columns(ofRest()));
      reader.expressions().requireIn(anywhere, "the lake");
    }
    footers
        .schemas()
        .forEach((file, schema) -> unmapped(file, columns(List.of(schema))).ifPresent(wrong::add));
    if (!wrong.isEmpty()) {
      throw LakeException.first(wrong);
    }
  }

  private Optional<LakeException> unmapped(LakeFile file, Set<String> columns) {
    // A file without columns has no records.
    return columns.isEmpty()
        ? Optional.empty()
        : reader
            .expressions()
            .requiredMissingFrom(columns)
            .map(
                missing ->
                    LakeException.unmapped(
                        file.path(),
                        missing
                            + ", which the file does not have; its columns are "
                            + String.join(", ", columns)));
  }

  /** Files that can be read together, by their merged schema. */
  Map<StructType, List<LakeFile>> compatible() {
    Map<StructType, List<LakeFile>> compatible = new LinkedHashMap<>();
    read.forEach(
        (schema, files) -> {
          for (StructType other : compatible.keySet()) {
            Optional<StructType> both = merged(other, schema);
            if (both.isPresent()) {
              List<LakeFile> together = new ArrayList<>(compatible.remove(other));
              together.addAll(files);
              compatible.put(both.get(), together);
              return;
            }
          }
          compatible.put(schema, files);
        });
    return compatible;
  }

  /** Adds the columns that only other files of the lake have. */
  StructType widened(StructType schema) {
    StructType wide = schema;
    List<StructType> others = new ArrayList<>(read.keySet());
    others.addAll(ofRest());
    for (StructType other : others) {
      StructType before = wide;
      wide = merged(wide, other).orElseGet(() -> withMissing(before, other));
    }
    return wide;
  }

  private Collection<StructType> ofRest() {
    if (ofRest == null) {
      // Their failures are reported when they are read.
      ofRest = new LinkedHashSet<>(Footers.of(reader.spark(), footer, rest).schemas().values());
    }
    return ofRest;
  }

  private static Optional<StructType> merged(StructType one, StructType other) {
    try {
      return Optional.of((StructType) StructType$.MODULE$.merge(one, other, false));
    } catch (Exception e) { // SparkException is checked; Scala does not declare it.
      return Optional.empty();
    }
  }

  private static StructType withMissing(StructType schema, StructType other) {
    Set<String> present = new HashSet<>();
    columns(List.of(schema)).forEach(name -> present.add(name.toLowerCase(Locale.ROOT)));
    StructType wide = schema;
    for (StructField field : other.fields()) {
      if (present.add(field.name().toLowerCase(Locale.ROOT))) {
        wide = wide.add(field);
      }
    }
    return wide;
  }

  private static Set<String> columns(Collection<StructType> schemas) {
    Set<String> columns = new LinkedHashSet<>();
    schemas.forEach(schema -> columns.addAll(Arrays.asList(schema.fieldNames())));
    return columns;
  }
}
