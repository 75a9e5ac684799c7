package io.perennial.export.normalize;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Normal forms of people's names. An absent name is empty text. */
public final class NameNormalizer {

  private static final Pattern PUNCTUATION = Pattern.compile("[\\p{P}\\p{S}]+");

  private static final Set<String> PREFIXES =
      Set.of("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "herr", "frau", "mme", "mlle");
  private static final Set<String> SUFFIXES =
      Set.of("jr", "sr", "ii", "iii", "iv", "phd", "md", "esq");

  private NameNormalizer() {}

  /**
   * Lowercase with single spaces; accents are kept, composed so that equal names are equal bytes.
   */
  static String lowercase(String raw) {
    return raw == null
        ? ""
        : AddressNormalizer.SPACES
            .matcher(Normalizer.normalize(raw, Normalizer.Form.NFC))
            .replaceAll(" ")
            .strip()
            .toLowerCase(Locale.ROOT);
  }

  /** Lowercase without leading titles (Mrs., Dr.): Google's form of a first name. */
  public static String withoutPrefix(String raw) {
    String name = lowercase(raw);
    for (int space = name.indexOf(' '); space > 0; space = name.indexOf(' ')) {
      if (!PREFIXES.contains(letters(name.substring(0, space)))) {
        return name;
      }
      name = name.substring(space + 1);
    }
    return name;
  }

  /** Lowercase without suffixes (Jr., III): Google's form of a last name. */
  public static String withoutSuffix(String raw) {
    String name = lowercase(raw);
    for (int space = name.lastIndexOf(' '); space > 0; space = name.lastIndexOf(' ')) {
      if (!SUFFIXES.contains(letters(name.substring(space + 1)))) {
        return name;
      }
      name = name.substring(0, space).replaceAll("[,\\s]+$", "");
    }
    return name;
  }

  /** Lowercase without punctuation, accents kept: Meta's form of a name. */
  public static String withoutPunctuation(String raw) {
    return lowercase(PUNCTUATION.matcher(lowercase(raw)).replaceAll(""));
  }

  private static String letters(String word) {
    return PUNCTUATION.matcher(word).replaceAll("");
  }
}
