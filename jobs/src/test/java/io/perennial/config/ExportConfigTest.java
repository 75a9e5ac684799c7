package io.perennial.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.perennial.config.AudienceSettings.Platform;
import io.perennial.config.ExportSettings.FileFormat;
import io.perennial.config.ExportSettings.Property;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExportConfigTest {

  private static Settings load(String... overrides) {
    List<String> all = new ArrayList<>(List.of("lake.path=x", "warehouse.path=y"));
    all.addAll(List.of(overrides));
    return SettingsLoader.load(all);
  }

  private static List<String> problems(String... overrides) {
    ConfigurationException e =
        catchThrowableOfType(ConfigurationException.class, () -> load(overrides));
    assertThat(e).isNotNull();
    return e.problems().stream().map(Problem::toString).toList();
  }

  @Test
  void withoutAPathThereAreNoFiles() {
    ExportSettings export = load().export();

    assertThat(export.path()).isEmpty();
    assertThat(export.formats()).containsExactly(Platform.values());
    assertThat(export.google()).isEqualTo(new ExportSettings.Google(true, 500));
    assertThat(export.klaviyo().maxFileBytes()).isEqualTo(50_000_000);
    assertThat(export.klaviyo().properties())
        .contains(
            new Property("risk_band", "Churn Risk"),
            new Property("last_order_day", "Last Order Date"));
    assertThat(export.generic().fileFormats()).containsExactly(FileFormat.CSV);
  }

  @Test
  void propertiesHaveHeadings() {
    ExportSettings export =
        load(
                "export.path=files/",
                "export.klaviyo.properties=[net, \"churn_probability\", \"tier as Level\"]",
                "export.generic.columns=[segment, \"net as revenue\"]",
                "export.generic.formats=[csv, parquet]",
                "export.formats=[klaviyo, generic]")
            .export();

    assertThat(export.path()).contains("files");
    assertThat(export.klaviyo().properties())
        .containsExactly(
            new Property("net", "Net"),
            new Property("churn_probability", "Churn Probability"),
            new Property("tier", "Level"));
    assertThat(export.generic().columns())
        .containsExactly(new Property("segment", "segment"), new Property("net", "revenue"));
    assertThat(export.generic().fileFormats())
        .containsExactlyInAnyOrder(FileFormat.CSV, FileFormat.PARQUET);
    assertThat(export.formats()).containsExactly(Platform.KLAVIYO, Platform.GENERIC);
  }

  @Test
  void everyImpossibleValueIsReportedAtOnce() {
    assertThat(
            problems(
                "export.formats=[google, snapchat, gogle]",
                "export.google.gmail-mailbox=perhaps",
                "export.google.resend-after=540",
                "export.klaviyo.max-file-mb=51",
                "export.klaviyo.properties=[net, \"orders as Net\"]",
                "export.generic.columns=[\"a b\"]",
                "export.generic.formats=[]",
                "export.pth=x"))
        .anyMatch(text -> text.contains("export.formats") && text.contains("snapchat"))
        .anyMatch(text -> text.contains("gogle") && text.contains("Did you mean google?"))
        .anyMatch(text -> text.contains("export.google.gmail-mailbox") && text.contains("perhaps"))
        .anyMatch(text -> text.contains("export.google.resend-after") && text.contains("540"))
        .anyMatch(text -> text.contains("export.klaviyo.max-file-mb") && text.contains("51"))
        .anyMatch(text -> text.contains("must give each heading once"))
        .anyMatch(text -> text.contains("export.generic.columns") && text.contains("a b"))
        .anyMatch(text -> text.contains("must name csv, parquet or both"))
        .anyMatch(text -> text.contains("export.pth") && text.contains("export.path"));
  }
}
