package io.perennial.products;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.perennial.config.ProductSettings;
import io.perennial.ingest.OrderLinesTable;
import io.perennial.products.ProductOracle.Line;
import io.perennial.products.ProductOracle.Rule;
import io.perennial.table.Table;
import io.perennial.testing.SharedSpark;
import io.perennial.testing.TableRows;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.ml.fpm.FPGrowth;
import org.apache.spark.ml.fpm.PrefixSpan;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rules, recommendations and affinities of random lines, against an oracle and MLlib. */
class ProductsTest {

  private static final LocalDate AS_OF = LocalDate.of(2024, 3, 11);
  private static final LocalDate MONTH = LocalDate.of(2024, 2, 1);
  private static final int MINOR_DIGITS = 2;
  private static final int RECOMMENDED = 4;

  private static final ProductSettings SETTINGS =
      new ProductSettings(12, 3, 5, 8, 6, 30, RECOMMENDED);

  private static final List<Line> LINES = lines();
  private static final ProductOracle ORACLE = new ProductOracle(LINES, SETTINGS);

  private static String timeZone;
  private static Products products;

  @BeforeAll
  static void make() {
    SparkSession spark = SharedSpark.session();
    timeZone = spark.conf().get("spark.sql.session.timeZone");
    spark.conf().set("spark.sql.session.timeZone", "UTC");
    products = Products.at(AS_OF, dataset(LINES), SETTINGS);
  }

  @AfterAll
  static void close() {
    products.close();
    SharedSpark.session().conf().set("spark.sql.session.timeZone", timeZone);
  }

  @Test
  void rulesAreAsDefined() {
    Map<String, Rule> expected =
        ORACLE.rules(AS_OF).stream()
            .collect(
                Collectors.toMap(
                    rule -> rule.kind() + " " + rule.from() + " " + rule.to(), rule -> rule));
    Map<String, Row> actual =
        products.rules().stream()
            .collect(
                Collectors.toMap(
                    row -> row.getString(1) + " " + row.getString(2) + " " + row.getString(3),
                    row -> row));
    assertThat(expected.values().stream().map(Rule::kind)).contains("together", "next");
    assertThat(actual.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
    expected.forEach(
        (key, rule) -> {
          Row row = actual.get(key);
          assertThat(row.getLong(4)).as(key).isEqualTo(rule.n());
          assertThat(row.getDouble(5)).as(key).isCloseTo(rule.support(), within(1e-12));
          assertThat(row.getDouble(6)).as(key).isCloseTo(rule.confidence(), within(1e-12));
          assertThat(row.getDouble(7)).as(key).isCloseTo(rule.lift(), within(1e-12));
          assertThat(row.getDouble(8)).as(key).isCloseTo(rule.strength(), within(1e-12));
        });
  }

  @Test
  void occurrencesAgreeWithFpGrowth() {
    Set<String> items = ORACLE.items(AS_OF);
    List<Row> baskets =
        ORACLE.orders(AS_OF).stream()
            .filter(order -> !order.products().isEmpty())
            .map(order -> order.products().stream().filter(items::contains).toArray(String[]::new))
            .filter(basket -> basket.length <= SETTINGS.maxBasket())
            .map(basket -> RowFactory.create((Object) basket))
            .toList();
    Map<String, Long> frequent = new HashMap<>();
    new FPGrowth()
        .setItemsCol("items")
        .setMinSupport((SETTINGS.minOrders() - 0.5) / baskets.size())
        .fit(SharedSpark.session().createDataFrame(baskets, arrays(DataTypes.StringType)))
        .freqItemsets()
        .collectAsList()
        .forEach(
            row ->
                frequent.put(
                    row.<String>getList(0).stream().sorted().collect(Collectors.joining(" ")),
                    row.getLong(1)));
    long compared = 0;
    for (Row rule : rules("together")) {
      String pair =
          List.of(rule.getString(2), rule.getString(3)).stream()
              .sorted()
              .collect(Collectors.joining(" "));
      assertThat(frequent.get(pair)).as(pair).isEqualTo(rule.getLong(4));
      double confidence = (double) rule.getLong(4) / frequent.get(rule.getString(2));
      assertThat(rule.getDouble(6)).as(pair).isEqualTo(confidence);
      compared++;
    }
    assertThat(compared).isGreaterThan(20);
  }

  @Test
  void occurrencesAgreeWithPrefixSpanOverFirstPurchases() {
    Map<String, Set<String>> seen = new HashMap<>();
    Map<String, List<String[]>> sequences = new TreeMap<>();
    Set<String> items = ORACLE.items(AS_OF);
    ORACLE
        .orders(AS_OF)
        .forEach(
            order -> {
              if (order.customer() != null) {
                Set<String> known = seen.computeIfAbsent(order.customer(), any -> new HashSet<>());
                String[] fresh =
                    order.products().stream()
                        .filter(items::contains)
                        .filter(known::add)
                        .toArray(String[]::new);
                if (fresh.length > 0) {
                  sequences.computeIfAbsent(order.customer(), any -> new ArrayList<>()).add(fresh);
                }
              }
            });
    seen.forEach(
        (customer, known) -> {
          if (known.size() > SETTINGS.maxHistory()) {
            sequences.remove(customer);
          }
        });
    List<Row> rows =
        sequences.values().stream()
            .map(sequence -> RowFactory.create((Object) sequence.toArray(String[][]::new)))
            .toList();
    Map<String, Long> frequent = new HashMap<>();
    new PrefixSpan()
        .setSequenceCol("items")
        .setMinSupport((SETTINGS.minOrders() - 0.5) / rows.size())
        .setMaxPatternLength(2)
        .findFrequentSequentialPatterns(
            SharedSpark.session()
                .createDataFrame(rows, arrays(DataTypes.createArrayType(DataTypes.StringType))))
        .collectAsList()
        .forEach(row -> frequent.put(row.get(0).toString(), row.getLong(1)));
    List<Row> next = rules("next");
    assertThat(next).hasSizeGreaterThan(20);
    for (Row rule : next) {
      String pattern =
          "ArraySeq(ArraySeq(%s), ArraySeq(%s))".formatted(rule.getString(2), rule.getString(3));
      assertThat(frequent.get(pattern)).as(pattern).isEqualTo(rule.getLong(4));
    }
  }

  @Test
  void recommendationsAreTheBestItemsNotBought() {
    boolean byRules = products.backtest().get(0).getBoolean(6);
    Map<String, List<String>> expected = ORACLE.recommendations(AS_OF, AS_OF, byRules, RECOMMENDED);
    Map<String, List<String>> actual = new TreeMap<>();
    List<Map<String, Object>> rows = rows(RecommendationsTable.TABLE, products.recommendations());
    for (Map<String, Object> row : rows) {
      List<String> its =
          actual.computeIfAbsent((String) row.get("customer_id"), any -> new ArrayList<>());
      assertThat(row.get("rank")).isEqualTo(its.size() + 1);
      its.add((String) row.get("product_id"));
      assertThat(row.get("as_of")).isEqualTo(AS_OF);
    }
    assertThat(byRules).isTrue();
    assertThat(actual).isEqualTo(withoutEmpty(expected));
    Map<String, Set<String>> bought =
        ORACLE.orders(AS_OF).stream()
            .filter(order -> order.customer() != null)
            .collect(
                Collectors.groupingBy(
                    ProductOracle.Order::customer,
                    Collectors.flatMapping(
                        order -> order.products().stream(), Collectors.toSet())));
    assertThat(rows)
        .allSatisfy(
            row -> {
              Set<String> its = bought.get(row.get("customer_id"));
              assertThat(its).doesNotContain((String) row.get("product_id"));
              List<?> because = (List<?>) row.get("because");
              assertThat(its).containsAll(because.stream().map(String.class::cast).toList());
              assertThat(because.isEmpty()).isEqualTo((double) row.get("score") == 0);
            });
  }

  @Test
  void theBacktestIsAsDefined() {
    long[] byRules = ORACLE.backtest(AS_OF, true);
    long[] byPopularity = ORACLE.backtest(AS_OF, false);
    assertThat(byRules[0]).isGreaterThan(30);
    List<Row> rows = products.backtest();
    for (int i = 0; i < 2; i++) {
      long[] expected = i == 0 ? byRules : byPopularity;
      Row row = rows.get(i);
      assertThat(row.getString(1)).isEqualTo(i == 0 ? "rules" : "popularity");
      assertThat(row.getLong(4)).isEqualTo(expected[0]);
      assertThat(row.getDouble(2)).isEqualTo((double) expected[1] / expected[0]);
      assertThat(row.getDouble(3)).isEqualTo((double) expected[2] / expected[0]);
      assertThat(row.getDate(5).toLocalDate()).isEqualTo(MONTH);
      assertThat(row.getBoolean(6)).isEqualTo((byRules[2] >= byPopularity[2]) == (i == 0));
    }
  }

  @Test
  void affinitiesAreFavouritesAndTheFirstRecommendation() {
    Map<String, String> categories = ORACLE.favorites(AS_OF, Line::category);
    Map<String, String> favorites = ORACLE.favorites(AS_OF, Line::product);
    Map<Object, Map<String, Object>> first =
        rows(RecommendationsTable.TABLE, products.recommendations()).stream()
            .filter(row -> row.get("rank").equals(1))
            .collect(Collectors.toMap(row -> row.get("customer_id"), row -> row));
    List<Map<String, Object>> rows = rows(CustomerAffinitiesTable.TABLE, products.affinities());
    assertThat(rows.stream().map(row -> row.get("customer_id")))
        .containsExactlyInAnyOrderElementsOf(favorites.keySet());
    for (Map<String, Object> row : rows) {
      String customer = (String) row.get("customer_id");
      assertThat(row.get("favorite_category")).as(customer).isEqualTo(categories.get(customer));
      assertThat(row.get("favorite_product_id")).as(customer).isEqualTo(favorites.get(customer));
      Map<String, Object> next = first.getOrDefault(customer, Map.of());
      assertThat(row.get("next_product_id")).as(customer).isEqualTo(next.get("product_id"));
      assertThat(row.get("next_product_because")).as(customer).isEqualTo(next.get("because"));
    }
  }

  @Test
  void rowsDependNeitherOnPartitionsNorOnLaterLines() {
    List<Line> more = new ArrayList<>(LINES);
    Random random = new Random(3);
    for (int i = 0; i < 400; i++) {
      more.add(
          new Line(
              "later" + i / 3,
              "c" + random.nextInt(100),
              AS_OF.plusDays(random.nextInt(20)),
              i,
              "p" + random.nextInt(25),
              "shelf",
              500,
              500,
              true,
              true));
    }
    java.util.Collections.shuffle(more, random);
    SparkSession spark = SharedSpark.session();
    spark.conf().set("spark.sql.shuffle.partitions", 7);
    try (Products again = Products.at(AS_OF, dataset(more).repartition(5), SETTINGS)) {
      assertThat(again.rules()).isEqualTo(products.rules());
      assertThat(again.backtest()).isEqualTo(products.backtest());
      assertThat(
              TableRows.differences(
                  rows(RecommendationsTable.TABLE, products.recommendations()),
                  rows(RecommendationsTable.TABLE, again.recommendations()),
                  List.of("customer_id", "rank")))
          .isEmpty();
    } finally {
      spark.conf().set("spark.sql.shuffle.partitions", SharedSpark.SHUFFLE_PARTITIONS);
    }
  }

  @Test
  void aLakeWithoutProductsHasFavouriteCategoriesOnly() {
    List<Line> nameless =
        LINES.stream()
            .map(
                line ->
                    new Line(
                        line.order(),
                        line.customer(),
                        line.day(),
                        line.second(),
                        null,
                        line.category(),
                        line.net(),
                        line.amount(),
                        line.isSale(),
                        line.isCounted()))
            .toList();
    try (Products none = Products.at(AS_OF, dataset(nameless), SETTINGS)) {
      assertThat(none.rules()).isEmpty();
      assertThat(none.recommendations().collectAsList()).isEmpty();
      assertThat(none.verdict()).isEqualTo("no product_id before 2024-03-11");
      Row tested = none.backtest().get(0);
      assertThat(tested.isNullAt(2)).isTrue();
      assertThat(tested.getLong(4)).isZero();
      assertThat(rows(CustomerAffinitiesTable.TABLE, none.affinities()))
          .hasSizeGreaterThan(90)
          .allSatisfy(
              row -> {
                assertThat(row.get("favorite_product_id")).isNull();
                assertThat(row.get("next_product_id")).isNull();
                assertThat(row.get("next_product_because")).isNull();
              })
          .anySatisfy(row -> assertThat(row.get("favorite_category")).isNotNull());
    }
  }

  private static List<Row> rules(String kind) {
    return products.rules().stream().filter(row -> row.getString(1).equals(kind)).toList();
  }

  private static Map<String, List<String>> withoutEmpty(Map<String, List<String>> some) {
    Map<String, List<String>> result = new TreeMap<>(some);
    result.values().removeIf(List::isEmpty);
    return result;
  }

  private static StructType arrays(org.apache.spark.sql.types.DataType of) {
    return new StructType().add("items", new ArrayType(of, true));
  }

  private static List<Map<String, Object>> rows(Table table, Dataset<Row> rows) {
    return TableRows.of(
        table
            .conform(rows, MINOR_DIGITS)
            .orderBy(
                table.key().stream()
                    .map(f -> f.col())
                    .toArray(org.apache.spark.sql.Column[]::new)));
  }

  /** A hundred customers with sequential preferences, and every kind of line. */
  private static List<Line> lines() {
    Random random = new Random(11);
    List<Line> lines = new ArrayList<>();
    Map<String, Integer> last = new LinkedHashMap<>();
    for (int order = 0; order < 700; order++) {
      String customer = random.nextInt(15) == 0 ? null : "c" + random.nextInt(100);
      LocalDate day = AS_OF.minusDays(random.nextInt(160));
      int second = random.nextInt(3) * 3_600;
      boolean counted = random.nextInt(20) > 0;
      int lead =
          customer == null
              ? random.nextInt(20)
              : (last.getOrDefault(customer, random.nextInt(20)) + 1) % 20;
      last.put(String.valueOf(customer), lead);
      int size = random.nextInt(30) == 0 ? 9 : 1 + random.nextInt(3);
      for (int i = 0; i < size; i++) {
        int product =
            i == 0 ? lead : random.nextInt(3) > 0 ? (lead + 5 * i) % 20 : random.nextInt(20);
        long amount = random.nextInt(12) == 0 ? 0 : 100L * (1 + random.nextInt(9));
        boolean isSale = random.nextInt(25) > 0;
        lines.add(
            new Line(
                "o" + order,
                customer,
                day.plusDays(i == 2 && random.nextInt(8) == 0 ? 3 : 0),
                second + i,
                random.nextInt(40) == 0 ? null : "p" + product,
                random.nextInt(10) == 0 ? null : "shelf " + product % 4,
                isSale ? amount - amount / 10 : -amount,
                isSale ? amount : -amount,
                isSale,
                counted));
      }
    }
    return lines;
  }

  private static Dataset<Row> dataset(List<Line> lines) {
    StructType schema = OrderLinesTable.TABLE.schema(MINOR_DIGITS);
    List<Row> rows = new ArrayList<>();
    for (Line line : lines) {
      Object[] cells = new Object[schema.length()];
      set(cells, schema, OrderLinesTable.ORDER_ID.name(), line.order());
      set(cells, schema, OrderLinesTable.LINE_ID.name(), "line" + rows.size());
      set(cells, schema, OrderLinesTable.CUSTOMER_ID.name(), line.customer());
      set(
          cells,
          schema,
          OrderLinesTable.ORDERED_AT.name(),
          Timestamp.from(
              line.day().atStartOfDay().plusSeconds(line.second()).toInstant(ZoneOffset.UTC)));
      set(cells, schema, OrderLinesTable.KIND.name(), line.isSale() ? "sale" : "refund");
      set(cells, schema, OrderLinesTable.PRODUCT_ID.name(), line.product());
      set(cells, schema, OrderLinesTable.CATEGORY.name(), line.category());
      set(cells, schema, OrderLinesTable.IS_COUNTED.name(), line.isCounted());
      set(cells, schema, OrderLinesTable.AMOUNT.name(), BigDecimal.valueOf(line.amount(), 2));
      set(
          cells,
          schema,
          OrderLinesTable.DISCOUNT.name(),
          BigDecimal.valueOf(Math.max(0, line.amount() - line.net()), 2));
      rows.add(RowFactory.create(cells));
    }
    StructType nullable =
        new StructType(
            Arrays.stream(schema.fields())
                .map(field -> DataTypes.createStructField(field.name(), field.dataType(), true))
                .toArray(org.apache.spark.sql.types.StructField[]::new));
    return SharedSpark.session().createDataFrame(rows, nullable);
  }

  private static void set(Object[] cells, StructType schema, String column, Object value) {
    cells[schema.fieldIndex(column)] = value;
  }
}
