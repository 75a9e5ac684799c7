package io.perennial.report;

import static io.perennial.report.ChartOption.function;
import static io.perennial.report.ChartOption.object;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;

/** Parts that the options of several charts share. */
final class Axes {

  private Axes() {}

  static ObjectNode categories(Collection<String> names) {
    return object("type", "category", "data", names, "axisTick", object("show", false));
  }

  /** A scale whose labels a function of the script writes: percent, money, count or number. */
  static ObjectNode values(String format, String name) {
    return object(
        "type",
        "value",
        "name",
        name,
        "nameLocation",
        "middle",
        "nameGap",
        name.isEmpty() ? 0 : 34,
        "axisLabel",
        object("formatter", function(format + "Axis")));
  }

  /** What is said of all series at the pointer, by a function of the script. */
  static ObjectNode tooltip(String format) {
    return object(
        "trigger",
        "axis",
        "confine",
        true,
        "valueFormatter",
        function(format),
        "axisPointer",
        object("type", "line"));
  }

  static ObjectNode grid() {
    return object("left", 8, "right", 18, "top", 36, "bottom", 26, "containLabel", true);
  }

  static ObjectNode legend(Collection<String> names) {
    return object("top", 0, "left", 0, "icon", "roundRect", "itemWidth", 14, "data", names);
  }
}
