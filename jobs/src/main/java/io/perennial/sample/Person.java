package io.perennial.sample;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;

/**
 * The name, address and consents of a customer: invented, but well-formed. E-mail addresses use the
 * domains reserved for examples.
 *
 * @param birthDay days since 1970-01-01, or {@link #UNKNOWN}
 * @param emailConsent null for a customer who was never asked
 */
record Person(
    String email,
    String phone,
    String firstName,
    String lastName,
    String city,
    String state,
    String zip,
    int birthDay,
    Boolean emailConsent,
    Boolean smsConsent,
    Boolean adsConsent) {

  static final int UNKNOWN = Integer.MIN_VALUE;

  private static final String[] FIRST =
      names(
          """
          Anna,Ben,Clara,David,Emma,Felix,Grace,Hugo,Isla,Jack,Karen,Liam,Mia,Noah,Olivia,Paul
          Quinn,Rosa,Sam,Tara,Uma,Victor,Wendy,Xavier,Yara,Zoe,José,Zoë,Jürgen,Renée,Siobhán
          Begoña,Mary Ann,Jean-Luc,Priya,Kenji,Fatima,Kwame,Ingrid,Mateo
          """);
  private static final String[] LAST =
      names(
          """
          Smith,Johnson,Brown,Miller,Davis,Garcia,Wilson,Taylor,Clark,Lewis,Walker,Young,King
          Scott,Baker,Adams,Campbell,Murphy,O'Brien,Kelly,Müller,Schmidt,Fischer,Weber,Wagner
          Dubois,Lefèvre,Moreau,Nguyen,Patel,Kim,Singh,Okafor,Rossi,Núñez,Silva,Ito,Larsen
          Van Dyke,Smith-Jones
          """);
  private static final String[] FIRST_PLAIN = plain(FIRST);
  private static final String[] LAST_PLAIN = plain(LAST);
  private static final String[] DOMAINS = {"@example.com", "@example.org", "@example.net"};

  /** The person at the time of an order; some customers withdraw a consent later. */
  static Person of(SampleSettings settings, Customer customer, int order) {
    SeededRandom random =
        new SeededRandom(settings.seed(), SeededRandom.Topic.PERSON, customer.number(), 0);
    int first = random.below(FIRST.length);
    int last = random.below(LAST.length);
    Residences.City home = customer.home();
    String mailbox = FIRST_PLAIN[first] + "." + LAST_PLAIN[last];
    if (random.chance(0.05)) {
      mailbox = mailbox.toUpperCase(Locale.ROOT);
    }
    String email = mailbox + "." + Long.toString(customer.number(), 36) + DOMAINS[random.below(3)];
    boolean hasPhone = random.chance(0.6);
    String phone = home.phone(random);
    String zip = home.zip(random);
    boolean saysBirthday = random.chance(0.45);
    int birthDay = (int) random.between(-12_800, 13_500);
    double withdrawal = random.exponential() * 30;
    double emailDraw = random.uniform();
    double smsDraw = random.uniform();
    double adsDraw = random.uniform();
    boolean withdrawn = order > withdrawal;
    String firstName = FIRST[first];
    return new Person(
        email,
        hasPhone ? phone : null,
        random.chance(0.03) ? firstName.toLowerCase(Locale.ROOT) : firstName,
        LAST[last],
        home.name(),
        home.state(),
        zip,
        saysBirthday ? birthDay : UNKNOWN,
        consent(emailDraw, 0.68, 0.85, withdrawn),
        hasPhone ? consent(smsDraw, 0.35, 0.70, withdrawn) : null,
        consent(adsDraw, 0.55, 0.75, withdrawn));
  }

  private static Boolean consent(double draw, double yes, double asked, boolean withdrawn) {
    if (draw >= asked) {
      return null;
    }
    return draw < yes && !withdrawn;
  }

  private static String[] names(String lines) {
    return lines.strip().split("[,\n]");
  }

  private static String[] plain(String[] names) {
    return Arrays.stream(names)
        .map(name -> Normalizer.normalize(name, Normalizer.Form.NFD))
        .map(name -> name.replaceAll("[^A-Za-z]", "").toLowerCase(Locale.ROOT))
        .toArray(String[]::new);
  }
}
