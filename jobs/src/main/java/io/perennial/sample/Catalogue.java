package io.perennial.sample;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The shop's sixteen categories and 289 products, the same for every seed. Popularity is skewed
 * within a category, some products are bought together, and each has a follow-up that its buyers
 * often buy next.
 */
final class Catalogue {

  /**
   * A category.
   *
   * @param name as exported
   * @param weight share of random purchases
   * @param rate factor on the purchase rate of customers whose first order is in it
   * @param price usual price in cents
   * @param peak month (1 to 12) of the highest sales, 0 for none
   * @param several probability that more than one piece of a product is bought
   */
  record Category(String name, double weight, double rate, int price, int peak, double several) {}

  /**
   * A product.
   *
   * @param index position in {@link #PRODUCTS}
   * @param price cents in the year 2023; it rises by 3 % a year
   * @param companions products that are bought together with it
   * @param followUp the product its buyers often buy next
   */
  record Product(
      int index,
      String id,
      String name,
      int category,
      String categoryName,
      int price,
      int[] companions,
      int followUp) {

    /** Price in cents in a year, ending in 9 or 5; a free product stays free. */
    long priceIn(int year) {
      if (price == 0) {
        return 0;
      }
      double risen = price * StrictMath.pow(1.03, year - 2023.0);
      long tens = Math.max(1, Math.round(risen / 10));
      return tens * 10 - (index % 3 == 0 ? 5 : 1);
    }
  }

  /** name | weight | rate | price | peak month | chance of several | nouns | variants. */
  private static final String CATALOGUE =
      """
      Coffee|9|1.7|1450|0|.35|Espresso Beans,Filter Roast,Decaf Roast,Cold Brew Pack,Paper Filters,Hand Grinder|250 g,500 g,1 kg
      Tea|7|1.5|990|12|.35|Green Tea,Earl Grey,Chamomile Tea,Rooibos,Oolong,Tea Infuser|Tin,Refill,Gift Box
      Kitchen|9|1.0|2490|12|.12|Chef's Knife,Cutting Board,Mixing Bowl,Saucepan,Rolling Pin,Whisk|Small,Medium,Large
      Tableware|8|0.95|1890|12|.45|Stoneware Mug,Dinner Plate,Soup Bowl,Carafe,Crème Brûlée Dish,Tumbler|White,Blue,Sand
      Bedding|5|0.7|6490|1|.25|Duvet Cover,Pillowcase,Fitted Sheet,Wool Blanket,Quilt,Mattress Pad|Twin,Queen,King
      Bath|6|1.05|1990|0|.35|Bath Towel,Hand Towel,Bath Mat,Soap Dish,Robe,Sponge Set|White,Grey,Green
      Candles|8|1.2|1690|12|.30|Pillar Candle,Scented Candle,Tealights,Candle Holder,Beeswax Taper,Wax Melts|Fig,Cedar,Unscented
      Lighting|4|0.6|5990|11|.10|Desk Lamp,Floor Lamp,Pendant,String Lights,Night Light,LED Bulb|Brass,Black,White
      Storage|6|0.85|2290|1|.30|Basket,Storage Box,Wall Shelf,Coat Rack,Jar Set,Drawer Organiser|Small,Medium,Large
      Garden|6|0.95|2790|5|.15|Watering Can,Pruning Shears,Planter,Garden Gloves,Trowel,Hose Reel|Classic,Deluxe,Kids
      Plants|7|1.25|1790|4|.20|Monstera,Snake Plant,Pothos,Fern,Succulent Trio,Herb Kit|Small,Medium,Large
      Stationery|6|1.15|890|9|.35|Notebook,Fountain Pen,Desk Calendar,Washi Tape,Letter Set,Planner|Plain,Dotted,Ruled
      Toys|5|0.8|2190|12|.12|Wooden Train,Puzzle,Plush Bear,Building Blocks,Kite,Card Game|Ages 1+,Ages 3+,Ages 6+
      Pets|6|1.6|1890|0|.30|Dog Treats,Cat Litter,Chew Toy,Pet Bed,Collar,Food Bowl|Small,Medium,Large
      Outdoor|4|0.8|4490|7|.10|Picnic Blanket,Camping Mug,Folding Chair,Hammock,Cooler Bag,Lantern|Green,Orange,Navy
      Party|4|0.9|790|12|.40|Gift Wrap "Happy Day",Balloons,Paper Garland,Napkins,Party Hats,Cake Toppers|Gold,Rainbow,Pastel
      """;

  /** Factor on the price for the three variants of an item. */
  private static final double[] VARIANT_PRICES = {0.8, 1.0, 1.35};

  static final List<Category> CATEGORIES = new ArrayList<>();
  static final List<Product> PRODUCTS = new ArrayList<>();

  /** A gift: a sale line at a price of 0. */
  static final Product SAMPLE_SACHET;

  /** For each month of the year, running sums of the categories' weights. */
  private static final double[][] CATEGORY_WEIGHTS = new double[13][];

  /** For each category the indices of its products, and running sums of their popularity. */
  private static final int[][] PRODUCTS_OF_CATEGORY;

  private static final double[][] POPULARITY;

  static {
    SeededRandom random = new SeededRandom(20230101, SeededRandom.Topic.CATALOGUE, 0, 0);
    String[] lines = CATALOGUE.strip().split("\n");
    int each = 18;
    int count = lines.length * each;
    PRODUCTS_OF_CATEGORY = new int[lines.length][each];
    POPULARITY = new double[lines.length][];
    for (int c = 0; c < lines.length; c++) {
      String[] cells = lines[c].strip().split("\\|");
      Category category =
          new Category(
              cells[0],
              Double.parseDouble(cells[1]),
              Double.parseDouble(cells[2]),
              Integer.parseInt(cells[3]),
              Integer.parseInt(cells[4]),
              Double.parseDouble(cells[5]));
      CATEGORIES.add(category);
      String[] nouns = cells[6].split(",");
      String[] variants = cells[7].split(",");
      double[] weights = new double[each];
      for (int i = 0; i < each; i++) {
        int index = c * each + i;
        PRODUCTS_OF_CATEGORY[c][i] = index;
        weights[i] = 1 / StrictMath.pow(1 + (i * 7) % each, 0.9);
        double price =
            category.price() * VARIANT_PRICES[i % 3] * StrictMath.exp(0.35 * random.gaussian());
        int[] companions = {sameCategory(random, c, i, each), random.below(count)};
        PRODUCTS.add(
            product(
                index,
                nouns[i / 3] + ", " + variants[i % 3],
                c,
                Math.max(199, (int) Math.round(price)),
                companions,
                random.chance(0.6) ? sameCategory(random, c, i, each) : random.below(count)));
      }
      POPULARITY[c] = SeededRandom.cumulate(weights);
    }
    SAMPLE_SACHET = product(count, "Sample Sachet (free)", 1, 0, new int[] {0, 1}, 0);
    PRODUCTS.add(SAMPLE_SACHET);
    for (int month = 1; month <= 12; month++) {
      double[] weights = new double[CATEGORIES.size()];
      for (int c = 0; c < weights.length; c++) {
        weights[c] = CATEGORIES.get(c).weight() * peak(CATEGORIES.get(c).peak(), month);
      }
      CATEGORY_WEIGHTS[month] = SeededRandom.cumulate(weights);
    }
  }

  private Catalogue() {}

  private static Product product(
      int index, String name, int category, int price, int[] companions, int followUp) {
    Category of = CATEGORIES.get(category);
    String id = of.name().substring(0, 3).toUpperCase(Locale.ROOT) + "-" + (1001 + index);
    return new Product(index, id, name, category, of.name(), price, companions, followUp);
  }

  private static int sameCategory(SeededRandom random, int category, int self, int each) {
    return category * each + (self + 1 + random.below(each - 1)) % each;
  }

  private static double peak(int peak, int month) {
    if (peak == 0) {
      return 1;
    }
    int apart = Math.min(Math.floorMod(month - peak, 12), Math.floorMod(peak - month, 12));
    return apart == 0 ? 1.9 : apart == 1 ? 1.4 : apart == 2 ? 1.1 : 0.85;
  }

  /** A category, drawn by its weight in the month. */
  static int category(SeededRandom random, int month) {
    return random.pick(CATEGORY_WEIGHTS[month]);
  }

  /** A product of a category, drawn by popularity. */
  static int product(SeededRandom random, int category) {
    return PRODUCTS_OF_CATEGORY[category][random.pick(POPULARITY[category])];
  }
}
