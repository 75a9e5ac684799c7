package io.perennial.lake;

import io.perennial.config.SourceSettings;
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
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.StructType$;

/**
 * Parquet and ORC files by their columns. What a file's records are must not hang on the files that
 * are read beside it: a refresh reads a few of those that a rebuild reads. So files whose types
 * contradict each other are read apart, and a column that only other files of the lake have is
 * null.
 */
final class ColumnarFiles {

  private final SparkSession spark;
  private final SourceSettings source;
  private final MappedNames names;
  private final Map<StructType, List<LakeFile>> read = new LinkedHashMap<>();
  private final List<LakeFile> rest;
  private Collection<StructType> ofRest;

  /**
   * @param files files to read
   * @param lake all files of the lake
   * @throws LakeException if a file cannot be read, or lacks what a required column is mapped from
   */
  ColumnarFiles(
      SparkSession spark,
      SourceSettings source,
      MappedNames names,
      List<LakeFile> files,
      Collection<LakeFile> lake) {
    this.spark = spark;
    this.source = source;
    this.names = names;
    Set<LakeFile> reading = new HashSet<>(files);
    this.rest = lake.stream().filter(file -> !reading.contains(file)).toList();
    Footers footers = Footers.of(spark, source.format(), files);
    footers
        .schemas()
        .forEach(
            (file, schema) -> read.computeIfAbsent(schema, any -> new ArrayList<>()).add(file));
    List<LakeException> wrong = new ArrayList<>(footers.unreadable());
    Set<String> anywhere = columns(read.keySet());
    if (wrong.size() < files.size() && !names.missingFrom(anywhere).isEmpty()) {
      anywhere.addAll(columns(ofRest()));
      names.requireIn(anywhere, "the lake");
    }
    footers
        .schemas()
        .forEach((file, schema) -> unmapped(file, columns(List.of(schema))).ifPresent(wrong::add));
    if (!wrong.isEmpty()) {
      throw LakeException.first(wrong);
    }
  }

  private Optional<LakeException> unmapped(LakeFile file, Set<String> columns) {
    // A file without a column has no records either.
    return columns.isEmpty()
        ? Optional.empty()
        : names
            .requiredMissingFrom(columns)
            .map(
                missing ->
                    LakeException.unmapped(
                        file.path(),
                        missing
                            + ", which the file does not have; its columns are "
                            + String.join(", ", columns)));
  }

  /** Files that can be read together, by what they have between them. */
  Map<StructType, List<LakeFile>> alike() {
    Map<StructType, List<LakeFile>> alike = new LinkedHashMap<>();
    read.forEach(
        (schema, files) -> {
          for (StructType other : alike.keySet()) {
            Optional<StructType> both = merged(other, schema);
            if (both.isPresent()) {
              List<LakeFile> together = new ArrayList<>(alike.remove(other));
              together.addAll(files);
              alike.put(both.get(), together);
              return;
            }
          }
          alike.put(schema, files);
        });
    return alike;
  }

  /** The columns with those that only other files of the lake have. */
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
      // What is wrong with them is told where they are read.
      ofRest = new LinkedHashSet<>(Footers.of(spark, source.format(), rest).schemas().values());
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
