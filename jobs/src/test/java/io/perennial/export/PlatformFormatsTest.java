package io.perennial.export;

import static io.perennial.config.Sha256.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.config.ExportSettings;
import io.perennial.config.ExportSettings.FileFormat;
import io.perennial.config.ExportSettings.Property;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rows of one person in each platform's format. */
class PlatformFormatsTest {

  private static final GoogleFormat GOOGLE = new GoogleFormat(new ExportSettings.Google(true, 500));
  private static final KlaviyoFormat KLAVIYO =
      new KlaviyoFormat(
          new ExportSettings.Klaviyo(
              List.of(new Property("segment", "Segment"), new Property("net", "Net")), 50_000_000));
  private static final GenericFormat GENERIC =
      new GenericFormat(
          new ExportSettings.Generic(
              List.of(new Property("segment", "segment")), Set.of(FileFormat.CSV)));

  @Test
  void google() {
    assertThat(Csv.line(GOOGLE.headings()))
        .isEqualTo("Email,Phone,First Name,Last Name,Country,Zip\r\n");
    assertThat(GOOGLE.entry(PersonBuilder.mary().build()).get().line())
        .isEqualTo(
            String.join(
                    ",",
                    hex("maryo'brien@gmail.com"),
                    hex("+442079460018"),
                    hex("mary"),
                    hex("o'brien"),
                    "US",
                    "94035-1234")
                + "\r\n");
  }

  @Test
  void googleSendsACompleteAddressOrNone() {
    Person withoutZip =
        PersonBuilder.named("c1")
            .withEmail("a@b.org")
            .withName("Mary", "Smith")
            .withAddress("Menlo Park", "CA", null, "US")
            .build();
    Person addressOnly =
        PersonBuilder.named("c2")
            .withName("Mary", "Smith")
            .withAddress(null, null, "94035", "US")
            .build();

    assertThat(GOOGLE.entry(withoutZip).get().removalCells())
        .containsExactly(hex("a@b.org"), "", "", "", "", "");
    assertThat(GOOGLE.entry(addressOnly).get().removalCells())
        .containsExactly("", "", hex("mary"), hex("smith"), "US", "94035");
  }

  @Test
  void meta() {
    MetaFormat meta = new MetaFormat("net");
    assertThat(Csv.line(meta.headings()))
        .isEqualTo("email,phone,fn,ln,ct,st,zip,country,dob,extern_id,value\r\n");
    assertThat(
            meta.entry(PersonBuilder.mary().withProfile("net", "12.50").build())
                .get()
                .removalCells())
        .containsExactly(
            hex("mary.o'brien+shop@gmail.com"),
            hex("442079460018"),
            hex("mrs mary"),
            hex("obrien jr"),
            hex("menlopark"),
            hex("ca"),
            hex("94035"),
            hex("us"),
            hex("19850228"),
            "c-17",
            "12.50");
  }

  @Test
  void tiktok() {
    TiktokFormat tiktok = new TiktokFormat();
    assertThat(Csv.line(tiktok.headings())).isEqualTo("Email_SHA256,Phone_SHA256\r\n");
    assertThat(tiktok.entry(PersonBuilder.mary().build()).get().line())
        .isEqualTo(hex("mary.o'brien+shop@gmail.com") + "," + hex("+442079460018") + "\r\n");
  }

  @Test
  void klaviyoRowsArePlainAndTheirRemovalCellsAreHashes() {
    ListEntry entry =
        KLAVIYO
            .entry(
                PersonBuilder.mary()
                    .withConsent(true)
                    .withProfile("segment", "Champions, and more")
                    .withProfile("net", "-3.20")
                    .build())
            .get();

    assertThat(Csv.line(KLAVIYO.headings()))
        .isEqualTo(
            "Email,Phone Number,First Name,Last Name,Email Marketing Consent,Perennial ID,Segment,"
                + "Net\r\n");
    assertThat(entry.line())
        .isEqualTo(
            "mary.o'brien+shop@gmail.com,+442079460018,Mrs. Mary,O'Brien Jr.,SUBSCRIBED,"
                + entry.key()
                + ",\"Champions, and more\",-3.20\r\n");
    assertThat(entry.removalCells())
        .containsExactly(entry.key(), hex("mary.o'brien+shop@gmail.com"), hex("+442079460018"));
  }

  @Test
  void klaviyoProfilesChangeWithTheAddressAndNotWithProperties() {
    ListEntry before = KLAVIYO.entry(PersonBuilder.mary().withProfile("net", "1").build()).get();
    ListEntry updated = KLAVIYO.entry(PersonBuilder.mary().withProfile("net", "2").build()).get();
    ListEntry moved = KLAVIYO.entry(PersonBuilder.mary().withEmail("mary@b.org").build()).get();

    assertThat(updated.key()).isEqualTo(before.key());
    assertThat(updated.content()).isNotEqualTo(before.content());
    assertThat(moved.key()).isNotEqualTo(before.key());
  }

  @Test
  void klaviyoLeavesAnUnknownConsentUnchanged() {
    assertThat(KLAVIYO.entry(PersonBuilder.mary().withConsent(null).build()).get().line())
        .contains(",O'Brien Jr.,,");
    assertThat(KLAVIYO.entry(PersonBuilder.mary().withConsent(false).build()).get().line())
        .contains(",O'Brien Jr.,UNSUBSCRIBED,");
  }

  @Test
  void genericRowsNeedNoAddress() {
    ListEntry entry =
        GENERIC.entry(PersonBuilder.named("c9").withProfile("segment", "Loyal").build()).get();

    assertThat(entry.line()).isEqualTo("c9,Loyal\r\n");
    assertThat(GENERIC.removalLine(entry.removalCells(), "", "")).isEqualTo("c9\r\n");
  }

  @Test
  void aPersonWithoutAnIdentifierHasNoRow() {
    Person townOnly =
        PersonBuilder.named("c1")
            .withName("Mary", null)
            .withAddress("Köln", null, null, "DE")
            .build();
    Person noAddress = PersonBuilder.named("c2").withEmail("none").build();

    for (PlatformFormat format : List.of(GOOGLE, new MetaFormat(""), new TiktokFormat(), KLAVIYO)) {
      assertThat(format.entry(townOnly)).as(format.ruleVersion()).isEmpty();
      assertThat(format.entry(noAddress)).as(format.ruleVersion()).isEmpty();
    }
  }

  @Test
  void theGmailSwitchChangesTheRuleVersion() {
    assertThat(new GoogleFormat(new ExportSettings.Google(false, 500)).ruleVersion())
        .isNotEqualTo(GOOGLE.ruleVersion());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "=1+1|'=1+1",
        "+SUM(A1)|'+SUM(A1)",
        "-cmd|'-cmd",
        "@x|'@x",
        "＝1|'＝1",
        "+442079460018|+442079460018",
        "+44 20|'+44 20",
        "-3.20|-3.20",
        "a,b|\"a,b\"",
        "say \"hi\"|\"say \"\"hi\"\"\"",
        "=a,b|\"'=a,b\"",
        "plain|plain"
      },
      delimiter = '|')
  void cellsAreQuotedAndFormulasNeutralized(String raw, String written) {
    assertThat(Csv.line(List.of(raw, "x"))).isEqualTo(written + ",x\r\n");
  }

  @Test
  void lineBreaksStayInTheirCell() {
    assertThat(Csv.line(List.of("a\nb", "\ttab"))).isEqualTo("\"a\nb\",'\ttab\r\n");
  }
}
