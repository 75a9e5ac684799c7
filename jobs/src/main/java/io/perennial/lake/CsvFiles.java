package io.perennial.lake;

import io.perennial.config.ConfigurationException;
import io.perennial.config.Problem;
import io.perennial.config.SourceSettings;
import io.perennial.spark.CsvDelimiter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/** CSV files by their headings: each file has its columns in its own order. */
final class CsvFiles {

  private static final Map<String, String> DEFAULTS =
      Map.of(
          "header", "true",
          "delimiter", ",",
          "quote", "\"",
          "escape", "\"",
          "encoding", "UTF-8",
          "maxCharsPerColumn", "1000000",
          "ignoreLeadingWhiteSpace", "true",
          "ignoreTrailingWhiteSpace", "true");

  private final SparkSession spark;
  private final SourceSettings source;
  private final MappedNames names;
  private final Map<String, String> options;

  CsvFiles(SparkSession spark, SourceSettings source, MappedNames names) {
    this.spark = spark;
    this.source = source;
    this.names = names;
    this.options = options(source);
  }

  /** What Spark's reader must be told. */
  Map<String, String> options() {
    return options;
  }

  /**
   * Files that can be read together, by their heading.
   *
   * @throws LakeException if a file's heading cannot be read, or lacks what the mapping names
   */
  Map<List<String>, List<LakeFile>> alike(List<LakeFile> files) {
    Map<List<String>, List<LakeFile>> alike = new LinkedHashMap<>();
    headings(files)
        .forEach(
            (file, heading) -> alike.computeIfAbsent(heading, any -> new ArrayList<>()).add(file));
    return alike;
  }

  /** Spark knows some options by two names, and none by its letter case. */
  private static Map<String, String> options(SourceSettings source) {
    Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    options.putAll(DEFAULTS);
    options.putAll(source.options());
    Map.of("sep", "delimiter", "charset", "encoding")
        .forEach(
            (alias, name) -> {
              if (options.containsKey(alias)) {
                options.put(name, options.remove(alias));
              }
            });
    options.computeIfPresent("delimiter", (name, text) -> CsvDelimiter.unescaped(text));
    return options;
  }

  private Map<LakeFile, List<String>> headings(List<LakeFile> files) {
    Map<LakeFile, List<String>> headings = new LinkedHashMap<>();
    if (!source.names().isEmpty()) {
      names.requireIn(source.names(), "the source's `names`");
      files.forEach(file -> headings.put(file, source.names()));
      return headings;
    }
    if (!Boolean.parseBoolean(options.get("header"))) {
      throw new ConfigurationException(
          new Problem(
              "names",
              "source " + source.name(),
              null,
              "must list the columns in order, since options.header is false",
              ""));
    }
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    Set<String> anywhere = new LinkedHashSet<>();
    List<LakeException> wrong = new ArrayList<>();
    for (LakeFile file : files) {
      try {
        CsvHeader header = heading(hadoop, file);
        anywhere.addAll(header.columns());
        // A file without a heading has no records either; any columns will do.
        headings.put(
            file, header.columns().isEmpty() ? List.copyOf(names.all()) : header.columns());
      } catch (LakeException e) {
        wrong.add(e);
      }
    }
    if (files.size() > 1 && !anywhere.isEmpty()) {
      // One file may be a stranger and be skipped; if none has the column, the mapping is wrong.
      names.requireIn(anywhere, "the lake");
    }
    headings.forEach((file, heading) -> unmapped(file, heading).ifPresent(wrong::add));
    if (!wrong.isEmpty()) {
      throw LakeException.first(wrong);
    }
    return headings;
  }

  private CsvHeader heading(Configuration hadoop, LakeFile file) {
    CsvHeader header = CsvHeader.read(hadoop, file, options);
    if (!header.isText()) {
      throw LakeException.unreadable(
          file.path(), "it is not a CSV file: its first line is not text", null);
    }
    Set<String> ambiguous = names.among(header.repeated());
    if (!ambiguous.isEmpty()) {
      throw LakeException.unreadable(
          file.path(),
          "its heading has more than one column "
              + quoted(ambiguous)
              + ", which the mapping of source "
              + source.name()
              + " names",
          null);
    }
    return header;
  }

  private Optional<LakeException> unmapped(LakeFile file, List<String> heading) {
    Set<String> missing = names.missingFrom(heading);
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            LakeException.unmapped(
                file.path(),
                "the mapping of source "
                    + source.name()
                    + " names "
                    + quoted(missing)
                    + ", which the file does not have; its columns are "
                    + quoted(heading)));
  }

  private static String quoted(Collection<String> columns) {
    return columns.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
  }
}
