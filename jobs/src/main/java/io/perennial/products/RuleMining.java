package io.perennial.products;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.ProductSettings;
import io.perennial.products.PairCounts.Kind;
import io.perennial.spark.CachedDatasets;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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

/**
 * Finds the rules that histories hold, as known at several days at once: counts in each task, sums
 * of them, the strongest rules.
 */
final class RuleMining {

  /**
   * What to know.
   *
   * @param codes items that count, ascending
   * @param before only orders before this day, since 1970-01-01, count
   */
  record Cut(int[] codes, int before) implements Serializable {}

  private static final String CUT = "cut";
  private static final String KIND = "kind";
  private static final String FIRST = "first";
  private static final String SECOND = "second";
  private static final String N = "n";
  private static final String STRENGTH = "strength";

  private static final StructType COUNT =
      new StructType(
          new StructField[] {
            DataTypes.createStructField(CUT, DataTypes.IntegerType, false),
            DataTypes.createStructField(KIND, DataTypes.IntegerType, false),
            DataTypes.createStructField(FIRST, DataTypes.IntegerType, false),
            DataTypes.createStructField(SECOND, DataTypes.IntegerType, false),
            DataTypes.createStructField(N, DataTypes.LongType, false)
          });

  private RuleMining() {}

  /**
   * What is known at each cut.
   *
   * @param histories what {@link PurchaseHistories} gives
   * @param items number of codes there are
   */
  static List<MinedRules> of(
      Dataset<Row> histories, int items, List<Cut> cuts, ProductSettings settings) {
    try (CachedDatasets kept = new CachedDatasets()) {
      Dataset<Row> counts = kept.keep(counts(histories, items, cuts, settings));
      List<Row> singles = counts.where(col(KIND).geq(Kind.ORDERS.ordinal())).collectAsList();
      List<Row> pairs = strongest(counts, settings.rulesPerProduct()).collectAsList();
      List<MinedRules> result = new ArrayList<>();
      for (int cut = 0; cut < cuts.size(); cut++) {
        Map<Kind, long[]> single = singles(of(cut, singles), items);
        result.add(
            new MinedRules(
                cuts.get(cut).codes(),
                rules(of(cut, pairs), single),
                single.get(Kind.SOLD),
                single.get(Kind.RECENT)));
      }
      return result;
    }
  }

  private static List<Row> of(int cut, List<Row> rows) {
    return rows.stream().filter(row -> row.getInt(0) == cut).toList();
  }

  private static Dataset<Row> counts(
      Dataset<Row> histories, int items, List<Cut> cuts, ProductSettings settings) {
    MapPartitionsFunction<Row, Row> count =
        rows -> {
          List<PairCounts> pairs = new ArrayList<>();
          cuts.forEach(cut -> pairs.add(new PairCounts(items, cut, settings)));
          while (rows.hasNext()) {
            Row row = rows.next();
            PurchaseHistory history = PurchaseHistories.history(row);
            boolean isCustomer = !row.isNullAt(PurchaseHistories.CUSTOMER);
            pairs.forEach(each -> each.add(history, isCustomer));
          }
          return new FlatMapRows<>(
              IntStream.range(0, cuts.size()).iterator(), cut -> rows(cut, pairs.get(cut)));
        };
    Column isPair = col(KIND).isin(Kind.TOGETHER.ordinal(), Kind.NEXT.ordinal());
    return histories
        .mapPartitions(count, Encoders.row(COUNT))
        .groupBy(col(CUT), col(KIND), col(FIRST), col(SECOND))
        .agg(sum(col(N)).as(N))
        .where(not(isPair.and(col(N).lt(settings.minOrders()))));
  }

  private static Iterator<Row> rows(int cut, PairCounts pairs) {
    return new FlatMapRows<>(
        pairs.counts(),
        count ->
            List.of(
                    RowFactory.create(
                        cut, count.kind().ordinal(), count.first(), count.second(), count.n()))
                .iterator());
  }

  /** Counts of one item each, by code; totals stand at 0. */
  private static Map<Kind, long[]> singles(List<Row> rows, int items) {
    Map<Kind, long[]> result = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      result.put(kind, new long[items]);
    }
    rows.forEach(row -> result.get(Kind.values()[row.getInt(1)])[row.getInt(2)] = row.getLong(4));
    return result;
  }

  /** For each kind and antecedent the strongest rules; of equals the lower consequent. */
  private static Dataset<Row> strongest(Dataset<Row> counts, int most) {
    Dataset<Row> together = counts.where(col(KIND).equalTo(Kind.TOGETHER.ordinal()));
    Dataset<Row> directed =
        together
            .unionAll(together.select(col(CUT), col(KIND), col(SECOND), col(FIRST), col(N)))
            .unionAll(counts.where(col(KIND).equalTo(Kind.NEXT.ordinal())));
    Column strength = col(N).divide(sqrt(col("of_first").multiply(col("of_second"))));
    Column place =
        row_number()
            .over(
                Window.partitionBy(col(CUT), col(KIND), col(FIRST))
                    .orderBy(col(STRENGTH).desc(), col(SECOND)));
    return directed
        .join(broadcast(singleOf(counts, FIRST)), columns(CUT, KIND, FIRST))
        .join(broadcast(singleOf(counts, SECOND)), columns(CUT, KIND, SECOND))
        .withColumn(STRENGTH, strength)
        .withColumn("place", place)
        .where(col("place").leq(most))
        .select(col(CUT), col(KIND), col(FIRST), col(SECOND), col(N));
  }

  /** What a pair's strength is relative to: orders of each item, or its buyers. */
  private static Dataset<Row> singleOf(Dataset<Row> counts, String side) {
    Column pairKind =
        when(col(KIND).equalTo(Kind.ORDERS.ordinal()), lit(Kind.TOGETHER.ordinal()))
            .otherwise(lit(Kind.NEXT.ordinal()));
    return counts
        .where(col(KIND).isin(Kind.ORDERS.ordinal(), Kind.BUYERS.ordinal()))
        .select(
            col(CUT),
            pairKind.as(KIND),
            col(FIRST).as(side),
            col(N).cast("double").as("of_" + side));
  }

  private static scala.collection.immutable.Seq<String> columns(String... names) {
    return scala.jdk.javaapi.CollectionConverters.asScala(List.of(names)).toSeq();
  }

  private static List<Rule> rules(List<Row> rows, Map<Kind, long[]> single) {
    List<Rule> rules = new ArrayList<>();
    for (Row row : rows) {
      boolean isTogether = row.getInt(1) == Kind.TOGETHER.ordinal();
      long[] of = single.get(isTogether ? Kind.ORDERS : Kind.BUYERS);
      rules.add(
          new Rule(
              isTogether ? ProductRulesTable.TOGETHER : ProductRulesTable.NEXT,
              row.getInt(2),
              row.getInt(3),
              row.getLong(4),
              of[row.getInt(2)],
              of[row.getInt(3)],
              single.get(isTogether ? Kind.ALL_ORDERS : Kind.ALL_CUSTOMERS)[0]));
    }
    rules.sort(
        Comparator.comparing(Rule::kind)
            .thenComparingInt(Rule::antecedent)
            .thenComparingInt(Rule::consequent));
    return List.copyOf(rules);
  }
}
