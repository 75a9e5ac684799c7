package io.perennial.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.config.ExportSettings;
import io.perennial.config.Sha256;
import io.perennial.export.normalize.AddressNormalizer;
import io.perennial.export.normalize.BirthDateNormalizer;
import io.perennial.export.normalize.EmailNormalizer;
import io.perennial.export.normalize.NameNormalizer;
import io.perennial.export.normalize.PhoneNormalizer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fixed vectors for every platform's normalization. */
class NormalizationTest {

  private static final GoogleFormat GOOGLE = new GoogleFormat(new ExportSettings.Google(true, 500));
  private static final GoogleFormat GOOGLE_AS_WRITTEN =
      new GoogleFormat(new ExportSettings.Google(false, 500));

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {
        // raw | Google | Google without its rule for Gmail | Meta | TikTok
        "jane.doe@example.com|jane.doe@example.com|jane.doe@example.com|jane.doe@example.com|jane.doe@example.com",
        "'  Jane.Doe@Example.COM\t'|jane.doe@example.com|jane.doe@example.com|jane.doe@example.com|jane.doe@example.com",
        "J.A.N.E.Doe+spring@gmail.com|janedoe@gmail.com|j.a.n.e.doe+spring@gmail.com|j.a.n.e.doe+spring@gmail.com|j.a.n.e.doe+spring@gmail.com",
        "Jane.Doe+x+y@GoogleMail.com|janedoe@googlemail.com|jane.doe+x+y@googlemail.com|jane.doe+x+y@googlemail.com|jane.doe+x+y@googlemail.com",
        // Outside Gmail, dots and suffixes belong to the mailbox.
        "jane.doe+x@gmail.co.uk|jane.doe+x@gmail.co.uk|jane.doe+x@gmail.co.uk|jane.doe+x@gmail.co.uk|jane.doe+x@gmail.co.uk",
        "jane.doe+x@notgmail.com|jane.doe+x@notgmail.com|jane.doe+x@notgmail.com|jane.doe+x@notgmail.com|jane.doe+x@notgmail.com",
        // Inner spaces: removed for Google and TikTok, an invalid address for Meta.
        "jane doe@example.com|janedoe@example.com|janedoe@example.com||janedoe@example.com",
        "jane\u00A0doe @ example.com|janedoe@example.com|janedoe@example.com||janedoe@example.com",
        "Jürgen@Müller.de|jürgen@müller.de|jürgen@müller.de|jürgen@müller.de|jürgen@müller.de",
        // Invalid addresses become empty.
        "+only@gmail.com||+only@gmail.com|+only@gmail.com|+only@gmail.com",
        "jane.doe||||",
        "jane@doe||||",
        "jane@@example.com||||",
        "jane@example..com||||",
        "@example.com||||",
        "a@b.c||||",
        "n/a||||",
        "''||||",
        "null||||"
      },
      delimiter = '|')
  void emails(String raw, String google, String googleAsWritten, String meta, String tiktok) {
    assertThat(GOOGLE.email(raw)).isEqualTo(orEmpty(google));
    assertThat(GOOGLE_AS_WRITTEN.email(raw)).isEqualTo(orEmpty(googleAsWritten));
    assertThat(EmailNormalizer.trimmed(raw)).isEqualTo(orEmpty(meta));
    assertThat(EmailNormalizer.withoutSpaces(raw)).isEqualTo(orEmpty(tiktok));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {
        // raw | country of the customer | default region | E.164
        "(650) 253-0000|US|''|+16502530000",
        "650.253.0000|''|US|+16502530000",
        "1-650-253-0000|''|US|+16502530000",
        "+1 650 253 0000|''|''|+16502530000",
        "+1 (650) 253-0000 ext. 12|''|DE|+16502530000",
        "020 7946 0018|GB|''|+442079460018",
        "020 7946 0018|''|GB|+442079460018",
        "+44 (0)20 7946 0018|''|US|+442079460018",
        "0044 20 7946 0018|DE|''|+442079460018",
        "0044 20 7946 0018|''|''|+442079460018",
        "030 123456|DE|''|+4930123456",
        "+49 (0)30 123456|''|''|+4930123456",
        "06 12 34 56 78|FR|''|+33612345678",
        "06 12345678|NL|''|+31612345678",
        "080 1234 5678|''|IN|+918012345678",
        "(11) 96123-4567|BR|''|+5511961234567",
        "0412 345 678|AU|''|+61412345678",
        "03-1234-5678|JP|''|+81312345678",
        // The leading zero of an Italian number is part of it.
        "06 698 83333|IT|''|+390669883333",
        // The customer's country comes before the shop's default region.
        "0171 1234567|DE|GB|+491711234567",
        "(650) 253-0000|GB|US|+16502530000",
        // Ambiguous without a country.
        "650 253 0000|''|''|''",
        "030 123456|''|''|''",
        // Not a number.
        "12|US|US|''",
        "call me|US|US|''",
        "+999 123 456 789|''|US|''",
        "''|US|US|''",
        "null|US|US|''"
      },
      delimiter = '|')
  void phones(String raw, String country, String defaultRegion, String e164) {
    assertThat(PhoneNormalizer.e164(raw, country, defaultRegion)).isEqualTo(e164);
    assertThat(MetaFormat.phone(e164)).isEqualTo(e164.replace("+", ""));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {
        // raw | Google's first name | Google's last name | Meta
        "Mary|mary|mary|mary",
        "' Mary  Ann '|mary ann|mary ann|mary ann",
        "Mrs. Mary|mary|mrs. mary|mrs mary",
        "Prof. Dr. Eva|eva|prof. dr. eva|prof dr eva",
        "Dr|dr|dr|dr",
        "Smith Jr.|smith jr.|smith|smith jr",
        "'Smith, III'|'smith, iii'|smith|smith iii",
        "O'Brien|o'brien|o'brien|obrien",
        "O’Brien|o’brien|o’brien|obrien",
        "Jean-Luc|jean-luc|jean-luc|jeanluc",
        "VALÉRY|valéry|valéry|valéry",
        "Vale\u0301ry|valéry|valéry|valéry",
        "Müller|müller|müller|müller",
        "정|정|정|정",
        "''|''|''|''",
        "null|''|''|''"
      },
      delimiter = '|')
  void names(String raw, String googleFirst, String googleLast, String meta) {
    assertThat(NameNormalizer.withoutPrefix(raw)).isEqualTo(googleFirst);
    assertThat(NameNormalizer.withoutSuffix(raw)).isEqualTo(googleLast);
    assertThat(NameNormalizer.withoutPunctuation(raw)).isEqualTo(meta);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {
        // raw | country | as written | Meta
        "94035|US|94035|94035",
        "94035-1234|US|94035-1234|94035",
        "94035 1234|US|94035 1234|94035",
        "940351234|US|940351234|94035",
        "2138|US|02138|02138",
        "m1 1ae|GB|M1 1AE|m11ae",
        "' SW1A  1AA '|GB|SW1A 1AA|sw1a1aa",
        "75018|FR|75018|75018",
        "1234 AB|NL|1234 AB|1234ab",
        "01310-100|BR|01310-100|01310100",
        "2138|''|2138|2138",
        "''|US|''|''",
        "null|US|''|''"
      },
      delimiter = '|')
  void postalCodes(String raw, String country, String written, String meta) {
    assertThat(AddressNormalizer.writtenZip(raw, country)).isEqualTo(written);
    assertThat(AddressNormalizer.compactZip(raw, country)).isEqualTo(meta);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {
        "US|US",
        "us|US",
        "USA|US",
        "United States|US",
        "U.S.A.|US",
        "GB|GB",
        "UK|GB",
        "GBR|GB",
        "United Kingdom|GB",
        "Germany|DE",
        "DEU|DE",
        "Côte d’Ivoire|CI",
        "XX|''",
        "''|''",
        "null|''"
      },
      delimiter = '|')
  void countries(String raw, String alpha2) {
    assertThat(AddressNormalizer.country(raw)).isEqualTo(alpha2);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {
        "Menlo Park|menlopark",
        "São Paulo|saopaulo",
        "Köln|koln",
        "Łódź|lodz",
        "Århus|arhus",
        "St. John's|stjohns",
        "Straße 7|strasse",
        "東京|''",
        "null|''"
      },
      delimiter = '|')
  void cities(String raw, String meta) {
    assertThat(AddressNormalizer.aToZ(raw)).isEqualTo(meta);
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "CA|US|ca",
        "California|US|ca",
        "new york|US|ny",
        "D.C.|US|dc",
        "California|MX|california",
        "Île-de-France|FR|iledefrance"
      },
      delimiter = '|')
  void states(String raw, String country, String meta) {
    assertThat(AddressNormalizer.state(raw, country)).isEqualTo(meta);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {
        "1985-02-28|US|19850228",
        "1985-02-28 00:00:00|US|19850228",
        "19850228|''|19850228",
        "1985/02/28|''|19850228",
        "28.2.1985|DE|19850228",
        "28/02/1985|GB|19850228",
        "02/28/1985|US|19850228",
        "28.02.1985|US|19850228",
        "1985-02-30|US|''",
        "02/28/1985|GB|''",
        "1885-02-28|US|''",
        "28.2.85|DE|''",
        "unknown|US|''",
        "''|US|''",
        "null|US|''"
      },
      delimiter = '|')
  void datesOfBirth(String raw, String country, String meta) {
    assertThat(BirthDateNormalizer.digits(raw, country)).isEqualTo(meta);
  }

  /** Hashes printed in the platforms' own guides. */
  @Test
  void hashesEqualThoseThatPlatformsPublish() {
    assertThat(Sha256.cell(EmailNormalizer.withoutSpaces("janedoe@gmail.com")))
        .isEqualTo("d6117306485ed0e50afab3ac871e98f81699151f30281527d63ff5f233656c69");
    assertThat(Sha256.cell(EmailNormalizer.trimmed("John_Smith@gmail.com")))
        .isEqualTo("62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f");
    assertThat(Sha256.cell(NameNormalizer.withoutPunctuation("Mary")))
        .isEqualTo("6915771be1c5aa0c886870b6951b03d7eafc121fea0e80a5ea83beb7c449f4ec");
    assertThat(Sha256.cell(MetaFormat.phone(PhoneNormalizer.e164("(650) 555-1212", "US"))))
        .isEqualTo("e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176");
    assertThat(Sha256.cell(AddressNormalizer.state("California", "US")))
        .isEqualTo("6959097001d10501ac7d54c0bdb8db61420f658f2922cc26e46d536119a31126");
    assertThat(Sha256.cell("us"))
        .isEqualTo("79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621");
  }

  @Test
  void anAbsentValueIsAnEmptyCellNotTheHashOfEmptyText() {
    String hashOfEmptyText = Sha256.hex("");

    assertThat(Sha256.cell("")).isEmpty();
    assertThat(hashOfEmptyText).startsWith("e3b0c44298fc1c149afbf4c8996fb924");
    List.of(GOOGLE, new MetaFormat(""), new TiktokFormat())
        .forEach(
            format -> {
              ListEntry entry =
                  format.entry(PersonBuilder.named("c1").withEmail("a@b.org").build()).get();
              assertThat(entry.line()).doesNotContain(hashOfEmptyText);
              assertThat(entry.removalCells()).doesNotContain(hashOfEmptyText);
            });
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }
}
