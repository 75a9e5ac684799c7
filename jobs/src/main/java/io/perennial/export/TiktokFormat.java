package io.perennial.export;

import io.perennial.config.AudienceSettings.Platform;
import io.perennial.config.Sha256;
import io.perennial.export.normalize.EmailNormalizer;
import java.util.List;
import java.util.Optional;

/** TikTok's customer file. */
record TiktokFormat() implements PlatformFormat {

  @Override
  public Platform platform() {
    return Platform.TIKTOK;
  }

  @Override
  public String ruleVersion() {
    return "tiktok-1";
  }

  @Override
  public List<String> headings() {
    return List.of("Email_SHA256", "Phone_SHA256");
  }

  @Override
  public int minimumRows() {
    return 1_000;
  }

  @Override
  public Optional<ListEntry> entry(Person person) {
    String email = Sha256.cell(EmailNormalizer.withoutSpaces(person.email()));
    String phone = Sha256.cell(person.phone());
    return email.isEmpty() && phone.isEmpty()
        ? Optional.empty()
        : Optional.of(ListEntry.ofHashes(List.of(email, phone), email, phone));
  }
}
