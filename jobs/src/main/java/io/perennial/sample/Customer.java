package io.perennial.sample;

/**
 * One buyer, a pure function of seed and number. Numbers below {@code customers} are customers with
 * a key; then follow anonymous buyers with one order each, then staff who place test orders.
 *
 * @param number unique in the lake
 * @param kind the kind of buyer
 * @param id customer key, null for an anonymous buyer
 * @param home residence
 * @param channel acquisition channel, and channel of most later orders
 * @param firstCategory category of the first order and of many later ones
 * @param secondCategory another preferred category
 * @param chainStart first product of the chain of follow-up purchases
 * @param acquired time of the first order, in days of the steady clock of {@link Seasonality}
 * @param rate orders per day while alive, on average over a year
 * @param dropout probability to drop out after each order
 * @param isDiscountDriven whether most orders have a discount
 * @param spend factor on the basket size, 1 on average
 */
record Customer(
    long number,
    Kind kind,
    String id,
    Residences.City home,
    int channel,
    int firstCategory,
    int secondCategory,
    int chainStart,
    double acquired,
    double rate,
    double dropout,
    boolean isDiscountDriven,
    double spend) {

  /** Kinds of buyers; the first four have a key and a row in the ground truth. */
  enum Kind {
    REGULAR,
    BARGAIN_HUNTER,
    GIFT_BUYER,
    GUEST,
    ANONYMOUS,
    STAFF
  }

  /** Number of buyers of all kinds in a lake. */
  static long buyers(SampleSettings settings) {
    return settings.customers() + anonymous(settings) + staff(settings);
  }

  private static long anonymous(SampleSettings settings) {
    return (long) Math.ceil(settings.customers() * Population.ANONYMOUS_RATIO);
  }

  private static long staff(SampleSettings settings) {
    return 1 + settings.customers() / Population.CUSTOMERS_PER_STAFF;
  }

  static Customer of(SampleSettings settings, Seasonality season, long number) {
    SeededRandom random = new SeededRandom(settings.seed(), SeededRandom.Topic.CUSTOMER, number, 0);
    Kind kind = kind(settings, number, random.uniform());
    double acquired = season.arrival(random, kind == Kind.GIFT_BUYER);
    Residences.City home = Residences.pick(random);
    int channel = Population.channel(random);
    if (kind == Kind.ANONYMOUS) {
      channel = Population.STORE;
    }
    int month = ShopClock.date(season.moment(acquired)).getMonthValue();
    int firstCategory = Catalogue.category(random, month);
    int secondCategory = Catalogue.category(random, month);
    int chainStart = Catalogue.product(random, firstCategory);
    double rate =
        random.gamma(Population.RATE_SHAPE)
            * Population.RATE_SCALE
            * Population.channelRate(channel)
            * home.country().rate
            * Catalogue.CATEGORIES.get(firstCategory).rate();
    double dropout = random.beta(Population.DROPOUT_A, Population.DROPOUT_B);
    boolean discountDriven = random.chance(Population.DISCOUNT_DRIVEN_SHARE);
    double spend = StrictMath.exp(0.4 * random.gaussian());
    switch (kind) {
      case GUEST, GIFT_BUYER, ANONYMOUS -> dropout = 1;
      case BARGAIN_HUNTER -> {
        dropout = Population.BARGAIN_HUNTER_DROPOUT;
        discountDriven = true;
      }
      case STAFF -> {
        rate = Population.STAFF_RATE;
        dropout = 0;
      }
      case REGULAR -> {}
    }
    return new Customer(
        number,
        kind,
        id(kind, number),
        home,
        channel,
        firstCategory,
        secondCategory,
        chainStart,
        acquired,
        rate,
        dropout,
        discountDriven,
        spend);
  }

  private static Kind kind(SampleSettings settings, long number, double draw) {
    if (number >= settings.customers()) {
      return number < settings.customers() + anonymous(settings) ? Kind.ANONYMOUS : Kind.STAFF;
    }
    double left = draw - Population.GUEST_SHARE;
    if (left < 0) {
      return Kind.GUEST;
    }
    left -= Population.GIFT_BUYER_SHARE;
    if (left < 0) {
      return Kind.GIFT_BUYER;
    }
    return left < Population.BARGAIN_HUNTER_SHARE ? Kind.BARGAIN_HUNTER : Kind.REGULAR;
  }

  private static String id(Kind kind, long number) {
    return switch (kind) {
      case ANONYMOUS -> null;
      case GUEST -> padded("G", number, 8);
      case STAFF -> padded("S", number, 8);
      default -> padded("C", number, 8);
    };
  }

  /** A key such as C00000042. */
  static String padded(String prefix, long number, int digits) {
    String text = Long.toString(number);
    return text.length() >= digits
        ? prefix.concat(text)
        : prefix.concat("000000000".substring(0, digits - text.length())).concat(text);
  }
}
