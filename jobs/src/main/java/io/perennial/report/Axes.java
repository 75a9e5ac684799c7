package io.perennial.report;

import static io.perennial.report.ChartOption.array;
import static io.perennial.report.ChartOption.color;
import static io.perennial.report.ChartOption.function;
import static io.perennial.report.ChartOption.object;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;

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

  static ArrayNode point(Object x, double y) {
    return array(x, y);
  }

  static ObjectNode withRoomBelow() {
    ObjectNode grid = grid();
    grid.put("bottom", 38);
    return grid;
  }

  static ObjectNode line(
      String name, String colour, double width, String type, List<ArrayNode> points) {
    boolean isFaint = name.startsWith("~");
    return object(
        "type",
        "line",
        "name",
        name,
        "showSymbol",
        points.size() == 1,
        "silent",
        isFaint,
        "z",
        isFaint ? 1 : 3,
        "lineStyle",
        object("width", width, "type", type, "color", color(colour)),
        "itemStyle",
        object("color", color(colour)),
        "data",
        points);
  }
}
