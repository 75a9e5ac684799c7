package io.perennial.export.normalize;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.MissingResourceException;
import java.util.regex.Pattern;

/** Normal forms of postal addresses. An absent or unknown value is empty text. */
public final class AddressNormalizer {

  static final String UNITED_STATES = "US";

  private static final Pattern MARKS = Pattern.compile("\\p{M}+");
  private static final Pattern NOT_A_TO_Z = Pattern.compile("[^a-z]+");

  /** White space, and characters that are written as none. */
  static final Pattern SPACES =
      Pattern.compile("[\\s\\p{Z}\\p{Cf}]+", Pattern.UNICODE_CHARACTER_CLASS);

  private static final Pattern SPACES_AND_DASHES =
      Pattern.compile("[\\s\\p{Z}\\p{Cf}\\p{Pd}]+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final int US_ZIP_DIGITS = 5;

  private static final Map<String, String> COUNTRIES = countries();
  private static final Map<String, String> US_STATES = usStates();

  private AddressNormalizer() {}

  /** ISO 3166 alpha-2, uppercase, of a code of two or three letters or an English name. */
  public static String country(String raw) {
    return raw == null ? "" : COUNTRIES.getOrDefault(aToZ(raw), "");
  }

  /** Letters a to z, without accents: Meta's form of a city. */
  public static String aToZ(String raw) {
    if (raw == null) {
      return "";
    }
    String lower = raw.toLowerCase(Locale.ROOT);
    StringBuilder spelled = new StringBuilder(lower.length() + 4);
    for (int i = 0; i < lower.length(); i++) {
      spelled.append(transliterated(lower.charAt(i)));
    }
    String plain = MARKS.matcher(Normalizer.normalize(spelled, Normalizer.Form.NFD)).replaceAll("");
    return NOT_A_TO_Z.matcher(plain).replaceAll("");
  }

  /**
   * Meta's form of a state or province: letters only, in the USA the two-letter code.
   *
   * @param country ISO alpha-2, or empty
   */
  public static String state(String raw, String country) {
    String letters = aToZ(raw);
    return country.equals(UNITED_STATES) ? US_STATES.getOrDefault(letters, letters) : letters;
  }

  /**
   * Meta's form of a postal code: lowercase, no spaces or dashes, in the USA the first five digits.
   */
  public static String compactZip(String raw, String country) {
    if (raw == null) {
      return "";
    }
    if (country.equals(UNITED_STATES)) {
      String first = raw.strip().split("[\\s\\p{Pd}]", 2)[0];
      String digits = withLostZeros(first);
      return digits.length() > US_ZIP_DIGITS ? digits.substring(0, US_ZIP_DIGITS) : digits;
    }
    return SPACES_AND_DASHES.matcher(raw).replaceAll("").toLowerCase(Locale.ROOT);
  }

  /** Google's form of a postal code: as written, in capitals, with single spaces. */
  public static String writtenZip(String raw, String country) {
    if (raw == null) {
      return "";
    }
    String text = SPACES.matcher(raw).replaceAll(" ").strip().toUpperCase(Locale.ROOT);
    return country.equals(UNITED_STATES) ? withLostZeros(text) : text;
  }

  /** Restores leading zeros: a spreadsheet turns 02138 into the number 2138. */
  private static String withLostZeros(String zip) {
    return zip.matches("\\d{3,4}") ? "0".repeat(US_ZIP_DIGITS - zip.length()) + zip : zip;
  }

  /** Transliterates letters that do not decompose into a to z and a mark. */
  private static String transliterated(char letter) {
    return switch (letter) {
      case 'ß' -> "ss";
      case 'æ' -> "ae";
      case 'œ' -> "oe";
      case 'ø' -> "o";
      case 'ł' -> "l";
      case 'đ', 'ð' -> "d";
      case 'þ' -> "th";
      case 'ı' -> "i";
      default -> String.valueOf(letter);
    };
  }

  private static Map<String, String> countries() {
    Map<String, String> codes = new HashMap<>();
    for (String code : Locale.getISOCountries()) {
      Locale country = new Locale.Builder().setRegion(code).build();
      codes.put(aToZ(country.getDisplayCountry(Locale.ENGLISH)), code);
      try {
        codes.put(aToZ(country.getISO3Country()), code);
      } catch (MissingResourceException e) {
        codes.put(aToZ(code), code); // Reserved codes have no alpha-3 code.
      }
    }
    for (String code : Locale.getISOCountries()) {
      codes.put(aToZ(code), code);
    }
    for (String name : "uk greatbritain england scotland wales northernireland".split(" ")) {
      codes.put(name, "GB");
    }
    codes.put("eire", "IE");
    codes.put("unitedstatesofamerica", UNITED_STATES);
    codes.put("czechrepublic", "CZ");
    codes.put("holland", "NL");
    return Map.copyOf(codes);
  }

  private static Map<String, String> usStates() {
    String list =
        "alabama al alaska ak arizona az arkansas ar california ca colorado co connecticut ct"
            + " delaware de districtofcolumbia dc florida fl georgia ga hawaii hi idaho id"
            + " illinois il indiana in iowa ia kansas ks kentucky ky louisiana la maine me"
            + " maryland md massachusetts ma michigan mi minnesota mn mississippi ms missouri mo"
            + " montana mt nebraska ne nevada nv newhampshire nh newjersey nj newmexico nm"
            + " newyork ny northcarolina nc northdakota nd ohio oh oklahoma ok oregon or"
            + " pennsylvania pa rhodeisland ri southcarolina sc southdakota sd tennessee tn"
            + " texas tx utah ut vermont vt virginia va washington wa westvirginia wv"
            + " wisconsin wi wyoming wy puertorico pr";
    String[] words = list.split(" ");
    Map<String, String> states = new HashMap<>();
    for (int i = 0; i < words.length; i += 2) {
      states.put(words[i], words[i + 1]);
    }
    return Map.copyOf(states);
  }
}
