package io.perennial.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;

/**
 * Options of ECharts. The page's script replaces {@code {$color: name}} by a colour of the palette
 * and {@code {$fn: name}} by a function of its own. A user's text is never an object, so that it
 * cannot stand for either.
 */
final class ChartOption {

  private static final String PLACE = "{}";

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES).build();

  private ChartOption() {}

  /**
   * Fills a template.
   *
   * @param template JSON, field names without quotes; each text {@code "{}"} is a place
   * @param values one for each place, in order
   * @throws IllegalArgumentException if the template is no JSON object or the values do not fit
   */
  static ObjectNode of(String template, Object... values) {
    Iterator<Object> next = Arrays.asList(values).iterator();
    try {
      ObjectNode option = (ObjectNode) filled(JSON.readTree(template), next);
      if (next.hasNext()) {
        throw new IllegalArgumentException("more values than places: " + template);
      }
      return option;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + template, e);
    }
  }

  static ArrayNode array(Object... values) {
    return array(Arrays.asList(values));
  }

  private static ArrayNode array(Collection<?> values) {
    ArrayNode node = JsonNodeFactory.instance.arrayNode();
    values.forEach(value -> node.add(json(value)));
    return node;
  }

  private static JsonNode filled(JsonNode node, Iterator<Object> values) {
    if (node instanceof ObjectNode object) {
      List.copyOf(object.properties())
          .forEach(field -> object.set(field.getKey(), filled(field.getValue(), values)));
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, filled(array.get(i), values));
      }
    } else if (node.isTextual() && node.textValue().equals(PLACE)) {
      if (!values.hasNext()) {
        throw new IllegalArgumentException("fewer values than places of a chart's template");
      }
      return json(values.next());
    }
    return node;
  }

  private static JsonNode json(Object value) {
    if (value instanceof Collection<?> values) {
      return array(values);
    } else if (value instanceof Double number) {
      return number.isNaN() || number.isInfinite()
          ? JsonNodeFactory.instance.nullNode()
          : rounded(number);
    }
    return JSON.valueToTree(value);
  }

  /** Six digits are more than a chart shows. */
  private static JsonNode rounded(double number) {
    return JsonNodeFactory.instance.numberNode(
        new BigDecimal(number).round(new MathContext(6)).stripTrailingZeros());
  }
}
