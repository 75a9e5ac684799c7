package io.perennial.export;

import io.perennial.config.AudienceSettings.Platform;
import io.perennial.config.ExportSettings;
import io.perennial.config.Sha256;
import io.perennial.export.normalize.AddressNormalizer;
import io.perennial.export.normalize.EmailNormalizer;
import io.perennial.export.normalize.NameNormalizer;
import java.util.List;
import java.util.Optional;

/**
 * Google Ads Customer Match. Names match only together with country and postal code: the four are
 * sent together or not at all.
 */
record GoogleFormat(ExportSettings.Google settings) implements PlatformFormat {

  @Override
  public Platform platform() {
    return Platform.GOOGLE;
  }

  @Override
  public String ruleVersion() {
    return settings.isGmailMailbox() ? "google-1" : "google-1-gmail-as-written";
  }

  @Override
  public List<String> headings() {
    return List.of("Email", "Phone", "First Name", "Last Name", "Country", "Zip");
  }

  @Override
  public int minimumRows() {
    return 100;
  }

  @Override
  public Optional<Integer> resendAfterDays() {
    return Optional.of(settings.resendAfterDays());
  }

  String email(String raw) {
    String address = EmailNormalizer.withoutSpaces(raw);
    return settings.isGmailMailbox() ? EmailNormalizer.gmailMailbox(address) : address;
  }

  @Override
  public Optional<ListEntry> entry(Person person) {
    String email = Sha256.cell(email(person.email()));
    String phone = Sha256.cell(person.phone());
    String first = NameNormalizer.withoutPrefix(person.firstName());
    String last = NameNormalizer.withoutSuffix(person.lastName());
    String country = AddressNormalizer.country(person.country());
    String zip = AddressNormalizer.writtenZip(person.zip(), country);
    boolean hasAddress =
        !first.isEmpty() && !last.isEmpty() && !country.isEmpty() && !zip.isEmpty();
    if (email.isEmpty() && phone.isEmpty() && !hasAddress) {
      return Optional.empty();
    }
    return Optional.of(
        ListEntry.ofHashes(
            hasAddress
                ? List.of(email, phone, Sha256.hex(first), Sha256.hex(last), country, zip)
                : List.of(email, phone, "", "", "", ""),
            email,
            phone));
  }
}
