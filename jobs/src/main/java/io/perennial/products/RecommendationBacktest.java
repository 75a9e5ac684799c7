package io.perennial.products;

import static org.apache.spark.sql.functions.*;

import io.perennial.products.Recommender.Recommendation;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * How many customers bought, in the test month and for the first time, one of the first 5 or 10
 * products that were recommended on what was known before it.
 *
 * @param customers customers who bought anything for the first time in the month
 */
record RecommendationBacktest(long customers, Hits rules, Hits popularity) {

  /** Customers with a hit among the first 5, and 10. */
  record Hits(long five, long ten) {}

  /** Nobody to test on. */
  static final RecommendationBacktest NOBODY =
      new RecommendationBacktest(0, new Hits(0, 0), new Hits(0, 0));

  private static final int FEW = 5;
  private static final int MANY = 10;
  private static final int COUNTS = 5;

  private static final StructType SCHEMA =
      new StructType(
          IntStream.range(0, COUNTS)
              .mapToObj(i -> DataTypes.createStructField("n" + i, DataTypes.LongType, false))
              .toArray(StructField[]::new));

  /**
   * @param histories what {@link PurchaseHistories} gives
   * @param known what is known before the month
   * @param categories category of each code; -1 where unknown
   */
  static RecommendationBacktest of(
      Dataset<Row> histories, MinedRules known, int[] categories, HoldoutMonth month) {
    Recommender rules = Recommender.byRules(known, categories);
    Recommender popularity = Recommender.byPopularity(known);
    MapPartitionsFunction<Row, Row> count = rows -> hits(rows, rules, popularity, month);
    Column[] sums =
        IntStream.range(0, COUNTS)
            .mapToObj(i -> coalesce(sum(col("n" + i)), lit(0L)))
            .toArray(Column[]::new);
    Row row =
        PurchaseHistories.ofCustomers(histories)
            .mapPartitions(count, Encoders.row(SCHEMA))
            .agg(sums[0], Arrays.copyOfRange(sums, 1, COUNTS))
            .first();
    return new RecommendationBacktest(
        row.getLong(0),
        new Hits(row.getLong(1), row.getLong(2)),
        new Hits(row.getLong(3), row.getLong(4)));
  }

  private static Iterator<Row> hits(
      Iterator<Row> rows, Recommender rules, Recommender popularity, HoldoutMonth month) {
    Recommender.Ranking byRules = rules.ranking();
    Recommender.Ranking byPopularity = popularity.ranking();
    long[] counts = new long[COUNTS];
    while (rows.hasNext()) {
      PurchaseHistory history = PurchaseHistories.history(rows.next());
      if (history.isTested()) {
        counts[0]++;
        int[] before = history.boughtBefore(month.from());
        int[] in = history.boughtIn(month);
        int ruleHit = firstHit(byRules.top(before, MANY), in);
        int popularityHit = firstHit(byPopularity.top(before, MANY), in);
        counts[1] += ruleHit <= FEW ? 1 : 0;
        counts[2] += ruleHit <= MANY ? 1 : 0;
        counts[3] += popularityHit <= FEW ? 1 : 0;
        counts[4] += popularityHit <= MANY ? 1 : 0;
      }
    }
    return List.of(RowFactory.create(Arrays.stream(counts).boxed().toArray())).iterator();
  }

  /** Rank of the first recommended item that was bought; beyond all of them where none was. */
  private static int firstHit(List<Recommendation> recommended, int[] bought) {
    for (int i = 0; i < recommended.size(); i++) {
      if (Arrays.binarySearch(bought, recommended.get(i).item()) >= 0) {
        return i + 1;
      }
    }
    return Integer.MAX_VALUE;
  }

  /** Rules recommend unless popularity was right more often at 10. */
  boolean usesRules() {
    return rules.ten() >= popularity.ten();
  }
}
