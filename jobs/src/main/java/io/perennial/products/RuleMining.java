package io.perennial.products;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.ProductSettings;
import io.perennial.products.PairCounts.Kind;
import io.perennial.spark.CachedDatasets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
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
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Mines association rules from purchase histories, at several cutoffs in one pass: pair counts per
 * task, their sums, the strongest rules.
 */
final class RuleMining {

  private static final String CUTOFF = "cutoff";
  private static final String KIND = "kind";
  private static final String FIRST = "first";
  private static final String SECOND = "second";
  private static final String N = "n";
  private static final String RANK = "rank";
  private static final String STRENGTH = "strength";

  private static final StructType COUNT =
      new StructType()
          .add(CUTOFF, DataTypes.IntegerType, false)
          .add(KIND, DataTypes.IntegerType, false)
          .add(FIRST, DataTypes.IntegerType, false)
          .add(SECOND, DataTypes.IntegerType, false)
          .add(N, DataTypes.LongType, false);

  private RuleMining() {}

  /**
   * The rules of each cutoff.
   *
   * @param histories rows of {@link PurchaseHistories}
   * @param items number of item codes
   */
  static List<MinedRules> of(
      Dataset<Row> histories, int items, List<Cutoff> cutoffs, ProductSettings settings) {
    try (CachedDatasets cache = new CachedDatasets()) {
      Dataset<Row> counts = cache.keep(counts(histories, items, cutoffs, settings));
      List<Row> singles =
          counts.where(col(KIND).geq(Kind.ORDERS_OF_ITEM.ordinal())).collectAsList();
      List<Row> pairs = strongest(counts, settings.rulesPerProduct()).collectAsList();
      List<MinedRules> result = new ArrayList<>();
      for (int cutoff = 0; cutoff < cutoffs.size(); cutoff++) {
        Map<Kind, long[]> single = singles(of(cutoff, singles), items);
        result.add(
            new MinedRules(
                cutoffs.get(cutoff).items(),
                rules(of(cutoff, pairs), single),
                single.get(Kind.ALL_ORDERS_OF_ITEM),
                single.get(Kind.RECENT_ORDERS_OF_ITEM)));
      }
      return result;
    }
  }

  private static List<Row> of(int cutoff, List<Row> rows) {
    return rows.stream().filter(row -> row.getInt(0) == cutoff).toList();
  }

  private static Dataset<Row> counts(
      Dataset<Row> histories, int items, List<Cutoff> cutoffs, ProductSettings settings) {
    MapPartitionsFunction<Row, Row> count =
        rows -> {
          List<PairCounts> pairs = new ArrayList<>();
          cutoffs.forEach(cutoff -> pairs.add(new PairCounts(items, cutoff, settings)));
          while (rows.hasNext()) {
            Row row = rows.next();
            PurchaseHistory history = PurchaseHistories.history(row);
            boolean isCustomer = !row.isNullAt(PurchaseHistories.CUSTOMER);
            pairs.forEach(each -> each.add(history, isCustomer));
          }
          return CollectionConverters.asJava(
              CollectionConverters.asScala(IntStream.range(0, pairs.size()).iterator())
                  .flatMap(cutoff -> rows(cutoff, pairs.get(cutoff))));
        };
    Column isPair = col(KIND).isin(Kind.TOGETHER.ordinal(), Kind.NEXT.ordinal());
    return histories
        .mapPartitions(count, Encoders.row(COUNT))
        .groupBy(col(CUTOFF), col(KIND), col(FIRST), col(SECOND))
        .agg(sum(col(N)).as(N))
        .where(not(isPair.and(col(N).lt(settings.minOrders()))));
  }

  private static scala.collection.Iterator<Row> rows(int cutoff, PairCounts pairs) {
    return CollectionConverters.asScala(pairs.counts())
        .map(
            count ->
                RowFactory.create(
                    cutoff, count.kind().ordinal(), count.first(), count.second(), count.n()));
  }

  /** Counts of single items by code; totals are at code 0. */
  private static Map<Kind, long[]> singles(List<Row> rows, int items) {
    Map<Kind, long[]> result = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      result.put(kind, new long[items]);
    }
    rows.forEach(row -> result.get(Kind.values()[row.getInt(1)])[row.getInt(2)] = row.getLong(4));
    return result;
  }

  /** The strongest rules of each kind and antecedent; ties go to the lower consequent. */
  private static Dataset<Row> strongest(Dataset<Row> counts, int rulesPerProduct) {
    Dataset<Row> together = counts.where(col(KIND).equalTo(Kind.TOGETHER.ordinal()));
    Dataset<Row> directed =
        together
            .unionAll(together.select(col(CUTOFF), col(KIND), col(SECOND), col(FIRST), col(N)))
            .unionAll(counts.where(col(KIND).equalTo(Kind.NEXT.ordinal())));
    Column strength = col(N).divide(sqrt(col(countOf(FIRST)).multiply(col(countOf(SECOND)))));
    Column rank =
        row_number()
            .over(
                Window.partitionBy(col(CUTOFF), col(KIND), col(FIRST))
                    .orderBy(col(STRENGTH).desc(), col(SECOND)));
    return directed
        .join(broadcast(singleOf(counts, FIRST)), new String[] {CUTOFF, KIND, FIRST})
        .join(broadcast(singleOf(counts, SECOND)), new String[] {CUTOFF, KIND, SECOND})
        .withColumn(STRENGTH, strength)
        .withColumn(RANK, rank)
        .where(col(RANK).leq(rulesPerProduct))
        .select(col(CUTOFF), col(KIND), col(FIRST), col(SECOND), col(N));
  }

  /** The counts of single items that a pair's strength is relative to: orders or buyers. */
  private static Dataset<Row> singleOf(Dataset<Row> counts, String side) {
    Column pairKind =
        when(col(KIND).equalTo(Kind.ORDERS_OF_ITEM.ordinal()), lit(Kind.TOGETHER.ordinal()))
            .otherwise(lit(Kind.NEXT.ordinal()));
    return counts
        .where(col(KIND).isin(Kind.ORDERS_OF_ITEM.ordinal(), Kind.BUYERS_OF_ITEM.ordinal()))
        .select(
            col(CUTOFF),
            pairKind.as(KIND),
            col(FIRST).as(side),
            col(N).cast("double").as(countOf(side)));
  }

  private static String countOf(String side) {
    return "count_of_" + side;
  }

  private static List<Rule> rules(List<Row> rows, Map<Kind, long[]> single) {
    List<Rule> rules = new ArrayList<>();
    for (Row row : rows) {
      boolean isTogether = row.getInt(1) == Kind.TOGETHER.ordinal();
      long[] of = single.get(isTogether ? Kind.ORDERS_OF_ITEM : Kind.BUYERS_OF_ITEM);
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
