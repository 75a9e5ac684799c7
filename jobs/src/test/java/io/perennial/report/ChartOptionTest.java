package io.perennial.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ChartOptionTest {

  @Test
  void valuesFillThePlacesInOrderAndAreNeverTemplates() {
    assertThat(
            ChartOption.of(
                    "{name: \"{}\", data: \"{}\", color: {$color: \"{}\"}}",
                    "{}",
                    Arrays.asList(1234567.8, null, Double.NaN, 3L),
                    "blue")
                .toString())
        .isEqualTo(
            "{\"name\":\"{}\",\"data\":[1.23457E+6,null,null,3],\"color\":{\"$color\":\"blue\"}}");
  }

  @Test
  void everyPlaceHasOneValue() {
    assertThatThrownBy(() -> ChartOption.of("{a: \"{}\"}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("fewer values than places");
    assertThatThrownBy(() -> ChartOption.of("{}", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("more values than places");
  }
}
