package io.perennial.products;

import io.perennial.config.ProductSettings;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Rules, recommendations and backtest by their definitions, over lists of lines; shares no code
 * with the job.
 */
final class ProductOracle {

  /** A line; its time is a day and a second of the day. */
  record Line(
      String order,
      String customer,
      LocalDate day,
      int second,
      String product,
      String category,
      long net,
      long amount,
      boolean isSale,
      boolean isCounted) {}

  record Order(String id, String customer, LocalDate day, int second, Set<String> products) {}

  record Rule(
      String kind, String from, String to, long n, double support, double confidence, double lift) {
    double strength() {
      return Math.sqrt(support * lift);
    }
  }

  private final List<Line> lines;
  private final ProductSettings settings;

  ProductOracle(List<Line> lines, ProductSettings settings) {
    this.lines = lines;
    this.settings = settings;
  }

  /** Valid orders before a day, by time. */
  List<Order> orders(LocalDate before) {
    Map<String, List<Line>> byOrder =
        lines.stream().filter(Line::isSale).collect(Collectors.groupingBy(Line::order));
    List<Order> orders = new ArrayList<>();
    byOrder.forEach(
        (id, its) -> {
          Line first =
              its.stream().min(Comparator.comparing(Line::day).thenComparing(Line::second)).get();
          if (first.day().isBefore(before)
              && its.stream().anyMatch(line -> line.isCounted() && line.amount() > 0)) {
            Set<String> products =
                its.stream()
                    .filter(line -> line.isCounted() && line.product() != null)
                    .map(Line::product)
                    .collect(Collectors.toCollection(TreeSet::new));
            orders.add(new Order(id, first.customer(), first.day(), first.second(), products));
          }
        });
    orders.sort(
        Comparator.comparing(Order::day).thenComparing(Order::second).thenComparing(Order::id));
    return orders;
  }

  Set<String> items(LocalDate before) {
    Map<String, Long> counts =
        lines.stream()
            .filter(line -> line.isSale() && line.isCounted() && line.product() != null)
            .filter(line -> line.day().isBefore(before))
            .collect(Collectors.groupingBy(Line::product, Collectors.counting()));
    return counts.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(settings.maxItems())
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> only(Set<String> some, Set<String> items) {
    return some.stream().filter(items::contains).collect(Collectors.toCollection(TreeSet::new));
  }

  private Map<String, List<Order>> byCustomer(LocalDate before) {
    return orders(before).stream()
        .filter(order -> order.customer() != null)
        .collect(Collectors.groupingBy(Order::customer, TreeMap::new, Collectors.toList()));
  }

  List<Rule> rules(LocalDate before) {
    Set<String> items = items(before);
    List<Rule> rules = new ArrayList<>();
    List<Set<String>> baskets =
        orders(before).stream()
            .filter(order -> !order.products().isEmpty())
            .map(order -> only(order.products(), items))
            .filter(basket -> basket.size() <= settings.maxBasket())
            .toList();
    List<List<Set<String>>> sequences =
        byCustomer(before).values().stream()
            .map(
                its ->
                    its.stream()
                        .filter(order -> !order.products().isEmpty())
                        .map(order -> only(order.products(), items))
                        .toList())
            .filter(sequence -> !sequence.isEmpty())
            .filter(
                sequence ->
                    sequence.stream().flatMap(Set::stream).distinct().count()
                        <= settings.maxHistory())
            .toList();
    for (String from : items) {
      List<Rule> together = new ArrayList<>();
      List<Rule> next = new ArrayList<>();
      for (String to : items) {
        if (!from.equals(to)) {
          together.add(
              rule(
                  "together",
                  from,
                  to,
                  baskets,
                  basket -> basket.contains(from) && basket.contains(to),
                  basket -> basket.contains(from),
                  basket -> basket.contains(to)));
          next.add(
              rule(
                  "next",
                  from,
                  to,
                  sequences,
                  sequence ->
                      first(sequence, from) < first(sequence, to)
                          && first(sequence, to) < sequence.size(),
                  sequence -> first(sequence, from) < sequence.size(),
                  sequence -> first(sequence, to) < sequence.size()));
        }
      }
      for (List<Rule> kind : List.of(together, next)) {
        kind.stream()
            .filter(rule -> rule.n() >= settings.minOrders())
            .sorted(Comparator.comparingDouble(this::rounded).reversed().thenComparing(Rule::to))
            .limit(settings.rulesPerProduct())
            .forEach(rules::add);
      }
    }
    return rules;
  }

  /** Rounded, so strengths that differ in the last bits are ties. */
  private double rounded(Rule rule) {
    return Math.round(rule.strength() * 1e12) / 1e12;
  }

  /** Index of the first order with a product; the number of orders without one. */
  private static int first(List<Set<String>> sequence, String product) {
    for (int i = 0; i < sequence.size(); i++) {
      if (sequence.get(i).contains(product)) {
        return i;
      }
    }
    return sequence.size();
  }

  private static <T> Rule rule(
      String kind,
      String from,
      String to,
      Collection<T> all,
      Predicate<T> both,
      Predicate<T> isFrom,
      Predicate<T> isTo) {
    double n = all.size();
    long together = all.stream().filter(both).count();
    double confidence = together / (double) all.stream().filter(isFrom).count();
    return new Rule(
        kind,
        from,
        to,
        together,
        together / n,
        confidence,
        confidence / (all.stream().filter(isTo).count() / n));
  }

  /** The alphabetically first category of each product before a day. */
  private Map<String, String> categories(LocalDate before) {
    return lines.stream()
        .filter(line -> line.isSale() && line.isCounted() && line.product() != null)
        .filter(line -> line.day().isBefore(before) && line.category() != null)
        .collect(
            Collectors.toMap(
                Line::product, Line::category, (a, b) -> a.compareTo(b) < 0 ? a : b, TreeMap::new));
  }

  /**
   * For each customer with a valid order before the day, products by score, then the popular ones
   * of the category of most items bought, then other popular ones.
   */
  Map<String, List<String>> recommendations(
      LocalDate asOf, LocalDate before, boolean byRules, int most) {
    Map<String, String> categories = categories(asOf);
    Set<String> items = items(before);
    Map<String, Double> sold = new HashMap<>();
    Map<String, Double> recent = new HashMap<>();
    for (Order order : orders(before)) {
      for (String product : only(order.products(), items)) {
        sold.merge(product, 1.0, Double::sum);
        if (!order.day().isBefore(before.minusDays(settings.recentDays()))) {
          recent.merge(product, 1.0, Double::sum);
        }
      }
    }
    List<String> popular =
        sold.keySet().stream()
            .sorted(
                Comparator.comparingDouble((String p) -> -recent.getOrDefault(p, 0.0))
                    .thenComparingDouble(p -> -sold.get(p))
                    .thenComparing(Comparator.naturalOrder()))
            .toList();
    List<Rule> rules = byRules ? rules(before) : List.of();
    Map<String, List<String>> result = new TreeMap<>();
    byCustomer(before)
        .forEach(
            (customer, its) -> {
              Set<String> bought =
                  its.stream()
                      .flatMap(order -> order.products().stream())
                      .collect(Collectors.toSet());
              Map<String, Double> scores = new HashMap<>();
              for (Rule rule : rules) {
                if (bought.contains(rule.from()) && !bought.contains(rule.to())) {
                  double trend =
                      Math.sqrt(
                          (recent.getOrDefault(rule.to(), 0.0) + 1) / (sold.get(rule.to()) + 10));
                  scores.merge(rule.to(), rule.strength() * trend, Double::sum);
                }
              }
              LinkedHashSet<String> ranked =
                  scores.keySet().stream()
                      .sorted(
                          Comparator.comparingDouble(
                                  (String p) -> -Math.round(scores.get(p) * 1e12))
                              .thenComparing(Comparator.naturalOrder()))
                      .collect(Collectors.toCollection(LinkedHashSet::new));
              Map<String, Long> counts =
                  bought.stream()
                      .filter(items::contains)
                      .map(categories::get)
                      .filter(java.util.Objects::nonNull)
                      .collect(Collectors.groupingBy(c -> c, TreeMap::new, Collectors.counting()));
              long largest = counts.values().stream().mapToLong(n -> n).max().orElse(0);
              String favorite =
                  counts.keySet().stream()
                      .filter(category -> byRules && counts.get(category) == largest)
                      .findFirst()
                      .orElse("");
              popular.stream()
                  .filter(product -> !bought.contains(product))
                  .filter(product -> favorite.equals(categories.get(product)))
                  .forEach(ranked::add);
              popular.stream().filter(product -> !bought.contains(product)).forEach(ranked::add);
              result.put(customer, ranked.stream().limit(most).toList());
            });
    return result;
  }

  /** Tested customers, and hits at 5 and at 10. */
  long[] backtest(LocalDate asOf, boolean byRules) {
    LocalDate to = asOf.withDayOfMonth(1);
    LocalDate from = to.minusMonths(1);
    Map<String, List<String>> recommended = recommendations(asOf, from, byRules, 10);
    Map<String, List<Order>> known = byCustomer(from);
    Map<String, Set<String>> bought = new LinkedHashMap<>();
    for (Order order : orders(to)) {
      if (order.customer() != null
          && known.containsKey(order.customer())
          && !order.day().isBefore(from)) {
        Set<String> fresh = new TreeSet<>(order.products());
        known.get(order.customer()).forEach(before -> fresh.removeAll(before.products()));
        bought.computeIfAbsent(order.customer(), any -> new TreeSet<>()).addAll(fresh);
      }
    }
    long[] result = new long[3];
    bought.forEach(
        (customer, fresh) -> {
          if (!fresh.isEmpty()) {
            List<String> ten = recommended.get(customer);
            result[0]++;
            result[1] += ten.stream().limit(5).anyMatch(fresh::contains) ? 1 : 0;
            result[2] += ten.stream().anyMatch(fresh::contains) ? 1 : 0;
          }
        });
    return result;
  }

  /** The favourite of each customer, by orders, spend, and the latest order. */
  Map<String, String> favorites(LocalDate before, java.util.function.Function<Line, String> of) {
    Map<String, Order> orders =
        orders(before).stream().collect(Collectors.toMap(Order::id, order -> order));
    Map<String, Map<String, List<Line>>> lines = new TreeMap<>();
    for (Line line : this.lines) {
      if (line.isSale()
          && line.isCounted()
          && orders.containsKey(line.order())
          && line.customer() != null) {
        Map<String, List<Line>> its =
            lines.computeIfAbsent(line.customer(), any -> new TreeMap<>());
        if (of.apply(line) != null) {
          its.computeIfAbsent(of.apply(line), any -> new ArrayList<>()).add(line);
        }
      }
    }
    Map<String, String> result = new TreeMap<>();
    lines.forEach(
        (customer, its) ->
            result.put(
                customer,
                its.entrySet().stream()
                    .min(
                        Comparator.comparingLong(
                                (Map.Entry<String, List<Line>> e) ->
                                    -e.getValue().stream().map(Line::order).distinct().count())
                            .thenComparingLong(
                                e -> -e.getValue().stream().mapToLong(Line::net).sum())
                            .thenComparingLong(
                                e ->
                                    -e.getValue().stream()
                                        .map(line -> orders.get(line.order()))
                                        .mapToLong(o -> o.day().toEpochDay() * 86_400 + o.second())
                                        .max()
                                        .getAsLong())
                            .thenComparing(Map.Entry::getKey))
                    .map(Map.Entry::getKey)
                    .orElse(null)));
    return result;
  }
}
