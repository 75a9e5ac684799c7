package io.perennial.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigValue;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** reference.conf documents the {@link Key} constants and gives their defaults. */
class ReferenceConfTest {

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
  void referenceConfHasTheKeysInTheOrderOfTheirDeclarations() {
    assertThat(
            HoconFiles.REFERENCE.entrySet().stream()
                .sorted(Comparator.comparingInt(entry -> entry.getValue().origin().lineNumber()))
                .map(Map.Entry::getKey))
        .containsExactlyElementsOf(keys().map(Key::path).toList());
  }

  @Test
  void referenceConfSaysWhatAKeyDecidesAndTheValuesThatErrorsSayAreAllowed() {
    assertThat(keys())
        .allSatisfy(
            key -> {
              List<String> comments = value(key).origin().comments();
              assertThat(comments).as(key.path()).hasSizeGreaterThan(1);
              assertThat(comments.get(comments.size() - 1))
                  .isEqualTo((isList(key) ? " List of: " : " Allowed: ") + key.allowed().words());
            });
  }

  @Test
  void referenceConfNamesTheShippedFiles() {
    assertThat(String.join("", value(LakeKeys.SOURCE).origin().comments()))
        .contains(NamedFiles.Kind.SOURCES.shippedNames());
    assertThat(String.join("", value(RfmKeys.SCHEME).origin().comments()))
        .contains(NamedFiles.Kind.SEGMENTS.shippedNames());
  }

  @Test
  void everyKeyOfReferenceConfIsReadAndRendered() {
    Settings settings = SettingsLoader.load(List.of("lake.path=x", "warehouse.path=y"));

    assertThat(settings.rendered().keySet()).containsAll(keys().map(Key::path).toList());
  }

  @Test
  void everyDefaultIsAllowed() {
    assertThat(keys().filter(key -> !value(key).unwrapped().equals("") && !isList(key)))
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

  private static ConfigValue value(Key<?> key) {
    return HoconFiles.REFERENCE.getValue(key.path());
  }

  private static boolean isList(Key<?> key) {
    return value(key) instanceof ConfigList;
  }
}
