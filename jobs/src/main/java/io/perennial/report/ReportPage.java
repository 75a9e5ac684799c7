package io.perennial.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perennial.config.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Properties;

/**
 * Writes the model as one HTML page that needs nothing else: styles, script and the chart library
 * are in it. Its content security policy names the two scripts by their hashes and allows no
 * connection, so that a reader's browser runs nothing that this class did not write.
 */
public final class ReportPage {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ReportPage() {}

  /** The page, to be written as UTF-8. */
  public static String of(ReportModel model) {
    NumberFormats numbers = NumberFormats.of(model.about());
    List<Section> sections =
        List.of(
            OverviewSection.of(model, numbers),
            CohortSection.of(model, numbers),
            SegmentSection.of(model, numbers),
            ChurnSection.of(model, numbers),
            AudienceSection.of(model, numbers),
            CampaignSection.of(model, numbers),
            ValueSection.of(model, numbers),
            HealthSection.of(model, numbers));
    String charts = script(library());
    String own = script(resource("report.js"));
    return Html.of(
            resource("report.html"),
            "script-src 'sha256-" + hash(charts) + "' 'sha256-" + hash(own) + "'",
            NumberFormats.day(model.about().asOf()),
            new Html(resource("report.css")),
            NumberFormats.day(model.about().asOf()),
            model.about().currency().getCurrencyCode(),
            model.about().timeZone().getId(),
            sections.stream()
                .map(s -> Html.of("<li><a href=\"#{}\">{}</a></li>", s.id(), s.menu()))
                .toList(),
            sections.stream().map(ReportPage::section).toList(),
            tables(model),
            new Html(data(model, sections)),
            new Html(charts),
            new Html(own))
        .markup();
  }

  private static Html section(Section section) {
    return Html.of(
        """
        <section id="{}" aria-labelledby="{}-heading">
        <h2 id="{}-heading">{}</h2>
        {}</section>
        """,
        section.id(),
        section.id(),
        section.id(),
        section.title(),
        section.body());
  }

  private static Html tables(ReportModel model) {
    return Html.table(
        "Delta versions of the tables that these figures are from",
        List.of("Table", "Version"),
        model.about().tables().entrySet().stream()
            .sorted(java.util.Map.Entry.comparingByKey())
            .map(table -> List.<Object>of(table.getKey(), table.getValue()))
            .toList());
  }

  private static String data(ReportModel model, List<Section> sections) {
    ObjectNode options = ChartOption.object();
    sections.stream()
        .flatMap(section -> section.charts().stream())
        .forEach(chart -> options.set(chart.id(), chart.option()));
    ObjectNode data =
        ChartOption.object(
            "locale",
            model.about().locale().toLanguageTag(),
            "currency",
            model.about().currency().getCurrencyCode(),
            "charts",
            options);
    try {
      // In a script element only "<" could end it.
      return JSON.writeValueAsString(data).replace("<", "\\u003c");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write the charts as JSON", e);
    }
  }

  /** ECharts, of the version that the build names. */
  private static String library() {
    Properties build = new Properties();
    try (InputStream stream = ReportPage.class.getResourceAsStream("/perennial-build.properties")) {
      build.load(stream);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read perennial-build.properties of the jar", e);
    }
    return read(
        "/META-INF/resources/webjars/echarts/"
            + build.getProperty("echarts.version")
            + "/dist/echarts.min.js");
  }

  private static String resource(String name) {
    return read("/io/perennial/report/" + name);
  }

  private static String read(String path) {
    try (InputStream stream = ReportPage.class.getResourceAsStream(path)) {
      if (stream == null) {
        throw new IllegalStateException(
            "Cannot make the report: " + path + " is not in the jar. Build it with mvn package.");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + path + " of the jar", e);
    }
  }

  /** Text that cannot end the script element it is put in. */
  private static String script(String code) {
    return code.replace("</script", "<\\/script");
  }

  private static String hash(String code) {
    return Base64.getEncoder()
        .encodeToString(Sha256.digest().digest(code.getBytes(StandardCharsets.UTF_8)));
  }
}
