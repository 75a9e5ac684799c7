package io.perennial.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.text.WordUtils;
import org.junit.jupiter.api.Test;

/**
 * reference.conf is the {@link Key} constants as HOCON. {@code -Dperennial.write-reference=true}
 * writes it again; the test still fails then, so that a rewrite never passes unseen.
 */
class ReferenceConfTest {

  private static final Path FILE =
      Path.of(System.getProperty("perennial.root", ".."), "jobs/src/main/resources/reference.conf");

  private static final List<Class<?>> GROUPS =
      List.of(
          ShopKeys.class,
          LakeKeys.class,
          ContactKeys.class,
          WarehouseKeys.class,
          CohortKeys.class,
          RfmKeys.class,
          ChurnKeys.class,
          AudienceKeys.class,
          ExportKeys.class,
          LoyaltyKeys.class,
          ProductKeys.class,
          ReportKeys.class);

  @Test
  void referenceConfIsTheKeysWithDefaultAllowedValuesAndHelp() throws IOException {
    String before = Files.readString(FILE);
    if (Boolean.getBoolean("perennial.write-reference")) {
      Files.writeString(FILE, text());
    }
    assertThat(before).isEqualTo(text());
  }

  @Test
  void everyKeyOfReferenceConfIsReadAndRendered() {
    Settings settings = SettingsLoader.load(List.of("lake.path=x", "warehouse.path=y"));

    assertThat(settings.rendered().keySet()).containsAll(keys().map(Key::path).toList());
  }

  @Test
  void everyDefaultIsAllowed() {
    assertThat(keys().filter(key -> !key.defaultText().isEmpty() && !isList(key)))
        .allSatisfy(key -> assertThat(key.defaultValue()).isNotNull());
  }

  private static Stream<Key<?>> keys() {
    return GROUPS.stream()
        .flatMap(group -> Arrays.stream(group.getDeclaredFields()))
        .filter(field -> field.getType() == Key.class)
        .map(ReferenceConfTest::key);
  }

  private static Key<?> key(Field field) {
    try {
      return (Key<?>) field.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isList(Key<?> key) {
    return key.defaultText().startsWith("[");
  }

  private static String text() {
    StringBuilder text =
        new StringBuilder(
            """
            # Every key of Perennial with its default, allowed values and unit. Copy what you want to change into your own file and pass
            # it with --config; --set key=value wins over the file. A key that is not here is an error. (HOCON; empty text means: not set.)
            """);
    List<String> open = new ArrayList<>();
    keys()
        .forEach(
            key -> {
              List<String> path = List.of(key.path().split("\\."));
              List<String> blocks = path.subList(0, path.size() - 1);
              while (!blocks.subList(0, Math.min(open.size(), blocks.size())).equals(open)) {
                open.remove(open.size() - 1);
                text.append("  ".repeat(open.size())).append("}\n");
              }
              for (String block : blocks.subList(open.size(), blocks.size())) {
                text.append(open.isEmpty() ? "\n" : "")
                    .append("  ".repeat(open.size()))
                    .append(block)
                    .append(" {\n");
                open.add(block);
              }
              String indent = "  ".repeat(open.size());
              WordUtils.wrap(key.help(), 126 - indent.length())
                  .lines()
                  .forEach(line -> text.append(indent).append("# ").append(line).append("\n"));
              text.append(indent)
                  .append(isList(key) ? "# List of: " : "# Allowed: ")
                  .append(key.allowed().words())
                  .append("\n");
              text.append(indent)
                  .append(path.get(path.size() - 1))
                  .append(" = ")
                  .append(value(key))
                  .append("\n");
            });
    for (int depth = open.size() - 1; depth >= 0; depth--) {
      text.append("  ".repeat(depth)).append("}\n");
    }
    return text.toString();
  }

  private static String value(Key<?> key) {
    boolean isPlain = key.defaultText().matches("[A-Za-z][A-Za-z0-9-]*|[0-9.]+");
    return isPlain || isList(key) ? key.defaultText() : '"' + key.defaultText() + '"';
  }
}
