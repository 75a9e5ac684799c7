package io.perennial.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.lake.LakeOnDisk.Ingested;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every shipped source reads a file in the shape that its system writes, awkward cases included.
 * Expectations were worked out from the file by hand, not by this code: {@code NAME.expected.csv}
 * has the rows of order_lines and {@code NAME.expected-rejects.csv} the unusable records.
 */
class SourcesTest {

  private static final Map<String, List<String>> SHOPS =
      Map.of(
          "shopify", List.of("USD", "America/New_York"),
          "woocommerce", List.of("EUR", "Europe/Berlin"));

  private static final Set<String> MONEY =
      Set.of("amount", "discount", "order_discount", "shipping", "tax");

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"shopify", "woocommerce", "uci-online-retail", "cdnow", "decimal-comma"})
  void givesExactlyTheLinesAndRejectsWorkedOutByHand(String name)
      throws IOException, URISyntaxException {
    LakeOnDisk lake =
        LakeOnDisk.in(directory)
            .set("lake.source", name)
            .set("lake.path", resource("/lakes/" + name));
    if (name.equals("decimal-comma")) {
      lake.source(name, Files.readString(resource("/sources/decimal-comma.conf")));
    }
    if (SHOPS.containsKey(name)) {
      lake.set("shop.currency", SHOPS.get(name).get(0));
      lake.set("shop.time-zone", SHOPS.get(name).get(1));
    }
    Ingested ingested = lake.ingest();

    Dataset<Row> expected = expectation(lake.session(), name + ".expected.csv");
    List<String> columns = Arrays.asList(expected.columns());
    assertThat(texts(ingested.lines(), columns))
        .containsExactlyInAnyOrderElementsOf(texts(expected, columns));

    List<Row> unmatched = new ArrayList<>(ingested.rejects().collectAsList());
    for (Row reject : expectation(lake.session(), name + ".expected-rejects.csv").collectAsList()) {
      Row match = unmatched.stream().filter(row -> matches(row, reject)).findFirst().orElse(null);
      assertThat(match).as("a reject like %s among %s", reject, unmatched).isNotNull();
      unmatched.remove(match);
    }
    assertThat(unmatched).as("rejects that nobody expects").isEmpty();
  }

  private static boolean matches(Row actual, Row expected) {
    String reasons = String.join("; ", actual.<String>getList(actual.fieldIndex("reasons")));
    return actual.getAs("source_file").equals(expected.getAs("file"))
        && Objects.equals(actual.getAs("order_id"), expected.getAs("order_id"))
        && Arrays.stream(expected.<String>getAs("reason_keywords").split(" "))
            .allMatch(reasons::contains);
  }

  private static List<String> texts(Dataset<Row> rows, List<String> columns) {
    return rows.collectAsList().stream()
        .map(
            row ->
                columns.stream()
                    .map(column -> column + "=" + text(column, row.getAs(column)))
                    .collect(Collectors.joining(", ")))
        .toList();
  }

  private static String text(String column, Object value) {
    if (value == null) {
      return MONEY.contains(column) ? "0.00" : "";
    }
    if (value instanceof Timestamp time) {
      return time.toInstant().toString();
    }
    return value instanceof BigDecimal number ? number.toPlainString() : value.toString();
  }

  private static Dataset<Row> expectation(SparkSession spark, String name)
      throws URISyntaxException {
    return spark
        .read()
        .option("header", true)
        .option("escape", "\"")
        .csv(resource("/lakes/" + name).toString());
  }

  private static Path resource(String name) throws URISyntaxException {
    return Path.of(Objects.requireNonNull(SourcesTest.class.getResource(name), name).toURI());
  }
}
