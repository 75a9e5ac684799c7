package io.perennial.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.perennial.config.AudienceSettings.Audience;
import io.perennial.config.AudienceSettings.Channel;
import io.perennial.config.AudienceSettings.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AudienceConfigTest {

  private static final String NEEDED =
      "words = \"W\", use = \"U\", predicate = \"orders = 1\", channel = email";

  @TempDir private Path directory;

  private Settings load(String audiences, String... more) throws IOException {
    Path conf = Files.writeString(directory.resolve("perennial.conf"), "");
    Files.writeString(directory.resolve("audiences.conf"), audiences);
    List<String> all = new ArrayList<>(List.of("lake.path=x", "warehouse.path=y"));
    all.addAll(List.of(more));
    return SettingsLoader.load(conf, all);
  }

  private List<String> problems(String audiences, String... more) {
    ConfigurationException e =
        catchThrowableOfType(ConfigurationException.class, () -> load(audiences, more));
    assertThat(e).as("problems of " + audiences).isNotNull();
    return e.problems().stream()
        .map(problem -> problem.toString().replace(directory.toString(), "DIR"))
        .toList();
  }

  @Test
  void anAudienceIsReadWithItsDefaults() throws IOException {
    Settings settings =
        load("audiences = [\n { name = new-ones, " + NEEDED + ", platforms = [klaviyo] }\n]");

    Audience audience = settings.audiences().audiences().get(0);
    assertThat(audience)
        .isEqualTo(
            new Audience(
                "new-ones",
                "W",
                "U",
                "orders = 1",
                "",
                Channel.EMAIL,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                "new-ones",
                java.util.Set.of(Platform.KLAVIYO),
                "new-ones",
                directory.resolve("audiences.conf") + ", line 2"));
    assertThat(settings.audiences().liftWindowsDays()).containsExactly(7, 30, 90);
    assertThat(settings.audiences().seasonDays()).isEqualTo(45);
  }

  @Test
  void theShippedAudiencesTravelWithTheProgram() throws IOException {
    Path conf = Files.writeString(directory.resolve("perennial.conf"), "");
    List<String> keys = List.of("lake.path=x", "warehouse.path=y");

    assertThat(SettingsLoader.load(conf, keys).audiences().audiences())
        .extracting(Audience::name)
        .hasSizeGreaterThanOrEqualTo(18)
        .contains("welcome", "recent-buyers")
        .doesNotHaveDuplicates();
    assertThat(
            SettingsLoader.load(conf, List.of("lake.path=x", "warehouse.path=y", "audiences.file="))
                .audiences()
                .audiences())
        .isEmpty();
  }

  @Test
  void everythingThatIsWrongIsSaidAtOnce() {
    assertThat(
            problems(
                """
                audiences = [
                  { name = a, %1$s, control-share = 1.2 }
                  { name = a, %1$s, platforms = [goggle] }
                  { name = "B b", %1$s, cap = 10 }
                  { name = c, predicate = "true", channel = letter, colour = red }
                  { name = d, %1$s, experiment = x, control-share = 0.1 }
                  { name = e, %1$s, experiment = x, control-share = 0.2 }
                  { name = f, %1$s, rank-by = net, stratify-by = segment, cool-off-days = -1 }
                  nonsense
                ]
                """
                    .formatted(NEEDED),
                "audiences.lift-windows=[30, 7]"))
        .containsExactlyInAnyOrder(
            "audiences.a.control-share (DIR/audiences.conf, line 2) is '1.2': must be a share from 0"
                + " to 0.9",
            "audiences.a.platforms (DIR/audiences.conf, line 3) is 'goggle': must be one of google,"
                + " meta, tiktok, klaviyo, generic. Did you mean google?",
            "audiences.a.name (DIR/audiences.conf, line 3) is 'a': must be the name of one audience"
                + " only. Another one has it (DIR/audiences.conf, line 2).",
            "audiences.name (DIR/audiences.conf, line 4) is 'B b': must be a name of lowercase"
                + " letters, digits and hyphens",
            "audiences.cap (DIR/audiences.conf, line 4) is '10': needs rank-by or stratify-by, which"
                + " say whom to keep",
            "audiences.c.words (DIR/audiences.conf, line 5): must be set to what people call it",
            "audiences.c.use (DIR/audiences.conf, line 5): must be set to a sentence on when to use"
                + " it",
            "audiences.c.channel (DIR/audiences.conf, line 5) is 'letter': must be one of email, sms,"
                + " ads, none",
            "audiences.c.colour (DIR/audiences.conf, line 5) is 'red': no such key",
            "audiences.e.control-share (DIR/audiences.conf, line 7) is '0.2': must be that of the"
                + " other audience of experiment 'x', 0.1. Name another experiment or give both one"
                + " share.",
            "audiences.f.stratify-by (DIR/audiences.conf, line 8) is 'segment': must not be set"
                + " beside rank-by. Leave out one.",
            "audiences.f.cool-off-days (DIR/audiences.conf, line 8) is '-1': must be a whole number"
                + " of days from 0 to 3650",
            "audiences (DIR/audiences.conf, line 9) is 'nonsense': must be a block { name = ..., ... }",
            "audiences.lift-windows (--set audiences.lift-windows, line 1) is '[30, 7]': must ascend");
  }

  @Test
  void aFileWithoutAListAndANameWithoutAFileAreProblems() {
    assertThat(problems("doc = \"nothing\""))
        .containsExactly(
            "audiences (not set): must be a list of audiences: [ { name = ... }, ... ]");
    assertThat(problems("audiences = []", "audiences.file=audience"))
        .hasSize(1)
        .first()
        .asString()
        .startsWith(
            "audiences.file (--set audiences.file) is 'audience': must be one of audiences. Did you"
                + " mean audiences? A new one is a file DIR");
  }
}
