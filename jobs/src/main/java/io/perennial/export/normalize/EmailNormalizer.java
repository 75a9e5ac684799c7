package io.perennial.export.normalize;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Normal forms of e-mail addresses. An invalid address becomes empty text. */
public final class EmailNormalizer {

  private static final Pattern EDGES =
      Pattern.compile("^[\\s\\p{Z}\\p{Cf}]+|[\\s\\p{Z}\\p{Cf}]+$", Pattern.UNICODE_CHARACTER_CLASS);

  /** A mailbox, one @, and a domain with a dot: the parts that delivery needs. */
  private static final Pattern ADDRESS =
      Pattern.compile(
          "[^\\s\\p{Z}\\p{C}@\"(),:;<>\\[\\]\\\\]{1,64}"
              + "@(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?\\.)+"
              + "(?:\\p{L}{2,63}|xn--[a-z0-9-]{2,59})");

  private static final int MAX_LENGTH = 254;

  private static final Set<String> GMAIL = Set.of("gmail.com", "googlemail.com");

  private EmailNormalizer() {}

  /** Trimmed and lowercase; an address with an inner space is invalid. */
  public static String trimmed(String raw) {
    return raw == null ? "" : address(EDGES.matcher(raw).replaceAll("").toLowerCase(Locale.ROOT));
  }

  /** Lowercase without any space. */
  public static String withoutSpaces(String raw) {
    return raw == null
        ? ""
        : address(AddressNormalizer.SPACES.matcher(raw).replaceAll("").toLowerCase(Locale.ROOT));
  }

  /**
   * The mailbox of a Gmail address: without dots and without the suffix after a plus. Other
   * addresses are returned unchanged.
   *
   * @param address a result of {@link #withoutSpaces}
   */
  public static String gmailMailbox(String address) {
    int at = address.lastIndexOf('@');
    if (at < 0 || !GMAIL.contains(address.substring(at + 1))) {
      return address;
    }
    String mailbox = address.substring(0, at);
    int plus = mailbox.indexOf('+');
    mailbox = (plus < 0 ? mailbox : mailbox.substring(0, plus)).replace(".", "");
    return mailbox.isEmpty() ? "" : mailbox + address.substring(at);
  }

  private static String address(String text) {
    return text.length() <= MAX_LENGTH && ADDRESS.matcher(text).matches() ? text : "";
  }
}
