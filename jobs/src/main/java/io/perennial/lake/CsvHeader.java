package io.perennial.lake;

import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/**
 * The header of one CSV file. Spark applies the header of the first file to all of them by
 * position, and silently misreads a file with its columns in another order; so each file's header
 * is read.
 *
 * @param columns names in order, unique regardless of case
 * @param repeated names, in lower case, that the header has more than once
 */
record CsvHeader(List<String> columns, Set<String> repeated) {

  static CsvHeader read(Configuration hadoop, LakeFile file, Map<String, String> options) {
    CsvParserSettings settings = new CsvParserSettings();
    settings.getFormat().setDelimiter(options.getOrDefault("delimiter", ","));
    String comment = options.getOrDefault("comment", "");
    settings.getFormat().setComment(comment.isEmpty() ? '\0' : comment.charAt(0));
    String quote = options.getOrDefault("quote", "\"");
    settings.getFormat().setQuote(quote.isEmpty() ? '\0' : quote.charAt(0));
    String escape = options.getOrDefault("escape", "\"");
    settings.getFormat().setQuoteEscape(escape.isEmpty() ? '\0' : escape.charAt(0));
    settings.setMaxColumns(20_480);
    settings.setMaxCharsPerColumn(1_000_000);
    settings.setLineSeparatorDetectionEnabled(true);
    settings.setReadInputOnSeparateThread(false);
    settings.setInputBufferSize(1 << 16);
    settings.setIgnoreLeadingWhitespaces(true);
    settings.setIgnoreTrailingWhitespaces(true);
    CsvParser parser = new CsvParser(settings);
    Path path = new Path(file.location());
    CompressionCodec codec = new CompressionCodecFactory(hadoop).getCodec(path);
    try (InputStream raw = path.getFileSystem(hadoop).open(path);
        InputStream stream = codec == null ? raw : codec.createInputStream(raw)) {
      parser.beginParsing(stream, options.getOrDefault("encoding", "UTF-8"));
      String[] names = parser.parseNext();
      parser.stopParsing();
      return of(names == null ? new String[0] : names);
    } catch (IOException | RuntimeException e) {
      throw LakeException.unreadable(
          file.path(), "its heading cannot be read (" + LakeException.innermost(e) + ")", e);
    }
  }

  /** Whether the names are text, not the first bytes of a binary file. */
  boolean isText() {
    return columns.stream()
        .flatMapToInt(String::chars)
        .noneMatch(letter -> letter == '\uFFFD' || (Character.isISOControl(letter) && letter > 13));
  }

  static CsvHeader of(String[] names) {
    List<String> columns = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    Set<String> repeated = new HashSet<>();
    for (int i = 0; i < names.length; i++) {
      String name = names[i] == null || names[i].isBlank() ? "_c" + i : names[i].trim();
      int times = seen.merge(name.toLowerCase(Locale.ROOT), 1, Integer::sum);
      if (times > 1) {
        repeated.add(name.toLowerCase(Locale.ROOT));
      }
      columns.add(times == 1 ? name : name + " (" + times + ")");
    }
    return new CsvHeader(List.copyOf(columns), Set.copyOf(repeated));
  }
}
