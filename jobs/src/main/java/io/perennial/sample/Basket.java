package io.perennial.sample;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * The content of one order; amounts are cents.
 *
 * @param lines sale lines in order
 * @param orderDiscount discount on the order as a whole, 0 for none
 * @param shipping charged once per order
 * @param tax on top of the prices, 0 where prices include it
 * @param discountCode the code behind the discounts, or null
 */
record Basket(List<Line> lines, long orderDiscount, long shipping, long tax, String discountCode) {

  /** A sale line: quantity at least 1, discount off the line in cents. */
  record Line(Catalogue.Product product, int quantity, long unitPrice, long discount) {

    long amount() {
      return quantity * unitPrice;
    }

    /** The price of one piece after all discounts, rounded down: the most that is refunded. */
    long paidPerPiece(Basket basket) {
      long gross = basket.lines.stream().mapToLong(Line::amount).sum();
      long share = gross == 0 ? 0 : (basket.orderDiscount * amount() + gross - 1) / gross;
      return Math.max(0, (amount() - discount - share) / quantity);
    }
  }

  private static final int MAX_LINES = 12;
  private static final long FREE_SHIPPING_FROM = 6_000;
  private static final String[] CODES = {"SPRING10", "LOYAL15", "WEEKEND20"};
  private static final int[] CODE_PERCENT = {10, 15, 20};

  static Basket of(SampleSettings settings, Customer customer, int order, long orderedAt) {
    SeededRandom random =
        new SeededRandom(settings.seed(), SeededRandom.Topic.BASKET, customer.number(), order);
    LocalDate day = ShopClock.date(orderedAt);
    List<Catalogue.Product> products = products(random, customer, order, day.getMonthValue());
    double discountChance =
        customer.isDiscountDriven()
            ? Population.DISCOUNT_DRIVEN_CHANCE
            : order == 0 ? Population.WELCOME_CHANCE : Population.DISCOUNT_CHANCE;
    boolean discounted = random.chance(discountChance);
    double kindOfCode = random.uniform();
    String code = null;
    int percent = 0;
    long off = 0;
    if (discounted && order == 0 && kindOfCode < 0.7) {
      code = "WELCOME10";
      percent = 10;
    } else if (discounted && day.getMonthValue() == 11 && kindOfCode < 0.6) {
      code = "BLACK25";
      percent = 25;
    } else if (discounted && kindOfCode > 0.8) {
      code = "TAKE5";
      off = 500;
    } else if (discounted) {
      int one = random.below(CODES.length);
      code = CODES[one];
      percent = CODE_PERCENT[one];
    }
    List<Line> lines = new ArrayList<>(products.size() + 1);
    long gross = 0;
    long net = 0;
    for (Catalogue.Product product : products) {
      int quantity = quantity(random, customer, product);
      long price = product.priceIn(day.getYear());
      long discount = (quantity * price * percent + 50) / 100;
      lines.add(new Line(product, quantity, price, discount));
      gross += quantity * price;
      net += quantity * price - discount;
    }
    if (random.chance(0.02)) {
      lines.add(new Line(Catalogue.SAMPLE_SACHET, 1, 0, 0));
    }
    off = Math.min(off, gross / 2);
    net -= off;
    boolean shipped = customer.channel() != Population.STORE;
    long shipping =
        !shipped ? 0 : net >= FREE_SHIPPING_FROM ? 0 : customer.home().country().shipping;
    long tax = (net * customer.home().taxPerMyriad() + 5_000) / 10_000;
    return new Basket(lines, off, shipping, tax, code);
  }

  private static List<Catalogue.Product> products(
      SeededRandom random, Customer customer, int order, int month) {
    List<Catalogue.Product> all = new ArrayList<>(4);
    all.add(Catalogue.PRODUCTS.get(lead(random, customer, order, month)));
    double stop = Math.min(0.9, Population.LINES_PER_ORDER_STOP / customer.spend());
    while (all.size() < MAX_LINES && !random.chance(stop)) {
      Catalogue.Product with = all.get(random.below(all.size()));
      double draw = random.uniform();
      int next;
      if (draw < 0.35) {
        next = with.companions()[random.chance(0.7) ? 0 : 1];
      } else if (draw < (order == 0 ? 0.85 : 0.6)) {
        next = Catalogue.product(random, all.get(0).category());
      } else {
        next = Catalogue.product(random, Catalogue.category(random, month));
      }
      Catalogue.Product product = Catalogue.PRODUCTS.get(next);
      if (!all.contains(product)) {
        all.add(product);
      }
    }
    return all;
  }

  /**
   * The product an order is placed for: of the first category at first, later often a follow-up.
   */
  private static int lead(SeededRandom random, Customer customer, int order, int month) {
    double draw = random.uniform();
    if (draw < 0.35) {
      int product = customer.chainStart();
      for (int i = 0; i < Math.min(order, 20); i++) {
        product = Catalogue.PRODUCTS.get(product).followUp();
      }
      return product;
    }
    if (order == 0 || draw < 0.65) {
      return Catalogue.product(random, customer.firstCategory());
    }
    return Catalogue.product(
        random, draw < 0.8 ? customer.secondCategory() : Catalogue.category(random, month));
  }

  private static int quantity(SeededRandom random, Customer customer, Catalogue.Product product) {
    double several =
        Math.min(0.8, Catalogue.CATEGORIES.get(product.category()).several() * customer.spend());
    if (!random.chance(several)) {
      return 1;
    }
    double draw = random.uniform();
    if (draw < 0.6) {
      return 2;
    }
    return draw < 0.97 ? 3 + random.below(4) : 12;
  }
}
