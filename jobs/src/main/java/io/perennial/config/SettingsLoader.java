package io.perennial.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads the configuration. What wins, strongest first: {@code --set}, the configuration file, the
 * source's own {@code shop} block, {@code reference.conf}.
 */
public final class SettingsLoader {

  private final List<Problem> problems = new ArrayList<>();
  private final Optional<Path> file;

  private SettingsLoader(Optional<Path> file) {
    this.file = file;
  }

  /**
   * Loads and checks everything.
   *
   * @param file the configuration file, if there is one
   * @param overrides {@code key=value} pairs of the command line, in order
   * @throws ConfigurationException with all problems at once
   */
  public static Settings load(Optional<Path> file, List<String> overrides) {
    return new SettingsLoader(file).load(overrides);
  }

  private Settings load(List<String> overrides) {
    Config user = overrides(overrides).withFallback(file.map(this::parse).orElse(empty()));
    Config reference = ConfigFactory.parseResources(getClass().getClassLoader(), "reference.conf");
    Config withoutSource = resolve(user.withFallback(reference));

    ConfigReader first = new ConfigReader(withoutSource, problems);
    String sourceName =
        first.required("lake.source", "the name of a source", Function.identity(), "");
    NamedFile sourceFile = NamedFile.find("sources", sourceName, file);
    Optional<Config> sourceConfig = sourceFile.load(first, "lake.source", problems);
    Config shopDefaults =
        sourceConfig
            .filter(config -> config.hasPath("shop"))
            .map(config -> config.withOnlyPath("shop"))
            .orElse(empty());
    Config all = resolve(user.withFallback(shopDefaults).withFallback(reference));
    ConfigReader reader = new ConfigReader(all, problems);

    Settings.Shop shop = shop(reader);
    reader.value("lake.source", "the name of a source", Function.identity());
    Settings.Lake lake = lake(reader);
    Optional<SourceSettings.Format> format =
        reader.value(
            "lake.format",
            oneOf(SourceSettings.Format.values()),
            constant(SourceSettings.Format.class));
    Optional<SourceSettings> source =
        sourceConfig.map(
            config -> SourceLoader.load(sourceName, config.withoutPath("shop"), format, problems));
    Settings.Warehouse warehouse = warehouse(reader);
    String statePath =
        reader
            .value("state.path", "a path", Function.identity())
            .orElse(warehouse.path() + "-state");
    Settings.Cohorts cohorts = cohorts(reader);
    Settings.Repurchase repurchase =
        new Settings.Repurchase(
            reader.required(
                "repurchase.max-order-number", "a whole number from 2 to 20", whole(2, 20), 5));
    Optional<Settings.Rfm> rfm = rfm(reader);
    Settings.Churn churn = ChurnLoader.load(reader);
    ContactSettings contacts = ContactLoader.load(reader);
    AudienceSettings audiences = AudienceLoader.load(reader, file, problems);
    ExportSettings export = ExportLoader.load(reader);
    LoyaltySettings loyalty = LoyaltyLoader.load(reader, shop.minorDigits());
    ProductSettings products = ProductLoader.load(reader);
    ReportSettings report = ReportLoader.load(reader, shop, warehouse);
    reader.rejectUnknownKeys();
    reader.requireDocumented(reference);
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    Map<String, String> rendered = rendered(all);
    rendered.put("source", source.orElseThrow().toString());
    rendered.put("rfm.scheme.rules", rfm.orElseThrow().scheme().toString());
    rendered.put("audiences.file.rules", audiences.rules());
    return new Settings(
        shop,
        lake,
        source.orElseThrow(),
        warehouse,
        cohorts,
        repurchase,
        rfm.orElseThrow(),
        churn,
        contacts,
        audiences,
        export,
        loyalty,
        products,
        report,
        statePath,
        rendered);
  }

  private Settings.Shop shop(ConfigReader reader) {
    ZoneId zone =
        reader.required(
            "shop.time-zone",
            "a time zone such as Europe/London or UTC",
            SettingsLoader::zone,
            ZoneId.of("UTC"));
    Currency currency =
        reader.required(
            "shop.currency",
            "an ISO 4217 currency code such as EUR",
            text -> Currency.getInstance(text.toUpperCase(Locale.ROOT)),
            Currency.getInstance("USD"));
    String region =
        reader
            .value(
                "shop.default-region",
                "an ISO 3166 country code of two letters such as GB",
                text -> {
                  String code = text.toUpperCase(Locale.ROOT);
                  if (!Arrays.asList(Locale.getISOCountries()).contains(code)) {
                    throw new IllegalArgumentException(text);
                  }
                  return code;
                })
            .orElse("");
    return new Settings.Shop(zone, currency, region);
  }

  private static ZoneId zone(String text) {
    if (text.matches("[+-].*|Z")) {
      return ZoneId.of(text);
    }
    if (!ZoneId.getAvailableZoneIds().contains(text)) {
      throw new ConfigReader.Unusable(
          text, ConfigReader.didYouMean(text, ZoneId.getAvailableZoneIds()));
    }
    return ZoneId.of(text);
  }

  private Settings.Lake lake(ConfigReader reader) {
    LocalDate earliest =
        reader.required(
            "lake.earliest", "a date YYYY-MM-DD", LocalDate::parse, LocalDate.of(1990, 1, 1));
    LocalDate latest =
        reader.required(
            "lake.latest", "a date YYYY-MM-DD", LocalDate::parse, LocalDate.of(2100, 1, 1));
    if (!earliest.isBefore(latest)) {
      reader.problem(
          "lake.latest", latest.toString(), "must be after lake.earliest, " + earliest, "");
    }
    return new Settings.Lake(
        reader.required(
            "lake.path", "a file, a directory or a glob with orders", Function.identity(), ""),
        earliest,
        latest,
        reader.required("lake.max-reject-share", "a share from 0 to 1", share(), 0.0),
        reader.required(
            "lake.max-gap-days", "a whole number of days from 0 to 36500", whole(0, 36500), 62),
        reader.required(
            "lake.on-missing-file",
            oneOf(Settings.OnMissingFile.values()),
            constant(Settings.OnMissingFile.class),
            Settings.OnMissingFile.STOP),
        reader.required(
            "lake.on-unreadable-file",
            oneOf(Settings.OnUnreadableFile.values()),
            constant(Settings.OnUnreadableFile.class),
            Settings.OnUnreadableFile.STOP),
        reader.required(
            "lake.rejects-retention",
            "a whole number of days from 0 to 36500",
            whole(0, 36500),
            90));
  }

  private Settings.Warehouse warehouse(ConfigReader reader) {
    return new Settings.Warehouse(
        reader.required(
            "warehouse.path", "a directory for the tables", SettingsLoader::directory, ""),
        reader.value(
            "warehouse.catalog",
            "a schema name of letters, digits and underscores",
            text -> {
              if (!text.matches("[A-Za-z][A-Za-z0-9_]*")) {
                throw new IllegalArgumentException(text);
              }
              return text;
            }),
        reader.required(
            "warehouse.keep-snapshots.days",
            "a whole number of days from 1 to 36500",
            whole(1, 36500),
            35),
        reader.required(
            "warehouse.keep-snapshots.month-ends",
            "a whole number of months from 0 to 1200",
            whole(0, 1200),
            36),
        Duration.ofDays(
            reader.required(
                "warehouse.keep-versions", "a whole number of days from 1 to 30", whole(1, 30), 7)),
        Duration.ofSeconds(
            reader.required(
                "warehouse.wait-for-other-run",
                "a whole number of seconds from 0 to 86400",
                whole(0, 86_400),
                600)),
        1024L
            * 1024
            * reader.required(
                "warehouse.small-table-megabytes",
                "a whole number of megabytes from 0 to 1000000",
                whole(0, 1_000_000),
                64));
  }

  private Settings.Cohorts cohorts(ConfigReader reader) {
    List<Settings.Dimension> dimensions =
        reader.list(
            "cohorts.dimensions",
            oneOf(Settings.Dimension.values()),
            constant(Settings.Dimension.class));
    if (dimensions.stream().distinct().count() < dimensions.size()) {
      reader.problem(
          "cohorts.dimensions", dimensions.toString(), "must name each dimension once", "");
    }
    return new Settings.Cohorts(
        dimensions,
        reader.required(
            "cohorts.active-window", "a whole number of months from 1 to 60", whole(1, 60), 6),
        reader.required(
            "cohorts.repeat-days", "a whole number of days from 1 to 3650", whole(1, 3650), 90),
        reader.value("cohorts.history-start", "a month YYYY-MM", YearMonth::parse));
  }

  private Optional<Settings.Rfm> rfm(ConfigReader reader) {
    String name =
        reader.required("rfm.scheme", "the name of a segment scheme", Function.identity(), "");
    Optional<Integer> window =
        reader.value("rfm.window", "a whole number of days from 1 to 36500", whole(1, 36500));
    return NamedFile.find("segments", name, file)
        .load(reader, "rfm.scheme", problems)
        .flatMap(config -> SegmentSchemeLoader.load(name, config, problems))
        .map(scheme -> new Settings.Rfm(scheme, window));
  }

  private Config parse(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new ConfigurationException(
          new Problem(
              "--config",
              "command line",
              path.toString(),
              "no such file",
              "Give the path of a configuration file."));
    }
    return parseFile(path);
  }

  static Config parseFile(Path path) {
    try {
      return ConfigFactory.parseFile(
          path.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
    } catch (ConfigException e) {
      throw unreadable(path.toString(), e);
    }
  }

  static ConfigurationException unreadable(String place, ConfigException e) {
    return new ConfigurationException(
        new Problem(
            place,
            Problem.describe(e.origin()),
            null,
            "cannot be read as HOCON: "
                + (e.origin() == null
                    ? e.getMessage()
                    : e.getMessage().replace(e.origin().description() + ": ", "")),
            ""));
  }

  static Config resolve(Config config) {
    try {
      return config.resolve();
    } catch (ConfigException e) {
      throw unreadable("configuration", e);
    }
  }

  private Config overrides(List<String> overrides) {
    Config result = empty();
    for (String override : overrides) {
      int equals = override.indexOf('=');
      String key = equals < 0 ? override : override.substring(0, equals).trim();
      String text = equals < 0 ? "" : override.substring(equals + 1).trim();
      try {
        if (equals < 1) {
          throw new IllegalArgumentException(override);
        }
        result = result.withValue(key, overrideValue(key, text));
      } catch (ConfigException | IllegalArgumentException e) {
        problems.add(new Problem("--set", "command line", override, "must be key=value", ""));
      }
    }
    return result;
  }

  private static ConfigValue overrideValue(String key, String text) {
    if (text.startsWith("[")) {
      return ConfigFactory.parseString(
              "v=" + text, ConfigParseOptions.defaults().setOriginDescription("--set " + key))
          .getValue("v");
    }
    return ConfigValueFactory.fromAnyRef(text, "--set " + key);
  }

  private static Config empty() {
    return ConfigFactory.empty();
  }

  /** Every key with its value, sorted: what a configuration's hash is made of. */
  private static Map<String, String> rendered(Config config) {
    Map<String, String> result = new TreeMap<>();
    config
        .entrySet()
        .forEach(
            entry ->
                result.put(entry.getKey(), entry.getValue().render(ConfigRenderOptions.concise())));
    return result;
  }

  /** Without a trailing slash, so that names can be put behind it. */
  private static String directory(String text) {
    return text.length() > 1 ? text.replaceAll("/+$", "") : text;
  }

  static Function<String, Integer> whole(int from, int to) {
    return text -> {
      int value = Integer.parseInt(text);
      if (value < from || value > to) {
        throw new IllegalArgumentException(text);
      }
      return value;
    };
  }

  static Function<String, Double> share() {
    return text -> {
      double value = Double.parseDouble(text);
      if (!(value >= 0 && value <= 1)) {
        throw new IllegalArgumentException(text);
      }
      return value;
    };
  }

  static <E extends Enum<E>> Function<String, E> constant(Class<E> type) {
    return text -> Enum.valueOf(type, text.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  static String oneOf(Enum<?>[] values) {
    return Arrays.stream(values)
        .map(value -> value.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .collect(Collectors.joining(", ", "one of ", ""));
  }
}
