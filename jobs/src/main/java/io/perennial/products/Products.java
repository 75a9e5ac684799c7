package io.perennial.products;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.ProductSettings;
import io.perennial.products.Recommender.Recommendation;
import io.perennial.spark.CachedDatasets;
import io.perennial.table.Field;
import io.perennial.table.Table;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Rules, recommendations and affinities of one as_of. What customers bought is read once and kept
 * until {@link #close}.
 */
public final class Products implements AutoCloseable {

  private final LocalDate asOf;
  private final HoldoutMonth month;
  private final ItemDictionary items;
  private final CachedDatasets kept;
  private final Dataset<Row> histories;
  private final MinedRules now;
  private final RecommendationBacktest backtest;
  private final int recommendations;

  private Products(
      LocalDate asOf,
      HoldoutMonth month,
      ItemDictionary items,
      CachedDatasets kept,
      Dataset<Row> histories,
      MinedRules now,
      RecommendationBacktest backtest,
      int recommendations) {
    this.asOf = asOf;
    this.month = month;
    this.items = items;
    this.kept = kept;
    this.histories = histories;
    this.now = now;
    this.backtest = backtest;
    this.recommendations = recommendations;
  }

  /**
   * Reads the lines, finds the rules, and tries them on the last complete month.
   *
   * @param lines rows of order_lines
   */
  public static Products at(LocalDate asOf, Dataset<Row> lines, ProductSettings settings) {
    HoldoutMonth month = HoldoutMonth.before(asOf);
    ItemDictionary items = ItemDictionary.of(lines, asOf, month, settings.maxItems());
    CachedDatasets kept = new CachedDatasets();
    Dataset<Row> histories = kept.keep(PurchaseHistories.of(lines, asOf, month, items));
    if (items.ids().length == 0) {
      return new Products(
          asOf,
          month,
          items,
          kept,
          histories,
          MinedRules.NOTHING,
          RecommendationBacktest.NOBODY,
          settings.recommendations());
    }
    List<MinedRules> mined =
        RuleMining.of(
            histories,
            items.ids().length,
            List.of(
                new RuleMining.Cut(items.now(), (int) asOf.toEpochDay()),
                new RuleMining.Cut(items.then(), month.from())),
            settings);
    RecommendationBacktest backtest =
        RecommendationBacktest.of(histories, mined.get(1), items.categories(), month);
    return new Products(
        asOf, month, items, kept, histories, mined.get(0), backtest, settings.recommendations());
  }

  /** Rows of {@code product_rules}. */
  public List<Row> rules() {
    return now.rules().stream().map(this::row).toList();
  }

  private Row row(Rule rule) {
    return RowFactory.create(
        Date.valueOf(asOf),
        rule.kind(),
        items.ids()[rule.antecedent()],
        items.ids()[rule.consequent()],
        rule.occurrences(),
        rule.support(),
        rule.confidence(),
        rule.lift(),
        rule.strength());
  }

  /** Rows of {@code recommendation_backtest}. */
  public List<Row> backtest() {
    return List.of(
        row(RecommendationBacktestTable.RULES, backtest.rules(), backtest.usesRules()),
        row(RecommendationBacktestTable.POPULARITY, backtest.popularity(), !backtest.usesRules()));
  }

  private Row row(String method, RecommendationBacktest.Hits hits, boolean isUsed) {
    long customers = backtest.customers();
    return RowFactory.create(
        Date.valueOf(asOf),
        method,
        customers == 0 ? null : (double) hits.five() / customers,
        customers == 0 ? null : (double) hits.ten() / customers,
        customers,
        Date.valueOf(month.firstDay()),
        isUsed);
  }

  /** Rows of {@code recommendations}. */
  public Dataset<Row> recommendations() {
    Column[] columns = columns(RecommendationsTable.TABLE.fields());
    StructType schema =
        schema(
            RecommendationsTable.CUSTOMER_ID,
            RecommendationsTable.RANK,
            RecommendationsTable.PRODUCT_ID,
            RecommendationsTable.SCORE,
            RecommendationsTable.BECAUSE);
    String[] ids = items.ids();
    int before = (int) asOf.toEpochDay();
    int most = recommendations;
    Recommender recommender = recommender();
    MapPartitionsFunction<Row, Row> rank =
        rows -> {
          Recommender.Ranking ranking = recommender.ranking();
          return new FlatMapRows<>(rows, row -> ranked(row, ranking, ids, before, most));
        };
    return PurchaseHistories.ofCustomers(histories)
        .mapPartitions(rank, Encoders.row(schema))
        .withColumn(Table.AS_OF.name(), lit(asOf))
        .select(columns);
  }

  private static Iterator<Row> ranked(
      Row row, Recommender.Ranking ranking, String[] ids, int before, int most) {
    List<Row> result = new ArrayList<>(most);
    for (Recommendation one :
        ranking.top(PurchaseHistories.history(row).boughtBefore(before), most)) {
      result.add(
          RowFactory.create(
              row.getString(PurchaseHistories.CUSTOMER),
              result.size() + 1,
              ids[one.item()],
              one.score(),
              names(one.because(), ids)));
    }
    return result.iterator();
  }

  /** Rows of {@code customer_affinities}. */
  public Dataset<Row> affinities() {
    StructType schema =
        schema(
            CustomerAffinitiesTable.CUSTOMER_ID,
            CustomerAffinitiesTable.FAVORITE_CATEGORY,
            CustomerAffinitiesTable.FAVORITE_PRODUCT_ID,
            CustomerAffinitiesTable.NEXT_PRODUCT_ID,
            CustomerAffinitiesTable.NEXT_PRODUCT_BECAUSE);
    String[] ids = items.ids();
    int before = (int) asOf.toEpochDay();
    Recommender recommender = recommender();
    MapPartitionsFunction<Row, Row> like =
        rows -> {
          Recommender.Ranking ranking = recommender.ranking();
          return new FlatMapRows<>(
              rows, row -> List.of(affinity(row, ranking, ids, before)).iterator());
        };
    return PurchaseHistories.ofCustomers(histories)
        .mapPartitions(like, Encoders.row(schema))
        .withColumn(Table.AS_OF.name(), lit(asOf))
        .select(columns(CustomerAffinitiesTable.TABLE.fields()));
  }

  private static Row affinity(Row row, Recommender.Ranking ranking, String[] ids, int before) {
    List<Recommendation> best = ranking.top(PurchaseHistories.history(row).boughtBefore(before), 1);
    boolean isKnown = !best.isEmpty();
    return RowFactory.create(
        row.getString(PurchaseHistories.CUSTOMER),
        row.getString(PurchaseHistories.CATEGORY),
        row.getString(PurchaseHistories.PRODUCT),
        isKnown ? ids[best.get(0).item()] : null,
        isKnown ? names(best.get(0).because(), ids) : null);
  }

  private static String[] names(int[] codes, String[] ids) {
    return Arrays.stream(codes).mapToObj(code -> ids[code]).toArray(String[]::new);
  }

  private Recommender recommender() {
    return backtest.usesRules()
        ? Recommender.byRules(now, items.categories())
        : Recommender.byPopularity(now);
  }

  /** What to tell the user. */
  public String verdict() {
    if (items.ids().length == 0) {
      return "no product_id before " + asOf;
    }
    String rules = "%,d rules; ".formatted(now.rules().size());
    if (backtest.customers() == 0) {
      return rules + "nobody bought anything new in " + monthName() + " to test them on";
    }
    return rules
        + "of %,d customers in %s rules hit %s, popularity %s (at 5 and 10); recommended by %s"
            .formatted(
                backtest.customers(),
                monthName(),
                shares(backtest.rules()),
                shares(backtest.popularity()),
                backtest.usesRules()
                    ? RecommendationBacktestTable.RULES
                    : RecommendationBacktestTable.POPULARITY);
  }

  private String monthName() {
    return month.firstDay().toString().substring(0, 7);
  }

  private String shares(RecommendationBacktest.Hits hits) {
    double customers = backtest.customers();
    return String.format(
        java.util.Locale.ROOT,
        "%.1f and %.1f %%",
        100 * hits.five() / customers,
        100 * hits.ten() / customers);
  }

  private static StructType schema(Field... fields) {
    return new StructType(
        Arrays.stream(fields)
            .map(field -> new StructField(field.name(), field.fixedType(), field.nullable(), META))
            .toArray(StructField[]::new));
  }

  private static final org.apache.spark.sql.types.Metadata META =
      org.apache.spark.sql.types.Metadata.empty();

  private static Column[] columns(List<Field> fields) {
    return fields.stream().map(Field::col).toArray(Column[]::new);
  }

  @Override
  public void close() {
    kept.close();
  }
}
