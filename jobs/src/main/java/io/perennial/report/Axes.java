package io.perennial.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;

/** Parts that the options of several charts share. */
final class Axes {

  private Axes() {}

  static ObjectNode categories(Collection<String> names) {
    return ChartOption.of("{type: \"category\", data: \"{}\", axisTick: {show: false}}", names);
  }

  /**
   * A numeric axis.
   *
   * @param format of its labels, in the page's script: percent, money, count, times or number
   * @param name may be empty
   */
  static ObjectNode values(String format, String name) {
    return ChartOption.of(
        """
        {type: "value", name: "{}", nameLocation: "middle", nameGap: "{}",
         axisLabel: {formatter: {$fn: "{}"}}}""",
        name,
        name.isEmpty() ? 0 : 34,
        format + "Axis");
  }

  /** An axis with its name below it. */
  static ObjectNode named(ObjectNode axis, String name) {
    return axis.put("name", name).put("nameLocation", "middle").put("nameGap", 26);
  }

  /**
   * The values of all series at the pointer.
   *
   * @param format as in {@link #values}
   */
  static ObjectNode tooltip(String format) {
    return ChartOption.of(
        """
        {trigger: "axis", confine: true, valueFormatter: {$fn: "{}"}, axisPointer: {type: "line"}}""",
        format);
  }

  /** The values of all series at the pointer, written by a function of the page's script. */
  static ObjectNode tooltip(String format, String function) {
    return tooltip(format).set("formatter", ChartOption.of("{$fn: \"{}\"}", function));
  }

  static ObjectNode grid() {
    return ChartOption.of("{left: 8, right: 18, top: 36, bottom: 26, containLabel: true}");
  }

  /** A grid with room for the name of the axis below it. */
  static ObjectNode gridAboveName() {
    return grid().put("bottom", 38);
  }

  static ObjectNode legend(Collection<String> names) {
    return ChartOption.of(
        "{top: 0, left: 0, icon: \"roundRect\", itemWidth: 14, data: \"{}\"}", names);
  }

  static ArrayNode point(Object x, double y) {
    return ChartOption.array(x, y);
  }

  /**
   * A series of points.
   *
   * @param name a faint line's begins with {@code ~}: the legend and the tooltip leave it out
   */
  static ObjectNode line(String name, String colour, double width, String type, List<?> points) {
    boolean isFaint = name.startsWith("~");
    return ChartOption.of(
        """
        {type: "line", name: "{}", showSymbol: "{}", silent: "{}", z: "{}",
         lineStyle: {width: "{}", type: "{}", color: {$color: "{}"}},
         itemStyle: {color: {$color: "{}"}}, data: "{}"}""",
        name,
        points.size() == 1,
        isFaint,
        isFaint ? 1 : 3,
        width,
        type,
        colour,
        colour,
        points);
  }
}
