package io.perennial.export.normalize;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;

/** Normal forms of phone numbers. An invalid number becomes empty text. */
public final class PhoneNormalizer {

  private static final PhoneNumberUtil NUMBERS = PhoneNumberUtil.getInstance();

  private PhoneNormalizer() {}

  /**
   * E.164: a plus, the country code and the number, digits only.
   *
   * @param raw as the customer wrote it
   * @param regions countries (ISO alpha-2) to try, likeliest first, for a number without a country
   *     code; empty text is skipped. The first in which the number is valid counts
   */
  public static String e164(String raw, String... regions) {
    if (raw == null || raw.isBlank()) {
      return "";
    }
    String text = raw.strip();
    for (String region : regions) {
      if (!region.isEmpty()) {
        String number = parsed(text, region);
        if (!number.isEmpty()) {
          return number;
        }
      }
    }
    // Without a country, 00 is read as the international prefix of most countries.
    return parsed(text.startsWith("00") ? "+" + text.substring(2) : text, null);
  }

  private static String parsed(String text, String region) {
    try {
      PhoneNumber number = NUMBERS.parse(text, region);
      return NUMBERS.isValidNumber(number) ? NUMBERS.format(number, PhoneNumberFormat.E164) : "";
    } catch (NumberParseException e) {
      return ""; // Counted by the caller; the text must not get into a log.
    }
  }
}
