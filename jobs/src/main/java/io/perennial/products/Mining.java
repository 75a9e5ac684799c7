package io.perennial.products;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sqrt;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.perennial.config.ProductSettings;
import io.perennial.products.PairCounts.Count;
import io.perennial.products.PairCounts.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/** Finds the rules that histories hold: counts in each task, sums of them, the strongest rules. */
final class Mining {

  private static final String KIND = "kind";
  private static final String FIRST = "first";
  private static final String SECOND = "second";
  private static final String N = "n";
  private static final String STRENGTH = "strength";

  private static final StructType COUNT =
      new StructType(
          new StructField[] {
            DataTypes.createStructField(KIND, DataTypes.IntegerType, false),
            DataTypes.createStructField(FIRST, DataTypes.IntegerType, false),
            DataTypes.createStructField(SECOND, DataTypes.IntegerType, false),
            DataTypes.createStructField(N, DataTypes.LongType, false)
          });

  private Mining() {}

  /**
   * What is known before a day.
   *
   * @param histories what {@link Histories} gives
   * @param items number of codes there are
   * @param codes those that count
   * @param before only orders before this day, since 1970-01-01, count
   */
  static Mined of(
      Dataset<Row> histories, int items, int[] codes, int before, ProductSettings settings) {
    Dataset<Row> counts =
        counts(histories, items, codes, before, settings).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Map<Kind, long[]> single = singles(counts, items);
      return new Mined(
          codes,
          rules(strongest(counts, settings.rulesPerProduct()), single),
          single.get(Kind.SOLD),
          single.get(Kind.RECENT));
    } finally {
      counts.unpersist();
    }
  }

  private static Dataset<Row> counts(
      Dataset<Row> histories, int items, int[] codes, int before, ProductSettings settings) {
    MapPartitionsFunction<Row, Row> count =
        rows -> {
          PairCounts pairs = new PairCounts(items, codes, before, settings);
          rows.forEachRemaining(
              row -> pairs.add(Histories.history(row), !row.isNullAt(Histories.CUSTOMER)));
          return rows(pairs.counts());
        };
    Column isPair = col(KIND).isin(Kind.TOGETHER.ordinal(), Kind.NEXT.ordinal());
    return histories
        .mapPartitions(count, Encoders.row(COUNT))
        .groupBy(col(KIND), col(FIRST), col(SECOND))
        .agg(sum(col(N)).as(N))
        .where(isPair.and(col(N).lt(settings.minOrders())).unary_$bang());
  }

  private static Iterator<Row> rows(Iterator<Count> counts) {
    return StreamSupport.stream(((Iterable<Count>) () -> counts).spliterator(), false)
        .map(
            count ->
                RowFactory.create(count.kind().ordinal(), count.first(), count.second(), count.n()))
        .iterator();
  }

  /** Counts of one item each, by code; totals stand at 0. */
  private static Map<Kind, long[]> singles(Dataset<Row> counts, int items) {
    Map<Kind, long[]> result = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      result.put(kind, new long[Math.max(1, items)]);
    }
    counts
        .where(col(KIND).geq(Kind.ORDERS.ordinal()))
        .collectAsList()
        .forEach(row -> result.get(Kind.values()[row.getInt(0)])[row.getInt(1)] = row.getLong(3));
    return result;
  }

  /** For each kind and antecedent the strongest rules; of equals the lower consequent. */
  private static Dataset<Row> strongest(Dataset<Row> counts, int most) {
    Dataset<Row> together = counts.where(col(KIND).equalTo(Kind.TOGETHER.ordinal()));
    Dataset<Row> directed =
        together
            .unionAll(together.select(col(KIND), col(SECOND), col(FIRST), col(N)))
            .unionAll(counts.where(col(KIND).equalTo(Kind.NEXT.ordinal())));
    Column strength = col(N).divide(sqrt(col("of_first").multiply(col("of_second"))));
    Column place =
        row_number()
            .over(
                Window.partitionBy(col(KIND), col(FIRST))
                    .orderBy(col(STRENGTH).desc(), col(SECOND)));
    return directed
        .join(broadcast(singleOf(counts, FIRST)), columns(KIND, FIRST))
        .join(broadcast(singleOf(counts, SECOND)), columns(KIND, SECOND))
        .withColumn(STRENGTH, strength)
        .withColumn("place", place)
        .where(col("place").leq(most))
        .select(col(KIND), col(FIRST), col(SECOND), col(N));
  }

  /** What a pair's strength is relative to: orders of each item, or its buyers. */
  private static Dataset<Row> singleOf(Dataset<Row> counts, String side) {
    Column pairKind =
        when(col(KIND).equalTo(Kind.ORDERS.ordinal()), lit(Kind.TOGETHER.ordinal()))
            .otherwise(lit(Kind.NEXT.ordinal()));
    return counts
        .where(col(KIND).isin(Kind.ORDERS.ordinal(), Kind.BUYERS.ordinal()))
        .select(pairKind.as(KIND), col(FIRST).as(side), col(N).cast("double").as("of_" + side));
  }

  private static scala.collection.immutable.Seq<String> columns(String... names) {
    return scala.jdk.javaapi.CollectionConverters.asScala(List.of(names)).toSeq();
  }

  private static List<Rule> rules(Dataset<Row> strongest, Map<Kind, long[]> single) {
    List<Rule> rules = new ArrayList<>();
    for (Row row : strongest.collectAsList()) {
      boolean isTogether = row.getInt(0) == Kind.TOGETHER.ordinal();
      long[] of = single.get(isTogether ? Kind.ORDERS : Kind.BUYERS);
      rules.add(
          new Rule(
              isTogether ? ProductRulesTable.TOGETHER : ProductRulesTable.NEXT,
              row.getInt(1),
              row.getInt(2),
              row.getLong(3),
              of[row.getInt(1)],
              of[row.getInt(2)],
              single.get(isTogether ? Kind.ALL_ORDERS : Kind.ALL_CUSTOMERS)[0]));
    }
    rules.sort(
        Comparator.comparing(Rule::kind)
            .thenComparingInt(Rule::antecedent)
            .thenComparingInt(Rule::consequent));
    return List.copyOf(rules);
  }
}
