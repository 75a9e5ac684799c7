package io.perennial.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perennial.config.Sha256;
import io.perennial.table.RunRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Writes the model as one self-contained HTML page with styles, script and the chart library. Its
 * content security policy allows the two scripts by their hashes and no connection, so that a
 * browser runs no other code.
 */
public final class ReportPage {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ReportPage() {}

  /** The page, to be written as UTF-8. */
  public static String of(ReportModel model) {
    NumberFormats numbers = NumberFormats.of(model.about());
    Map<Section, Html> sections = new LinkedHashMap<>();
    Section.ALL.forEach(s -> sections.put(s, s.body().apply(model, numbers)));
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
            sections.keySet().stream()
                .map(s -> Html.of("<li><a href=\"#{}\">{}</a></li>", s.id(), s.menu()))
                .toList(),
            sections.entrySet().stream().map(s -> section(s.getKey(), s.getValue())).toList(),
            tables(model.about().run()),
            new Html(data(model.about(), sections.values())),
            new Html(charts),
            new Html(own))
        .markup();
  }

  private static Html section(Section section, Html body) {
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
        body);
  }

  private static Html tables(RunRecord run) {
    return Html.table(
        "Delta versions of the tables that these figures are from",
        List.of("Table", "Version"),
        run.tables().entrySet().stream().sorted(Map.Entry.comparingByKey()).toList(),
        table -> List.of(table.getKey(), table.getValue()));
  }

  private static String data(ReportModel.About about, Collection<Html> sections) {
    ObjectNode options = ChartOption.of("{}");
    sections.stream()
        .flatMap(section -> section.charts().stream())
        .forEach(chart -> options.set(chart.id(), chart.option()));
    ObjectNode data =
        ChartOption.of(
            "{locale: \"{}\", currency: \"{}\", charts: \"{}\"}",
            about.locale().toLanguageTag(),
            about.currency().getCurrencyCode(),
            options);
    try {
      // Only "<" can end a script element.
      return JSON.writeValueAsString(data).replace("<", "\\u003c");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write the charts as JSON", e);
    }
  }

  /** ECharts in the version of the build. */
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

  /** Code that cannot end its script element. */
  private static String script(String code) {
    return code.replace("</script", "<\\/script");
  }

  private static String hash(String code) {
    return Base64.getEncoder()
        .encodeToString(Sha256.digest().digest(code.getBytes(StandardCharsets.UTF_8)));
  }
}
