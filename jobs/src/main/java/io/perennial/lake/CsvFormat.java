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
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** CSV files. Each file is read by its own header, since files may order columns differently. */
final class CsvFormat implements LakeFormat {

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

  @Override
  public List<Dataset<Row>> read(RawReader reader, List<LakeFile> files) {
    Map<String, String> options = options(reader.source());
    Map<List<String>, List<LakeFile>> byColumns = new LinkedHashMap<>();
    columns(reader, options, files)
        .forEach(
            (file, columns) ->
                byColumns.computeIfAbsent(columns, any -> new ArrayList<>()).add(file));
    List<Dataset<Row>> parts = new ArrayList<>();
    byColumns.forEach(
        (columns, sameColumns) -> {
          Dataset<Row> records =
              reader
                  .text(options, RawReader.allText(columns))
                  .csv(RawReader.locations(sameColumns));
          parts.add(RawReader.withFile(records, sameColumns));
        });
    return parts;
  }

  /** Spark has two names for some options and ignores case in all. */
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

  private static Map<LakeFile, List<String>> columns(
      RawReader reader, Map<String, String> options, List<LakeFile> files) {
    SourceSettings source = reader.source();
    SourceExpressions expressions = reader.expressions();
    Map<LakeFile, List<String>> columns = new LinkedHashMap<>();
    if (!source.names().isEmpty()) {
      expressions.requireIn(source.names(), "the source's `names`");
      files.forEach(file -> columns.put(file, source.names()));
      return columns;
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
    Configuration hadoop = reader.spark().sparkContext().hadoopConfiguration();
    Set<String> anywhere = new LinkedHashSet<>();
    List<LakeException> wrong = new ArrayList<>();
    for (LakeFile file : files) {
      try {
        CsvHeader header = header(hadoop, file, options);
        requireUnambiguous(reader, file, header);
        anywhere.addAll(header.columns());
        // A file without a header has no records, so any columns will do.
        columns.put(
            file,
            header.columns().isEmpty() ? List.copyOf(expressions.columns()) : header.columns());
      } catch (LakeException e) {
        wrong.add(e);
      }
    }
    if (files.size() > 1 && !anywhere.isEmpty()) {
      // A file without the column may be skipped; if no file has it, the mapping is wrong.
      expressions.requireIn(anywhere, "the lake");
    }
    columns.forEach((file, header) -> unmapped(reader, file, header).ifPresent(wrong::add));
    if (!wrong.isEmpty()) {
      throw LakeException.first(wrong);
    }
    return columns;
  }

  private static CsvHeader header(
      Configuration hadoop, LakeFile file, Map<String, String> options) {
    CsvHeader header = CsvHeader.read(hadoop, file, options);
    if (!header.isText()) {
      throw LakeException.unreadable(
          file.path(), "it is not a CSV file: its first line is not text", null);
    }
    return header;
  }

  private static void requireUnambiguous(RawReader reader, LakeFile file, CsvHeader header) {
    Set<String> ambiguous = reader.expressions().among(header.repeated());
    if (!ambiguous.isEmpty()) {
      throw LakeException.unreadable(
          file.path(),
          "its heading has more than one column "
              + quoted(ambiguous)
              + ", which the mapping of source "
              + reader.source().name()
              + " names",
          null);
    }
  }

  private static Optional<LakeException> unmapped(
      RawReader reader, LakeFile file, List<String> columns) {
    Set<String> missing = reader.expressions().missingFrom(columns);
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            LakeException.unmapped(
                file.path(),
                "the mapping of source "
                    + reader.source().name()
                    + " names "
                    + quoted(missing)
                    + ", which the file does not have; its columns are "
                    + quoted(columns)));
  }

  private static String quoted(Collection<String> columns) {
    return columns.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
  }
}
