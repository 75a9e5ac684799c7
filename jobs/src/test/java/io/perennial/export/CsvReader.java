package io.perennial.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the exported files by RFC 4180, independently of the code that writes them. */
final class CsvReader {

  private CsvReader() {}

  /** All rows of a file, or of its parts, by heading. */
  static List<Map<String, String>> of(Path directory, String kind) {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> parts =
          files
              .filter(file -> file.getFileName().toString().matches(kind + "(-\\d+)?\\.csv"))
              .sorted()
              .toList();
      List<Map<String, String>> rows = new ArrayList<>();
      for (Path part : parts) {
        rows.addAll(parse(Files.readString(part)));
      }
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Map<String, String>> parse(String text) {
    List<List<String>> lines = new ArrayList<>();
    List<String> line = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean isQuoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isQuoted) {
        if (c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
          cell.append(text.charAt(++i));
        } else if (c == '"') {
          isQuoted = false;
        } else {
          cell.append(c);
        }
      } else if (c == '"') {
        isQuoted = true;
      } else if (c == ',') {
        line.add(cell.toString());
        cell.setLength(0);
      } else if (c == '\r' && text.charAt(i + 1) == '\n') {
        line.add(cell.toString());
        cell.setLength(0);
        lines.add(line);
        line = new ArrayList<>();
        i++;
      } else {
        cell.append(c);
      }
    }
    if (cell.length() > 0 || !line.isEmpty()) {
      throw new IllegalArgumentException("the last line does not end");
    }
    List<Map<String, String>> rows = new ArrayList<>();
    for (List<String> cells : lines.subList(1, lines.size())) {
      if (cells.size() != lines.get(0).size()) {
        throw new IllegalArgumentException(cells + " is not " + lines.get(0));
      }
      Map<String, String> row = new LinkedHashMap<>();
      for (int i = 0; i < cells.size(); i++) {
        row.put(lines.get(0).get(i), cells.get(i));
      }
      rows.add(row);
    }
    return rows;
  }

  /** The rows after remove and add are applied to full as the manifest says. */
  static Set<String> applied(
      List<Map<String, String>> full,
      List<Map<String, String>> remove,
      List<Map<String, String>> add,
      List<String> key) {
    Set<String> replaced =
        Stream.concat(remove.stream(), add.stream())
            .map(row -> key(row, key))
            .collect(Collectors.toSet());
    Set<String> result = new TreeSet<>();
    full.stream()
        .filter(row -> !replaced.contains(key(row, key)))
        .forEach(row -> result.add(text(row)));
    add.forEach(row -> result.add(text(row)));
    return result;
  }

  static Set<String> texts(List<Map<String, String>> rows) {
    return rows.stream().map(CsvReader::text).collect(Collectors.toCollection(TreeSet::new));
  }

  static String key(Map<String, String> row, List<String> key) {
    return key.stream().map(row::get).collect(Collectors.joining("|"));
  }

  private static String text(Map<String, String> row) {
    return row.toString();
  }
}
