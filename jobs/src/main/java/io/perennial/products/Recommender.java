package io.perennial.products;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Ranks what a customer has not bought: by the rules that lead to it from what the customer bought,
 * then the popular ones of the category that most products of the customer's are of, then all
 * popular ones. (On the sample, where rules lead to fewer than ten products for one customer in
 * seven, the category makes one to three more of a hundred hit; elsewhere there is hardly anything
 * to fill up.) The order of everything is fixed, so that equal histories are recommended equal
 * products on any machine.
 */
final class Recommender implements Serializable {

  private static final long serialVersionUID = 1L;
  private static final int MOST_REASONS = 3;
  private static final int[] NOTHING = {};

  /**
   * A recommended item.
   *
   * @param score 0 where popularity recommends
   * @param because codes of what led to it, the greatest part of the score first
   */
  record Recommendation(int item, double score, int[] because) {}

  private record Reason(int item, double part) {}

  /** For each code what it leads to, ascending, and how strongly. */
  private final int[][] consequents;

  private final double[][] strengths;
  private final double[] trends;

  /** Category of each code, -1 where it counts for nothing. */
  private final int[] categories;

  /** Codes by recent orders, then orders, then code. */
  private final int[] popular;

  private Recommender(
      int[][] consequents, double[][] strengths, double[] trends, int[] categories, int[] popular) {
    this.consequents = consequents;
    this.strengths = strengths;
    this.trends = trends;
    this.categories = categories;
    this.popular = popular;
  }

  /**
   * By rules, then popularity.
   *
   * @param categories category of each code; -1 where unknown
   */
  static Recommender byRules(MinedRules mined, int[] categories) {
    int items = mined.sold().length;
    List<TreeMap<Integer, Double>> merged = new ArrayList<>();
    for (int code = 0; code < items; code++) {
      merged.add(new TreeMap<>());
    }
    for (Rule rule : mined.rules()) {
      merged.get(rule.antecedent()).merge(rule.consequent(), rule.strength(), Double::sum);
    }
    return new Recommender(
        merged.stream().map(Recommender::keys).toArray(int[][]::new),
        merged.stream()
            .map(map -> map.values().stream().mapToDouble(strength -> strength).toArray())
            .toArray(double[][]::new),
        IntStream.range(0, items).mapToDouble(mined::trend).toArray(),
        categories,
        popular(mined));
  }

  /** By popularity alone. */
  static Recommender byPopularity(MinedRules mined) {
    int items = mined.sold().length;
    int[] unknown = new int[items];
    Arrays.fill(unknown, -1);
    return new Recommender(
        new int[items][0], new double[items][0], new double[items], unknown, popular(mined));
  }

  private static int[] keys(TreeMap<Integer, Double> map) {
    return map.keySet().stream().mapToInt(key -> key).toArray();
  }

  private static int[] popular(MinedRules mined) {
    return Arrays.stream(mined.codes())
        .filter(code -> mined.sold()[code] > 0)
        .boxed()
        .sorted(
            Comparator.comparingLong((Integer code) -> -mined.recent()[code])
                .thenComparingLong(code -> -mined.sold()[code])
                .thenComparingInt(code -> code))
        .mapToInt(code -> code)
        .toArray();
  }

  /** What a task needs once, however many customers it looks at. */
  Ranking ranking() {
    return new Ranking();
  }

  /** Working space of one thread. */
  final class Ranking {
    private final double[] scores = new double[trends.length];
    private final boolean[] isBought = new boolean[trends.length];
    private final int[] touched = new int[trends.length];
    private int touchedCount;

    /**
     * The best items that were not bought.
     *
     * @param bought codes, ascending
     * @param most how many at most
     */
    List<Recommendation> top(int[] bought, int most) {
      for (int item : bought) {
        isBought[item] = true;
      }
      List<Recommendation> best = new ArrayList<>(most);
      for (int item : bestByRules(bought, most)) {
        best.add(new Recommendation(item, scores[item], because(bought, item)));
      }
      best.forEach(one -> isBought[one.item()] = true);
      if (best.size() < most) {
        int favorite = favoriteCategory(bought);
        fill(best, most, item -> favorite >= 0 && categories[item] == favorite);
      }
      fill(best, most, item -> true);
      best.forEach(one -> isBought[one.item()] = false);
      clear(bought);
      return best;
    }

    private void fill(List<Recommendation> best, int most, IntPredicate isWanted) {
      for (int i = 0; i < popular.length && best.size() < most; i++) {
        int item = popular[i];
        if (!isBought[item] && isWanted.test(item)) {
          best.add(new Recommendation(item, 0, NOTHING));
          isBought[item] = true;
        }
      }
    }

    /** The category of most products; of equals the first. -1 where none is known. */
    private int favoriteCategory(int[] bought) {
      int favorite = -1;
      int most = 0;
      for (int item : bought) {
        int category = categories[item];
        int count = 0;
        for (int other : bought) {
          count += categories[other] == category ? 1 : 0;
        }
        if (category >= 0 && (count > most || count == most && category < favorite)) {
          favorite = category;
          most = count;
        }
      }
      return favorite;
    }

    private int[] bestByRules(int[] bought, int most) {
      touchedCount = 0;
      for (int antecedent : bought) {
        int[] to = consequents[antecedent];
        double[] by = strengths[antecedent];
        for (int i = 0; i < to.length; i++) {
          if (!isBought[to[i]]) {
            if (scores[to[i]] == 0) {
              touched[touchedCount++] = to[i];
            }
            scores[to[i]] += by[i];
          }
        }
      }
      int[] best = new int[Math.min(most, touchedCount)];
      int size = 0;
      for (int i = 0; i < touchedCount; i++) {
        int item = touched[i];
        scores[item] *= trends[item];
        size = insert(best, size, item);
      }
      return best;
    }

    /** Keeps {@code best} ordered by score, then code; what falls off its end is forgotten. */
    private int insert(int[] best, int size, int item) {
      int place = size;
      while (place > 0 && isBetter(item, best[place - 1])) {
        place--;
      }
      if (place == best.length) {
        return size;
      }
      int newSize = Math.min(best.length, size + 1);
      System.arraycopy(best, place, best, place + 1, newSize - place - 1);
      best[place] = item;
      return newSize;
    }

    private boolean isBetter(int item, int other) {
      return scores[item] > scores[other] || scores[item] == scores[other] && item < other;
    }

    private int[] because(int[] bought, int item) {
      List<Reason> reasons = new ArrayList<>();
      for (int antecedent : bought) {
        int place = Arrays.binarySearch(consequents[antecedent], item);
        if (place >= 0) {
          reasons.add(new Reason(antecedent, strengths[antecedent][place]));
        }
      }
      return reasons.stream()
          .sorted(
              Comparator.comparingDouble((Reason reason) -> -reason.part())
                  .thenComparingInt(Reason::item))
          .limit(MOST_REASONS)
          .mapToInt(Reason::item)
          .toArray();
    }

    private void clear(int[] bought) {
      for (int item : bought) {
        isBought[item] = false;
      }
      for (int i = 0; i < touchedCount; i++) {
        scores[touched[i]] = 0;
      }
    }
  }
}
