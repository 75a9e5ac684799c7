package io.perennial.export;

import io.perennial.config.AudienceSettings.Platform;
import io.perennial.config.Sha256;
import io.perennial.export.normalize.AddressNormalizer;
import io.perennial.export.normalize.BirthDateNormalizer;
import io.perennial.export.normalize.EmailNormalizer;
import io.perennial.export.normalize.NameNormalizer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Meta's customer list. A person is matched by e-mail address, by phone number, or by the full name
 * with a postal code, a city or a date of birth.
 *
 * @param value column of customer_profile that fills {@code value}; empty leaves the cells empty
 */
record MetaFormat(String value) implements PlatformFormat {

  @Override
  public Platform platform() {
    return Platform.META;
  }

  @Override
  public String ruleVersion() {
    return "meta-1";
  }

  @Override
  public List<String> headings() {
    return List.of(
        "email", "phone", "fn", "ln", "ct", "st", "zip", "country", "dob", "extern_id", "value");
  }

  @Override
  public List<String> profileColumns() {
    return value.isEmpty() ? List.of() : List.of(value);
  }

  @Override
  public int minimumRows() {
    return 100;
  }

  /** Digits with the country code, without the plus. */
  static String phone(String e164) {
    return e164.isEmpty() ? "" : e164.substring(1);
  }

  @Override
  public Optional<ListEntry> entry(Person person) {
    String email = Sha256.cell(EmailNormalizer.trimmed(person.email()));
    String phone = Sha256.cell(phone(person.phone()));
    String first = NameNormalizer.withoutPunctuation(person.firstName());
    String last = NameNormalizer.withoutPunctuation(person.lastName());
    String country = AddressNormalizer.country(person.country());
    String city = AddressNormalizer.aToZ(person.city());
    String zip = AddressNormalizer.compactZip(person.zip(), country);
    String dob = BirthDateNormalizer.digits(person.birthDate(), country);
    boolean isMatchedByName =
        !first.isEmpty()
            && !last.isEmpty()
            && (!zip.isEmpty() || !city.isEmpty() || !dob.isEmpty());
    if (email.isEmpty() && phone.isEmpty() && !isMatchedByName) {
      return Optional.empty();
    }
    return Optional.of(
        ListEntry.ofHashes(
            List.of(
                email,
                phone,
                Sha256.cell(first),
                Sha256.cell(last),
                Sha256.cell(city),
                Sha256.cell(AddressNormalizer.state(person.state(), country)),
                Sha256.cell(zip),
                Sha256.cell(country.toLowerCase(Locale.ROOT)),
                Sha256.cell(dob),
                person.customerId(),
                person.profileCells(List.of(value)).get(0)),
            email,
            phone));
  }
}
