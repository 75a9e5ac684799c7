package io.perennial.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The audiences of conf/audiences.conf and what holds for all of them.
 *
 * @param audiences in the order of the file
 * @param suppressionLists files of customer ids or addresses that nobody is to be addressed by
 * @param seasonDays days from as_of that count as the coming season
 * @param liftWindowsDays windows after assignment that lift is measured over, ascending
 */
public record AudienceSettings(
    List<Audience> audiences,
    List<String> suppressionLists,
    int seasonDays,
    List<Integer> liftWindowsDays) {

  /** The audiences as text without where they were written: equal means that they are the same. */
  String rules() {
    return audiences.stream()
        .map(audience -> audience.toString().replace(audience.origin(), ""))
        .collect(Collectors.joining("\n"));
  }

  /**
   * One audience.
   *
   * @param name names its rows and files: lowercase letters, digits and hyphens
   * @param words what marketers call it
   * @param use when to use it, in a sentence
   * @param predicate Spark SQL over customer_profile: who is in it
   * @param reason why a customer is in it: text with Spark SQL expressions over customer_profile in
   *     braces
   * @param channel how it is addressed: what consent it takes
   * @param rankBy Spark SQL over customer_profile: the largest value comes first
   * @param stratifyBy a column of customer_profile: instead of a ranking, a draw in which every
   *     value has its share
   * @param cap members at most, of both arms together
   * @param coolOffDays days in which nobody is selected again, whatever the arm; 0 for an audience
   *     that customers stay in as long as the predicate holds
   * @param controlShare share of members who are held out: 0 to less than 1
   * @param experiment draws the control group; audiences that name the same one share it
   * @param platforms where its files go
   * @param platformName what platforms are told it is called: neutral
   * @param origin file and line, for errors
   */
  public record Audience(
      String name,
      String words,
      String use,
      String predicate,
      String reason,
      Channel channel,
      Optional<String> rankBy,
      Optional<String> stratifyBy,
      Optional<Integer> cap,
      int coolOffDays,
      double controlShare,
      String experiment,
      Set<Platform> platforms,
      String platformName,
      String origin) {}

  /** What an audience's channel or platform can recognise a customer by. */
  public enum Identifier {
    CUSTOMER_ID,
    EMAIL,
    PHONE,
    /** First name, last name, country and postal code together. */
    POSTAL_ADDRESS
  }

  /** How the members of an audience are addressed. */
  public enum Channel {
    EMAIL(Identifier.EMAIL),
    SMS(Identifier.PHONE),
    ADS(Identifier.EMAIL, Identifier.PHONE),
    /** Members are not addressed: for analyses, and for lists that other systems take. */
    NONE(Identifier.CUSTOMER_ID);

    private final Set<Identifier> identifiers;

    Channel(Identifier... identifiers) {
      this.identifiers = Set.of(identifiers);
    }

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The identifiers of which a customer needs one where the audience names no platform. */
    public Set<Identifier> identifiers() {
      return identifiers;
    }
  }

  /**
   * The platforms that files are exported for, each with the identifiers that it matches by. The
   * export package has a class for each of them, which the compiler asks for.
   */
  public enum Platform {
    GOOGLE(Identifier.EMAIL, Identifier.PHONE, Identifier.POSTAL_ADDRESS),
    META(Identifier.EMAIL, Identifier.PHONE),
    TIKTOK(Identifier.EMAIL, Identifier.PHONE),
    /** Profiles of e-mail addresses, and of phone numbers in audiences of the channel sms. */
    KLAVIYO {
      @Override
      public Set<Identifier> identifiers(Channel channel) {
        return Set.of(channel == Channel.SMS ? Identifier.PHONE : Identifier.EMAIL);
      }
    },
    /** Columns as configured, by customer id. */
    GENERIC(Identifier.CUSTOMER_ID);

    private final Set<Identifier> identifiers;

    Platform(Identifier... identifiers) {
      this.identifiers = Set.of(identifiers);
    }

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The identifiers of which a customer of an audience with this channel needs one. */
    public Set<Identifier> identifiers(Channel channel) {
      return identifiers;
    }

    /** Every platform in a sentence: {@code google, meta or generic}. */
    public static String sentence() {
      return Arrays.stream(values())
          .map(Platform::label)
          .collect(Collectors.joining(", "))
          .replaceFirst(", (\\w+)$", " or $1");
    }
  }
}
