package io.perennial.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collection;

/**
 * Builds options of ECharts. Colours and functions are named by objects that the page's script
 * replaces, so that a user's text, which is never an object, cannot stand for one.
 */
final class ChartOption {

  private ChartOption() {}

  /**
   * @param pairs names and values in turn
   */
  static ObjectNode object(Object... pairs) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < pairs.length; i += 2) {
      node.set((String) pairs[i], json(pairs[i + 1]));
    }
    return node;
  }

  static ArrayNode array(Object... values) {
    return array(Arrays.asList(values));
  }

  static ArrayNode array(Collection<?> values) {
    ArrayNode node = JsonNodeFactory.instance.arrayNode();
    values.forEach(value -> node.add(json(value)));
    return node;
  }

  /** A colour of the page's palette, by the name of its CSS variable. */
  static ObjectNode color(String name) {
    return object("$color", name);
  }

  /** A function of the page's script. */
  static ObjectNode function(String name) {
    return object("$fn", name);
  }

  private static JsonNode json(Object value) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (value == null) {
      return nodes.nullNode();
    } else if (value instanceof JsonNode node) {
      return node;
    } else if (value instanceof Collection<?> values) {
      return array(values);
    } else if (value instanceof Boolean flag) {
      return nodes.booleanNode(flag);
    } else if (value instanceof Integer number) {
      return nodes.numberNode(number);
    } else if (value instanceof Long number) {
      return nodes.numberNode(number);
    } else if (value instanceof BigDecimal number) {
      return nodes.numberNode(number);
    } else if (value instanceof Double number) {
      return number.isNaN() || number.isInfinite() ? nodes.nullNode() : rounded(number);
    }
    return nodes.textNode(String.valueOf(value));
  }

  /** Six digits are more than a chart shows. */
  private static JsonNode rounded(double number) {
    return JsonNodeFactory.instance.numberNode(
        new BigDecimal(number).round(new java.math.MathContext(6)).stripTrailingZeros());
  }
}
