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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code conf/sources/NAME.conf}. */
final class SourceLoader {

  private static final Pattern EXPLODE = Pattern.compile("(?is)(.+?)\\s+as\\s+([a-z_][a-z0-9_]*)");

  private SourceLoader() {}

  static SourceSettings load(String name, Config config, List<Problem> problems) {
    ConfigReader reader = new ConfigReader(config, problems);
    reader.optional("doc", Allowed.text("text"));
    Format format = reader.required("format", Allowed.oneOf(Format.class)).orElse(Format.CSV);
    Map<String, String> options = reader.texts("options");
    List<String> names = reader.list("names", Allowed.text("a column name"));
    Optional<String> schema = reader.optional("schema", Allowed.text("Spark DDL"));
    Optional<Explode> explode =
        reader.optional(
            "explode",
            new Allowed<>(
                "an array expression and a name: line_items as item", SourceLoader::explode));
    Optional<String> ignore = reader.optional("ignore", Allowed.text("a Spark SQL predicate"));
    Updates updates = reader.optional("updates", Allowed.oneOf(Updates.class)).orElse(Updates.NONE);
    Map<SourceColumn, String> columns = columns(reader);
    reader.rejectUnknownKeys();
    return new SourceSettings(
        name, format, options, names, schema, explode, ignore, updates, columns);
  }

  private static Explode explode(String text) {
    Matcher matcher = EXPLODE.matcher(text.trim());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text);
    }
    return new Explode(matcher.group(1), matcher.group(2));
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
                                NearestName.didYouMean(
                                    label,
                                    Arrays.stream(SourceColumn.values())
                                        .map(SourceColumn::label)
                                        .toList()))));
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
