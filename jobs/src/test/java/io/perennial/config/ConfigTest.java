package io.perennial.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.perennial.config.SegmentScheme.Axis;
import io.perennial.config.Settings.Dimension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigTest {

  private static final String MAPPING =
      """
      columns {
        order_id = a
        customer_id = b
        ordered_at = c
        quantity = d
        unit_price = e
      }
      """;

  @TempDir private Path directory;

  @BeforeEach
  void aShopsOwnSource() {
    write(
        "sources/own.conf",
        "format = csv\nshop { currency = GBP, time-zone = \"Europe/London\" }\n" + MAPPING);
  }

  private Path write(String name, String text) {
    try {
      Path file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Settings load(String conf, String... overrides) {
    List<String> all = new ArrayList<>(List.of("lake.path=x", "warehouse.path=y"));
    all.addAll(List.of(overrides));
    return SettingsLoader.load(write("perennial.conf", conf), all);
  }

  private List<String> problems(String conf, String... overrides) {
    ConfigurationException e =
        catchThrowableOfType(ConfigurationException.class, () -> load(conf, overrides));
    assertThat(e).as("problems of " + conf + List.of(overrides)).isNotNull();
    String place = directory.resolve("perennial.conf").toString();
    return e.problems().stream()
        .map(
            problem ->
                problem.toString().replace(place, "FILE").replace(directory.toString(), "DIR"))
        .toList();
  }

  @Test
  void theCommandLineWinsOverTheFileAndThatOverTheSourceAndThatOverTheDefault() {
    String own = "lake.source = own\n";
    assertThat(load("").shop().currency().getCurrencyCode()).isEqualTo("USD");
    assertThat(load(own).shop().currency().getCurrencyCode()).isEqualTo("GBP");
    String file = own + "shop.currency = EUR\n";
    assertThat(load(file).shop().currency().getCurrencyCode()).isEqualTo("EUR");
    assertThat(load(file, "shop.currency=CHF").shop().currency().getCurrencyCode())
        .isEqualTo("CHF");
    assertThat(load(file, "shop.currency=CHF", "shop.currency=JPY").shop().minorDigits())
        .as("the last one wins")
        .isZero();
    assertThat(load(file).shop().timeZone().getId())
        .as("what the file is silent about")
        .isEqualTo("Europe/London");
  }

  @Test
  void withoutASourceOrASchemeOfOnesOwnTheShippedOnesAreUsed() {
    for (String source :
        List.of("perennial", "shopify", "woocommerce", "uci-online-retail", "cdnow")) {
      assertThat(load("lake.source = " + source).source().columns())
          .containsKey(SourceColumn.ORDER_ID);
    }
    assertThat(load("").rfm().scheme().segments()).hasSize(11);
    assertThat(load("rfm.scheme = r3-f3-m3").rfm().scheme().levels()).isEqualTo(3);
    write("segments/r3-f3-m3.conf", "levels = 2, axes = [r], segments { All {} }");
    assertThat(load("rfm.scheme = r3-f3-m3").rfm().scheme().segments())
        .as("a file beside the configuration wins over the shipped one")
        .hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(NamedFiles.Kind.class)
  void theShippedFilesAreThoseOfTheConfFolder(NamedFiles.Kind kind) throws IOException {
    Path conf = Path.of(System.getProperty("perennial.root", ".."), "conf");
    boolean isRoot = kind == NamedFiles.Kind.AUDIENCES;
    try (Stream<Path> files = Files.list(conf.resolve(kind.subfolder))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(name -> name.endsWith(".conf") && !(isRoot && name.equals("perennial.conf")))
          .containsExactlyInAnyOrderElementsOf(
              kind.shipped.stream().map(name -> name + ".conf").toList());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[country, channel]|COUNTRY,CHANNEL",
        "[ \"category\" ]|CATEGORY",
        "country,discounted|COUNTRY,DISCOUNTED",
        "country|COUNTRY",
        "[]|''"
      })
  void aListIsWrittenInBracketsOrWithCommas(String text, String expected) {
    assertThat(load("", "cohorts.dimensions=" + text).cohorts().dimensions())
        .isEqualTo(
            Arrays.stream(expected.split(","))
                .filter(name -> !name.isEmpty())
                .map(Dimension::valueOf)
                .toList());
  }

  @Test
  void whetherAddressesAreKeptIsTrueOrFalse() {
    assertThat(load("").contacts().keep()).isTrue();
    assertThat(load("", "contacts.keep=false").contacts().keep()).isFalse();
    assertThat(problems("contacts.keep = maybe"))
        .singleElement()
        .asString()
        .contains("contacts.keep", "maybe", "must be true or false");
  }

  @Test
  void aPathMayHoldWhatHoconWouldTakeForSyntax() {
    Settings settings = load("", "lake.path=/a b/#{x}=$1,[2].csv", "warehouse.path=s3a://b/w//");
    assertThat(settings.lake().path()).isEqualTo("/a b/#{x}=$1,[2].csv");
    assertThat(settings.warehouse().path()).isEqualTo("s3a://b/w");
    assertThat(settings.statePath()).isEqualTo("s3a://b/w-state");
  }

  @Test
  void emptyTextMeansNotSet() {
    assertThat(load("warehouse.catalog = \"\"", "rfm.window=").rfm().windowDays()).isEmpty();
    assertThat(problems("", "lake.path="))
        .containsExactly(
            "lake.path (not set): must be set to a file, a directory or a glob with orders");
  }

  @Test
  void everyProblemIsReportedAtOnceWithItsPlaceAndTheNearestKey() {
    assertThat(
            problems(
                """
                shop {
                  time-zone = "Europe/Berln"
                  curency = EUR
                }
                lake.earliest = "2024-02-30"
                lake.max-reject-share = 5 %
                rfm { scheme = r5-fm6, window = 0 }
                cohorts.active-window { months = 6 }
                """,
                "lake.max-gap-dais=3", "nonsense"))
        .containsExactlyInAnyOrder(
            "--set (command line) is 'nonsense': must be key=value",
            "shop.time-zone (FILE, line 2) is 'Europe/Berln': must be a time zone such as"
                + " Europe/London or UTC. Did you mean Europe/Berlin?",
            "shop.curency (FILE, line 3) is 'EUR': no such key. Did you mean shop.currency?",
            "lake.earliest (FILE, line 5) is '2024-02-30': must be a date YYYY-MM-DD",
            "lake.max-reject-share (FILE, line 6) is '5 %': must be a share from 0 to 1",
            "rfm.scheme (FILE, line 7) is 'r5-fm6': must be one of r3-f3-m3, r5-fm5. Did you mean"
                + " r5-fm5? A new one is a file DIR/segments/r5-fm6.conf.",
            "rfm.window (FILE, line 7) is '0': must be a whole number of days from 1 to 36500",
            "cohorts.active-window (FILE, line 8) is '{\"months\":6}': must be a whole number of"
                + " months from 1 to 60",
            "lake.max-gap-dais (--set lake.max-gap-dais) is '3': no such key. Did you mean"
                + " lake.max-gap-days?");
  }

  @Test
  void theMessageCountsTheProblems() {
    assertThatThrownBy(() -> load("", "shop.currency=euro"))
        .hasMessage(
            "Cannot use the configuration: 1 problem\n"
                + "  - shop.currency (--set shop.currency) is 'euro': must be an ISO 4217 currency"
                + " code such as EUR");
  }

  @Test
  void aSourceIsCheckedToo() {
    write(
        "sources/bad.conf",
        """
        format = cvs
        colums { order_id = a }
        columns {
          order_id = a
          custmer_id = b
          ordered_at = [c]
          quantity = d
          unit_price = e
        }
        explode = "line_items"
        updates = sometimes
        """);
    assertThat(problems("lake.source = bad"))
        .containsExactlyInAnyOrder(
            "format (DIR/sources/bad.conf, line 1) is 'cvs': must be one of csv, json, parquet,"
                + " delta, orc",
            "colums.order_id (DIR/sources/bad.conf, line 2) is 'a': no such key. Did you mean"
                + " columns.order_id?",
            "columns.custmer_id (DIR/sources/bad.conf, line 5) is 'b': no such column. Did you mean"
                + " customer_id?",
            "columns.customer_id (DIR/sources/bad.conf, line 3): must be mapped to a Spark SQL"
                + " expression over the raw record",
            "columns.ordered_at (DIR/sources/bad.conf, line 6) is '[\"c\"]': must be a single"
                + " value",
            "explode (DIR/sources/bad.conf, line 10) is 'line_items': must be an array expression"
                + " and a name: line_items as item",
            "updates (DIR/sources/bad.conf, line 11) is 'sometimes': must be one of none, line,"
                + " order");
  }

  @Test
  void anUnknownSourceSaysWhichThereAre() {
    assertThat(problems("", "lake.source=shopfy"))
        .containsExactly(
            "lake.source (--set lake.source) is 'shopfy': must be one of cdnow, own, perennial,"
                + " shopify, uci-online-retail, woocommerce. Did you mean shopify? A new one is a"
                + " file DIR/sources/shopfy.conf.");
  }

  @Test
  void aFileThatIsNoHoconIsNamedWithItsLine() {
    assertThat(problems("lake {\n  path = x\n"))
        .singleElement()
        .asString()
        .startsWith("FILE (FILE, line 3): cannot be read as HOCON: ");
    write("sources/broken.conf", "format = csv\nnames = ${no.such.thing}\n" + MAPPING);
    assertThat(problems("lake.source = broken"))
        .singleElement()
        .asString()
        .contains("DIR/sources/broken.conf, line 2", "no.such.thing");
    assertThatThrownBy(() -> SettingsLoader.load(directory.resolve("none.conf"), List.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("none.conf': no such file");
  }

  @Test
  void aSchemeMustCoverEveryCellOnce() {
    write(
        "segments/mine.conf",
        """
        levels = 3
        axes = [r, f]
        segments {
          Good { r = [3] }
          Odd  { r = [2, 3], f = [1] }
          Bad  { r = [1], f = [1, 2] }
        }
        """);
    assertThat(problems("rfm.scheme = mine"))
        .containsExactly(
            "segments (DIR/segments/mine.conf, line 3): no segment covers r=1 f=3, r=2 f=2, r=2"
                + " f=3. Every cell must be covered once.",
            "segments (DIR/segments/mine.conf, line 3): more than one segment covers r=3 f=1 (Good"
                + " and Odd). Every cell must be covered once.");
    write(
        "segments/mine.conf",
        """
        levels = 4
        axes = [r, q]
        segments { All { r = [1, 5] }, None = 3, Other { x = [1] } }
        """);
    assertThat(problems("rfm.scheme = mine"))
        .containsExactlyInAnyOrder(
            "axes (DIR/segments/mine.conf, line 2) is 'q': must be one of r, f, m, fm",
            "segments.All.r (DIR/segments/mine.conf, line 3) is '5': must be scores from 1 to 4",
            "segments.None (DIR/segments/mine.conf, line 3) is '3': must be a block { doc = ...,"
                + " r = [..], ... }",
            "segments.Other.x (DIR/segments/mine.conf, line 3) is '[1]': no such key. Did you mean"
                + " r?");
  }

  @Test
  void aSegmentThatNoCellReachesIsAFault() {
    SegmentScheme scheme =
        new SegmentScheme(
            "mine",
            2,
            List.of(Axis.R),
            List.of(
                new SegmentScheme.Segment("All", "", Map.of()),
                new SegmentScheme.Segment("Never", "", Map.of(Axis.R, List.of(3)))));
    assertThat(scheme.faults()).containsExactly("no cell reaches segment 'Never'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"r5-fm5", "r3-f3-m3"})
  void aShippedSchemeHasASegmentForEveryCustomer(String name) {
    SegmentScheme scheme = load("", "rfm.scheme=" + name).rfm().scheme();
    for (int r = 1; r <= scheme.levels(); r++) {
      for (int f = 1; f <= scheme.levels(); f++) {
        for (int m = 1; m <= scheme.levels(); m++) {
          Map<Axis, Integer> scores =
              Map.of(Axis.R, r, Axis.F, f, Axis.M, m, Axis.FM, (f + m + 1) / 2);
          assertThat(scheme.segments())
              .filteredOn(
                  segment ->
                      segment.allowed().entrySet().stream()
                          .allMatch(axis -> axis.getValue().contains(scores.get(axis.getKey()))))
              .as("segments of " + scores)
              .hasSize(1);
        }
      }
    }
    assertThat(scheme.segments())
        .allSatisfy(segment -> assertThat(segment.doc()).as(segment.name()).isNotBlank());
  }

  @Test
  void churnHasDefaultsAndTheLookbackMayBeAll() {
    Settings.Churn churn = load("").churn();
    assertThat(churn.horizonDays()).isEqualTo(90);
    assertThat(churn.lookbackDays()).contains(365);
    assertThat(churn.model()).isEmpty();
    assertThat(churn.riskBands())
        .containsExactly(
            new Settings.RiskBand("low", 0),
            new Settings.RiskBand("medium", 0.5),
            new Settings.RiskBand("high", 0.8));
    assertThat(load("churn.lookback = all").churn().lookbackDays()).isEmpty();
    assertThat(load("", "churn.risk-bands=safe 0, lost 0.9").churn().riskBands())
        .containsExactly(new Settings.RiskBand("safe", 0), new Settings.RiskBand("lost", 0.9));
  }

  @Test
  void impossibleChurnSettingsAreNamed() {
    assertThat(
            problems(
                "",
                "churn.horizon=0",
                "churn.lookback=some",
                "churn.folds=0",
                "churn.max-calibration-error=2",
                "churn.risk-bands=low 0, high 1.5"))
        .containsExactlyInAnyOrder(
            "churn.horizon (--set churn.horizon) is '0': must be a whole number of days from 7 to"
                + " 730",
            "churn.lookback (--set churn.lookback) is 'some': must be a whole number of days from"
                + " 1 to 36500, or all",
            "churn.folds (--set churn.folds) is '0': must be a whole number from 1 to 12",
            "churn.max-calibration-error (--set churn.max-calibration-error) is '2': must be a"
                + " share from 0 to 1",
            "churn.risk-bands (--set churn.risk-bands) is 'high 1.5': must be a name and the least"
                + " probability of it: \"high 0.8\"");
    assertThat(problems("churn.risk-bands = [\"low 0.1\", \"high 0.05\", \"low 0.9\"]"))
        .containsExactlyInAnyOrder(
            "churn.risk-bands (FILE, line 1) is 'low 0.1': the first band must begin at 0",
            "churn.risk-bands (FILE, line 1) is 'high 0.05': bands must ascend",
            "churn.risk-bands (FILE, line 1): must name each band once");
    assertThat(problems("churn.horizons = 30"))
        .containsExactly(
            "churn.horizons (FILE, line 1) is '30': no such key. Did you mean churn.horizon?");
  }

  @Test
  void loyaltyAndProductsHaveDefaults() {
    LoyaltySettings loyalty = load("").loyalty();
    assertThat(loyalty.pointsPerUnit()).isEqualByComparingTo("10");
    assertThat(loyalty.tierWindowMonths()).isEqualTo(12);
    assertThat(loyalty.tiers())
        .containsExactly(
            new LoyaltySettings.Tier("bronze", new BigDecimal("0")),
            new LoyaltySettings.Tier("silver", new BigDecimal("300")),
            new LoyaltySettings.Tier("gold", new BigDecimal("1000")));
    assertThat(load("loyalty.points-per-unit = 0.125").loyalty().pointsPerUnit())
        .isEqualByComparingTo("0.125");
    assertThat(load("").products()).isEqualTo(new ProductSettings(2_000, 5, 50, 100, 30, 30, 5));
  }

  @Test
  void impossibleLoyaltyAndProductSettingsAreNamed() {
    assertThat(
            problems(
                "",
                "loyalty.points-per-unit=0",
                "loyalty.tiers=member 0, silver 300.001, gold",
                "loyalty.tier-window-months=0",
                "products.max-items=100000",
                "products.recommendations=none"))
        .containsExactlyInAnyOrder(
            "loyalty.points-per-unit (--set loyalty.points-per-unit) is '0': must be a number above"
                + " 0, at most 1000000, with up to four decimals",
            "loyalty.tiers (--set loyalty.tiers) is 'silver 300.001': must be a name and the least"
                + " net of it, in the shop's currency: \"silver 300\"",
            "loyalty.tiers (--set loyalty.tiers) is 'gold': must be a name and the least net of it,"
                + " in the shop's currency: \"silver 300\"",
            "loyalty.tier-window-months (--set loyalty.tier-window-months) is '0': must be a whole"
                + " number of months from 1 to 120",
            "products.max-items (--set products.max-items) is '100000': must be a whole number from"
                + " 10 to 5000",
            "products.recommendations (--set products.recommendations) is 'none': must be a whole"
                + " number from 1 to 50");
    assertThat(problems("loyalty.tiers = [\"silver 300\", \"gold 200\", \"silver 900\"]"))
        .containsExactlyInAnyOrder(
            "loyalty.tiers (FILE, line 1) is 'silver 300': the first tier must begin at 0",
            "loyalty.tiers (FILE, line 1) is 'gold 200': tiers must ascend",
            "loyalty.tiers (FILE, line 1): must name each tier once");
    assertThat(problems("loyalty.tiers = []"))
        .containsExactly("loyalty.tiers (FILE, line 1): must have at least one tier");
    assertThat(problems("products.recomendations = 3"))
        .containsExactly(
            "products.recomendations (FILE, line 1) is '3': no such key. Did you mean"
                + " products.recommendations?");
  }

  @Test
  void asOfIsTheDayAfterTheNewestOrderAndNeverMovesBack() {
    LocalDate newest = LocalDate.of(2024, 2, 29);
    assertThat(AsOf.next(newest)).isEqualTo("2024-03-01");
    assertThat(AsOf.next(newest, LocalDate.of(2024, 2, 1), 62)).isEqualTo("2024-03-01");
    assertThat(AsOf.next(newest, LocalDate.of(2024, 5, 1), 62)).isEqualTo("2024-05-01");
    assertThat(AsOf.next(newest, LocalDate.of(2023, 12, 30), 62))
        .as("62 days are still allowed")
        .isEqualTo("2024-03-01");
    assertThatThrownBy(() -> AsOf.next(newest, LocalDate.of(2023, 12, 29), 62))
        .hasMessage(
            "Cannot choose as_of: the newest order is of 2024-02-29, 63 days after the current"
                + " as_of 2023-12-29 (lake.max-gap-days = 62). If the date is right, say --as-of"
                + " 2024-03-01.");
  }

  @Test
  void theReportLiesBesideTheWarehouseAndWritesNumbersAsTheShopsCountryDoes() {
    String lake = "lake.source = own\n";

    ReportSettings usual = load(lake).report();
    assertThat(usual.path()).isEqualTo("y-report/report.html");
    assertThat(usual.afterRun()).isTrue();
    assertThat(usual.locale()).isEqualTo(Locale.ENGLISH);
    assertThat(load(lake + "shop.default-region = DE").report().locale()).isEqualTo(Locale.GERMANY);
    assertThat(load(lake + "shop.default-region = JP").report().locale()).isEqualTo(Locale.JAPAN);
    assertThat(load(lake + "shop.default-region = CH\nreport.locale = fr-CH").report().locale())
        .isEqualTo(Locale.forLanguageTag("fr-CH"));
    assertThatThrownBy(
            () -> load(lake + "report { path = out.pdf, after-run = maybe, locale = \"d\" }"))
        .hasMessageContaining("report.path")
        .hasMessageContaining("must be a file ending in .html")
        .hasMessageContaining("must be true or false")
        .hasMessageContaining("must be a language tag such as de-CH");
  }
}
