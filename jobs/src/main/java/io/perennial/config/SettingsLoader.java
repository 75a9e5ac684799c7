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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads the configuration. Strongest first: {@code --set}, the configuration file, the {@code shop}
 * block of the source, {@code reference.conf}.
 */
public final class SettingsLoader {

  private static final String SHOP = "shop";

  private SettingsLoader() {}

  /**
   * Loads and checks a configuration without a file; files that it names are in {@code conf}.
   *
   * @param overrides {@code key=value} pairs of the command line, in order
   * @throws ConfigurationException with all problems at once
   */
  public static Settings load(List<String> overrides) {
    return load(ConfigFactory.empty(), overrides, Path.of("conf"));
  }

  /**
   * Loads and checks a configuration file; files that it names are in its folder.
   *
   * @param overrides {@code key=value} pairs of the command line, in order
   * @throws ConfigurationException with all problems at once
   */
  public static Settings load(Path file, List<String> overrides) {
    if (!Files.isRegularFile(file)) {
      throw new ConfigurationException(
          new Problem(
              "--config",
              "command line",
              file.toString(),
              "no such file",
              "Give the path of a configuration file."));
    }
    return load(HoconFiles.parse(file), overrides, file.toAbsolutePath().getParent());
  }

  private static Settings load(Config file, List<String> overrides, Path folder) {
    List<Problem> problems = new ArrayList<>();
    Config user = overrides(overrides, problems).withFallback(file);
    Config reference =
        ConfigFactory.parseResources(SettingsLoader.class.getClassLoader(), "reference.conf");
    ConfigReader first =
        new ConfigReader(HoconFiles.resolve(user.withFallback(reference)), problems);
    NamedFiles files = new NamedFiles(folder.toAbsolutePath());
    String sourceName = first.value(LakeKeys.SOURCE);
    Optional<Config> sourceFile =
        files.load(NamedFiles.Kind.SOURCES, sourceName, LakeKeys.SOURCE.path(), first);
    Config shopDefaults =
        sourceFile
            .filter(config -> config.hasPath(SHOP))
            .map(config -> config.withOnlyPath(SHOP))
            .orElse(ConfigFactory.empty());
    Config all = HoconFiles.resolve(user.withFallback(shopDefaults).withFallback(reference));
    ConfigReader reader = new ConfigReader(all, problems);

    Settings.Shop shop = ShopKeys.load(reader);
    reader.know(LakeKeys.SOURCE.path());
    Settings.Lake lake = LakeKeys.load(reader);
    Optional<SourceSettings.Format> format = reader.optional(LakeKeys.FORMAT);
    Optional<SourceSettings> source =
        sourceFile
            .map(config -> SourceLoader.load(sourceName, config.withoutPath(SHOP), problems))
            .map(mapping -> format.map(mapping::storedAs).orElse(mapping));
    Settings.Warehouse warehouse = WarehouseKeys.load(reader);
    String statePath =
        reader.optional(WarehouseKeys.STATE_PATH).orElse(warehouse.path() + "-state");
    Settings.Cohorts cohorts = CohortKeys.load(reader);
    Settings.Repurchase repurchase =
        new Settings.Repurchase(reader.value(CohortKeys.MAX_ORDER_NUMBER));
    Optional<Settings.Rfm> rfm = RfmKeys.load(reader, files);
    Settings.Churn churn = ChurnKeys.load(reader);
    Settings.Contacts contacts = ContactKeys.load(reader);
    AudienceSettings audiences = AudienceKeys.load(reader, files);
    ExportSettings export = ExportKeys.load(reader);
    LoyaltySettings loyalty = LoyaltyKeys.load(reader, shop.minorDigits());
    ProductSettings products = ProductKeys.load(reader);
    ReportSettings report = ReportKeys.load(reader, shop, warehouse);
    reader.rejectUnknownKeys();
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    Map<String, String> rendered = rendered(all);
    rendered.put(LakeKeys.MAPPING, source.orElseThrow().toString());
    rendered.put(RfmKeys.SCHEME.path() + ".rules", rfm.orElseThrow().scheme().toString());
    rendered.put(AudienceKeys.FILE.path() + ".rules", audiences.rules());
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

  private static Config overrides(List<String> overrides, List<Problem> problems) {
    Config result = ConfigFactory.empty();
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

  /** Every key with its value, sorted, for the hash of a configuration. */
  private static Map<String, String> rendered(Config config) {
    Map<String, String> result = new TreeMap<>();
    config
        .entrySet()
        .forEach(
            entry ->
                result.put(entry.getKey(), entry.getValue().render(ConfigRenderOptions.concise())));
    return result;
  }
}
