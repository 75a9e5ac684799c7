package io.perennial.export;

import io.perennial.config.AudienceSettings.Platform;
import io.perennial.config.ExportSettings;
import io.perennial.config.ExportSettings.Property;
import io.perennial.config.Sha256;
import io.perennial.export.normalize.EmailNormalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Klaviyo's import: plain addresses with properties. The property {@code Perennial ID}, a hash of
 * customer, address and number, lets a removal name a profile whose address is no longer known.
 */
record KlaviyoFormat(ExportSettings.Klaviyo settings) implements PlatformFormat {

  static final String ID = "Perennial ID";

  /** Hexadecimal digits of a Perennial ID: 128 bits. */
  private static final int ID_LENGTH = 32;

  @Override
  public Platform platform() {
    return Platform.KLAVIYO;
  }

  @Override
  public String ruleVersion() {
    return "klaviyo-1";
  }

  @Override
  public List<String> headings() {
    return Stream.concat(
            Stream.of(
                "Email", "Phone Number", "First Name", "Last Name", "Email Marketing Consent", ID),
            settings.properties().stream().map(Property::heading))
        .toList();
  }

  @Override
  public List<String> removalHeadings() {
    return List.of(ID, "Email", "Phone Number", "Email SHA-256", "Phone SHA-256");
  }

  @Override
  public List<String> keyHeadings() {
    return List.of(ID);
  }

  @Override
  public List<String> profileColumns() {
    return settings.properties().stream().map(Property::column).toList();
  }

  @Override
  public boolean usesEmailConsent() {
    return true;
  }

  @Override
  public boolean removesByPlainAddress() {
    return true;
  }

  @Override
  public long maxFileBytes() {
    return settings.maxFileBytes();
  }

  @Override
  public Optional<ListEntry> entry(Person person) {
    String email = EmailNormalizer.trimmed(person.email());
    String phone = person.phone();
    if (email.isEmpty() && phone.isEmpty()) {
      return Optional.empty();
    }
    String id =
        Sha256.hex("klaviyo|" + person.customerId() + "|" + email + "|" + phone)
            .substring(0, ID_LENGTH);
    List<String> cells =
        new ArrayList<>(
            List.of(
                email,
                phone,
                stripped(person.firstName()),
                stripped(person.lastName()),
                consent(person.emailConsent()),
                id));
    cells.addAll(person.profileCells(profileColumns()));
    String line = Csv.line(cells);
    String emailHash = Sha256.cell(email);
    String phoneHash = Sha256.cell(phone);
    return Optional.of(
        new ListEntry(
            id, Sha256.hex(line), line, List.of(id, emailHash, phoneHash), emailHash, phoneHash));
  }

  private static String stripped(String name) {
    return name == null ? "" : name.strip();
  }

  /** Unknown consent is an empty cell, which leaves the profile unchanged. */
  private static String consent(Boolean given) {
    if (given == null) {
      return "";
    }
    return given ? "SUBSCRIBED" : "UNSUBSCRIBED";
  }

  @Override
  public String removalLine(List<String> removalCells, String email, String phone) {
    return Csv.line(
        List.of(removalCells.get(0), email, phone, removalCells.get(1), removalCells.get(2)));
  }
}
