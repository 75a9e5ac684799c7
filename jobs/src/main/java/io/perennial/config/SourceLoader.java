package io.perennial.config;

import com.typesafe.config.Config;
import io.perennial.config.SourceSettings.Explode;
import io.perennial.config.SourceSettings.Format;
import io.perennial.config.SourceSettings.Updates;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads {@code conf/sources/NAME.conf}. */
final class SourceLoader {

  private static final Pattern EXPLODE = Pattern.compile("(?is)(.+?)\\s+as\\s+([a-z_][a-z0-9_]*)");

  private SourceLoader() {}

  static SourceSettings load(
      String name, Config config, Optional<Format> formatOverride, List<Problem> problems) {
    ConfigReader reader = new ConfigReader(config, problems);
    reader.value("doc", "text", Function.identity());
    Format format =
        reader.required(
            "format",
            SettingsLoader.oneOf(Format.values()),
            SettingsLoader.constant(Format.class),
            Format.CSV);
    Map<String, String> options = reader.texts("options");
    List<String> names = reader.list("names", "a column name", Function.identity());
    Optional<String> schema = reader.value("schema", "Spark DDL", Function.identity());
    Optional<Explode> explode =
        reader.value(
            "explode",
            "an array expression and a name: line_items as item",
            text -> {
              Matcher matcher = EXPLODE.matcher(text.trim());
              if (!matcher.matches()) {
                throw new IllegalArgumentException(text);
              }
              return new Explode(matcher.group(1), matcher.group(2));
            });
    Optional<String> ignore = reader.value("ignore", "a Spark SQL predicate", Function.identity());
    Updates updates =
        reader
            .value(
                "updates",
                SettingsLoader.oneOf(Updates.values()),
                SettingsLoader.constant(Updates.class))
            .orElse(Updates.NONE);
    Map<SourceColumn, String> columns = columns(reader);
    reader.rejectUnknownKeys();
    boolean sameFormat = formatOverride.isEmpty() || formatOverride.get() == format;
    return new SourceSettings(
        name,
        formatOverride.orElse(format),
        sameFormat ? options : Map.of(),
        sameFormat ? names : List.of(),
        schema,
        explode,
        ignore,
        updates,
        columns);
  }

  private static Map<SourceColumn, String> columns(ConfigReader reader) {
    Map<SourceColumn, String> columns = new EnumMap<>(SourceColumn.class);
    reader
        .texts("columns")
        .forEach(
            (label, expression) ->
                SourceColumn.of(label)
                    .ifPresentOrElse(
                        column -> columns.put(column, expression),
                        () ->
                            reader.problem(
                                "columns." + label,
                                expression,
                                "no such column",
                                ConfigReader.didYouMean(
                                    label,
                                    Arrays.stream(SourceColumn.values())
                                        .map(SourceColumn::label)
                                        .collect(Collectors.toSet())))));
    for (SourceColumn column : SourceColumn.values()) {
      String key = "columns." + column.label();
      if (column.required() && !reader.has(key)) {
        reader.missing(
            key, "columns", "must be mapped to a Spark SQL expression over the raw record");
      }
    }
    return columns;
  }
}
