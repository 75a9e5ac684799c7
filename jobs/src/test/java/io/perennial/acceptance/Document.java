package io.perennial.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Markdown document of the project, with anchors and links as a code host resolves them.
 *
 * @param path relative to the root of the project
 * @param text content of the file
 */
record Document(Path path, String text) {

  static final Path ROOT = Path.of(System.getProperty("perennial.root", ".")).normalize();

  private static final Set<String> EXCLUDED = Set.of("target", ".git", ".venv", ".idea", ".vscode");
  private static final Pattern FENCE = Pattern.compile("(?ms)^ *```.*?^ *```\\s*?$");
  private static final Pattern SPAN = Pattern.compile("`([^`\n]+)`");
  private static final Pattern HEADING = Pattern.compile("(?m)^(#+) +(.+?) *$");
  private static final Pattern LINK = Pattern.compile("\\[([^\\[\\]]*)]\\(([^()\\s]+)\\)");

  /**
   * A link to a file or section of the project.
   *
   * @param words link text
   * @param path relative to the root of the project
   * @param anchor empty for the whole file
   */
  record Link(String words, Path path, String anchor) {}

  static Document of(String path) {
    try {
      return new Document(Path.of(path), Files.readString(ROOT.resolve(path)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every document of the project. */
  static List<Document> all() {
    return below(ROOT).map(ROOT::relativize).sorted().map(path -> of(path.toString())).toList();
  }

  /** Skips excluded directories, in which concurrent tests create and delete files. */
  private static Stream<Path> below(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList().stream()
          .filter(entry -> !EXCLUDED.contains(entry.getFileName().toString()))
          .flatMap(
              entry ->
                  Files.isDirectory(entry)
                      ? below(entry)
                      : Stream.of(entry).filter(file -> file.toString().endsWith(".md")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text between two marker comments. */
  String between(String begin, String end) {
    int from = text.indexOf(begin);
    int to = text.indexOf(end);
    if (from < 0 || to < from) {
      throw new IllegalArgumentException(path + " has no part from " + begin + " to " + end);
    }
    return text.substring(from + begin.length(), to);
  }

  /** The sections by anchor, each up to the next heading of the same or a higher level. */
  Map<String, String> sections() {
    // Lines of code that begin with # are not headings.
    String prose = blankedCode();
    List<Matcher> headings = new ArrayList<>();
    Matcher found = HEADING.matcher(prose);
    while (found.find()) {
      Matcher heading = HEADING.matcher(prose);
      heading.find(found.start());
      headings.add(heading);
    }
    Map<String, String> sections = new LinkedHashMap<>();
    Map<String, Integer> seen = new HashMap<>();
    for (int i = 0; i < headings.size(); i++) {
      Matcher heading = headings.get(i);
      String anchor = anchor(heading.group(2));
      int times = seen.merge(anchor, 1, Integer::sum);
      int level = heading.group(1).length();
      int end =
          headings.subList(i + 1, headings.size()).stream()
              .filter(next -> next.group(1).length() <= level)
              .findFirst()
              .map(Matcher::start)
              .orElse(text.length());
      sections.put(
          times == 1 ? anchor : anchor + "-" + (times - 1), text.substring(heading.start(), end));
    }
    return sections;
  }

  /** Links and images with targets inside the project. */
  List<Link> links() {
    String prose = blankedCode().replaceAll("`[^`\n]*`", "");
    return LINK.matcher(prose)
        .results()
        .filter(link -> !link.group(2).matches("[a-z]+:.*"))
        .map(link -> link(link.group(1), link.group(2)))
        .toList();
  }

  private Link link(String words, String target) {
    int hash = target.indexOf('#');
    String file = hash < 0 ? target : target.substring(0, hash);
    return new Link(
        words.replaceAll("\\s+", " "),
        file.isEmpty() ? path : path.resolveSibling(file).normalize(),
        hash < 0 ? "" : target.substring(hash + 1));
  }

  /** Lines of fenced, indented and inline code, with continued lines joined. */
  List<String> codeLines() {
    List<String> lines = new ArrayList<>();
    FENCE.matcher(text).results().forEach(block -> block.group().lines().forEach(lines::add));
    String prose = blankedCode();
    prose.lines().filter(line -> line.startsWith("    ")).forEach(lines::add);
    SPAN.matcher(prose).results().map(span -> span.group(1)).forEach(lines::add);
    return String.join("\n", lines)
        .replaceAll("\\\\\\n\\s*", "")
        .lines()
        .map(String::strip)
        .toList();
  }

  private String blankedCode() {
    return FENCE.matcher(text).replaceAll(block -> block.group().replaceAll("[^\n]", " "));
  }

  /** The anchor of a heading on GitHub and GitLab. */
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}_ -]", "").replace(' ', '-');
  }
}
