package io.perennial.sample;

/**
 * Where customers live. Cities and the first characters of postal codes are real; telephone numbers
 * are from the ranges that each country's regulator reserves for fiction.
 */
final class Residences {

  /** Countries with their weight, the factor on the purchase rate, and shipping in cents. */
  enum Country {
    US(62, 1.0, 595),
    CA(8, 0.9, 1295),
    GB(11, 1.1, 1595),
    DE(7, 1.05, 1695),
    FR(4, 0.85, 1695),
    AU(5, 0.8, 2195),
    IE(3, 0.95, 1695);

    final double weight;
    final double rate;
    final long shipping;

    Country(double weight, double rate, long shipping) {
      this.weight = weight;
      this.rate = rate;
      this.shipping = shipping;
    }
  }

  /**
   * A city.
   *
   * @param state null in countries without states
   * @param zips pattern of postal codes: # is a digit, @ a letter
   * @param taxPerMyriad tax in hundredths of a percent
   * @param phones patterns of telephone numbers
   */
  record City(
      Country country, String state, String name, String zips, int taxPerMyriad, String[] phones) {

    String zip(SeededRandom random) {
      return fill(zips, random);
    }

    String phone(SeededRandom random) {
      return fill(phones[random.below(phones.length)], random);
    }
  }

  /** country | state | city | postal codes | tax | area or numbers. */
  private static final String CITIES =
      """
      US|NY|New York|100##|888|212
      US|NY|Brooklyn|112##|888|718
      US|MA|Boston|021##|625|617
      US|NJ|Hoboken|070##|663|201
      US|PA|Philadelphia|191##|600|215
      US|IL|Chicago|606##|1025|312
      US|TX|Houston|770##|825|713
      US|TX|Austin|787##|825|512
      US|TX|Dallas|752##|825|214
      US|AZ|Phoenix|850##|860|602
      US|CO|Denver|802##|881|303
      US|WA|Seattle|981##|1035|206
      US|OR|Portland|972##|0|503
      US|CA|San Francisco|941##|863|415
      US|CA|Los Angeles|900##|950|213
      US|CA|San Diego|921##|775|619
      US|FL|Miami|331##|700|305
      US|FL|Orlando|328##|650|407
      US|GA|Atlanta|303##|890|404
      US|NC|Charlotte|282##|725|704
      US|MN|Minneapolis|554##|803|612
      US|MI|Detroit|482##|600|313
      US|OH|Columbus|432##|750|614
      US|TN|Nashville|372##|975|615
      US|MO|St. Louis|631##|968|314
      CA|ON|Toronto|M5V #@#|1300|416
      CA|BC|Vancouver|V6B #@#|1200|604
      CA|QC|Montréal|H2X #@#|1498|514
      GB||London|N1 #@@|0|+44 7700 900###,07700 900###
      GB||Manchester|M4 #@@|0|+44 7700 900###,07700 900###
      GB||Edinburgh|EH6 #@@|0|+44 7700 900###,07700 900###
      GB||Bristol|BS1 #@@|0|+44 7700 900###,07700 900###
      DE||Berlin|101##|0|+49 30 23125###,030 23125###
      DE||Hamburg|203##|0|+49 40 66969###,040 66969###
      DE||München|803##|0|+49 89 99998###,089 99998###
      DE||Köln|506##|0|+49 221 4710###,0221 4710###
      FR||Paris|7500#|0|+33 6 39 98 ## ##,06 39 98 ## ##
      FR||Lyon|6900#|0|+33 6 39 98 ## ##,06 39 98 ## ##
      FR||Bordeaux|330#0|0|+33 6 39 98 ## ##,06 39 98 ## ##
      AU|NSW|Sydney|20##|0|0491 570 156,0491 570 157,+61 491 570 158,0491 570 159,+61 491 570 110
      AU|VIC|Melbourne|30##|0|0491 570 156,0491 570 157,+61 491 570 158,0491 570 159,+61 491 570 110
      IE||Dublin|D02 @###|0|+353 20 91# ####,020 91# ####
      """;

  private static final City[] ALL;
  private static final double[] WEIGHTS;

  static {
    ALL = CITIES.strip().lines().map(Residences::city).toArray(City[]::new);
    double[] weights = new double[ALL.length];
    for (int i = 0; i < ALL.length; i++) {
      Country country = ALL[i].country();
      int cities = 0;
      for (City other : ALL) {
        cities += other.country() == country ? 1 : 0;
      }
      weights[i] = country.weight / cities;
    }
    WEIGHTS = SeededRandom.cumulate(weights);
  }

  private Residences() {}

  private static City city(String line) {
    String[] cells = line.strip().split("\\|");
    String area = cells[5];
    String[] phones =
        area.length() == 3
            ? new String[] {
              "+1 " + area + " 555 01##", "(" + area + ") 555-01##", area + "-555-01##"
            }
            : area.split(",");
    return new City(
        Country.valueOf(cells[0]),
        cells[1].isEmpty() ? null : cells[1],
        cells[2],
        cells[3],
        Integer.parseInt(cells[4]),
        phones);
  }

  static City pick(SeededRandom random) {
    return ALL[random.pick(WEIGHTS)];
  }

  private static String fill(String pattern, SeededRandom random) {
    char[] text = pattern.toCharArray();
    for (int i = 0; i < text.length; i++) {
      if (text[i] == '#') {
        text[i] = (char) ('0' + random.below(10));
      } else if (text[i] == '@') {
        text[i] = "ABCEGHJKLMNPRSTVWXYZ".charAt(random.below(20));
      }
    }
    return new String(text);
  }
}
