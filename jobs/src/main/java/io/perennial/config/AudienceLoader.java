package io.perennial.config;

import static io.perennial.config.SettingsLoader.constant;
import static io.perennial.config.SettingsLoader.oneOf;
import static io.perennial.config.SettingsLoader.whole;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.perennial.config.AudienceSettings.Audience;
import io.perennial.config.AudienceSettings.Channel;
import io.perennial.config.AudienceSettings.Platform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads the keys below {@code audiences} and the file that they name. What predicates say is
 * checked later, against the profile's columns.
 */
final class AudienceLoader {

  private static final String FILE = "audiences.file";
  private static final String WINDOWS = "audiences.lift-windows";
  private static final String LIST = "audiences";

  private AudienceLoader() {}

  static AudienceSettings load(
      ConfigReader reader, Optional<Path> configFile, List<Problem> problems) {
    List<Audience> audiences =
        reader
            .value(FILE, "the name of a file of audiences", Function.identity())
            .map(name -> NamedFile.find(NamedFile.NO_KIND, name, configFile))
            .flatMap(file -> file.load(reader, FILE, problems))
            .map(config -> audiences(config, problems))
            .orElse(List.of());
    return new AudienceSettings(
        audiences,
        reader.list("audiences.suppression-lists", "a file", Function.identity()),
        reader.required(
            "audiences.season-days", "a whole number of days from 1 to 180", whole(1, 180), 45),
        windows(reader));
  }

  private static List<Integer> windows(ConfigReader reader) {
    List<Integer> windows =
        reader.list(WINDOWS, "whole numbers of days from 1 to 730", whole(1, 730));
    if (!windows.equals(windows.stream().sorted().distinct().toList())) {
      reader.problem(WINDOWS, windows.toString(), "must ascend", "");
    }
    return windows;
  }

  private static List<Audience> audiences(Config config, List<Problem> problems) {
    ConfigReader reader = new ConfigReader(config, problems);
    reader.value("doc", "text", Function.identity());
    List<Audience> audiences = new ArrayList<>();
    if (!config.hasPath(LIST) || !(config.getValue(LIST) instanceof ConfigList list)) {
      reader.problem(LIST, null, "must be a list of audiences: [ { name = ... }, ... ]", "");
      return audiences;
    }
    reader.know(LIST);
    for (ConfigValue item : list) {
      if (item instanceof ConfigObject block) {
        audiences.add(audience(block, problems));
      } else {
        problems.add(
            Problem.of(
                LIST, item.origin(), item.unwrapped(), "must be a block { name = ..., ... }"));
      }
    }
    reader.rejectUnknownKeys();
    checkNames(audiences, problems);
    checkExperiments(audiences, problems);
    return audiences;
  }

  private static Audience audience(ConfigObject block, List<Problem> problems) {
    List<Problem> own = new ArrayList<>();
    ConfigReader reader = new ConfigReader(block.toConfig(), own);
    String origin = Problem.describe(block.origin());
    String name =
        text(
            reader,
            "name",
            "a name of lowercase letters, digits and hyphens",
            AudienceLoader::name);
    Function<String, String> any = Function.identity();
    String words = text(reader, "words", "what people call it", any);
    String use = text(reader, "use", "a sentence on when to use it", any);
    String predicate =
        text(reader, "predicate", "a Spark SQL predicate over customer_profile", any);
    String reason = reader.value("reason", "text", any).orElse("");
    Channel channel =
        reader.required("channel", oneOf(Channel.values()), constant(Channel.class), Channel.NONE);
    Optional<String> rankBy =
        reader.value("rank-by", "a Spark SQL number over customer_profile", any);
    Optional<String> stratifyBy = reader.value("stratify-by", "a column of customer_profile", any);
    Optional<Integer> cap =
        reader.value("cap", "a whole number of customers from 1", whole(1, Integer.MAX_VALUE));
    int coolOffDays =
        reader
            .value("cool-off-days", "a whole number of days from 0 to 3650", whole(0, 3650))
            .orElse(0);
    double controlShare =
        reader
            .value("control-share", "a share from 0 to 0.9", AudienceLoader::controlShare)
            .orElse(0.0);
    String experiment =
        reader
            .value(
                "experiment",
                "a name of lowercase letters, digits and hyphens",
                AudienceLoader::name)
            .orElse(name);
    Set<Platform> platforms = EnumSet.noneOf(Platform.class);
    platforms.addAll(reader.list("platforms", oneOf(Platform.values()), AudienceLoader::platform));
    String platformName = reader.value("platform-name", "text", any).orElse(name);
    if (rankBy.isPresent() && stratifyBy.isPresent()) {
      reader.problem(
          "stratify-by", stratifyBy.get(), "must not be set beside rank-by", "Leave out one.");
    }
    if (cap.isPresent() && rankBy.isEmpty() && stratifyBy.isEmpty()) {
      reader.problem(
          "cap", cap.get().toString(), "needs rank-by or stratify-by, which say whom to keep", "");
    }
    reader.rejectUnknownKeys();
    String place = LIST + (name.isEmpty() ? "" : "." + name);
    own.stream()
        .map(problem -> problem.origin().equals("not set") ? problem.at(origin) : problem)
        .forEach(problem -> problems.add(problem.below(place)));
    return new Audience(
        name,
        words,
        use,
        predicate,
        reason,
        channel,
        rankBy,
        stratifyBy,
        cap,
        coolOffDays,
        controlShare,
        experiment,
        platforms,
        platformName,
        origin);
  }

  private static String text(
      ConfigReader reader, String key, String expected, Function<String, String> parse) {
    return reader.required(key, expected, parse, "");
  }

  /** Names are parts of file names, of hashed text and of SQL: nothing in them wants quoting. */
  private static String name(String text) {
    if (!text.matches("[a-z0-9][a-z0-9-]{0,59}")) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  private static double controlShare(String text) {
    double share = Double.parseDouble(text);
    if (!(share >= 0 && share <= 0.9)) {
      throw new IllegalArgumentException(text);
    }
    return share;
  }

  private static Platform platform(String text) {
    Map<String, Platform> known =
        Arrays.stream(Platform.values())
            .collect(Collectors.toMap(Platform::label, Function.identity()));
    Platform platform = known.get(text.toLowerCase(Locale.ROOT));
    if (platform == null) {
      throw new ConfigReader.Unusable(text, ConfigReader.didYouMean(text, known.keySet()));
    }
    return platform;
  }

  private static void checkNames(List<Audience> audiences, List<Problem> problems) {
    Map<String, String> first = new HashMap<>();
    for (Audience audience : audiences) {
      String before = first.putIfAbsent(audience.name(), audience.origin());
      if (before != null && !audience.name().isEmpty()) {
        problems.add(
            new Problem(
                LIST + "." + audience.name() + ".name",
                audience.origin(),
                audience.name(),
                "must be the name of one audience only",
                "Another one has it (" + before + ")."));
      }
    }
  }

  /** Customers enter an experiment once: it can't have two shares of control. */
  private static void checkExperiments(List<Audience> audiences, List<Problem> problems) {
    Map<String, Audience> first = new HashMap<>();
    for (Audience audience : audiences) {
      Audience before = first.putIfAbsent(audience.experiment(), audience);
      if (before != null && before.controlShare() != audience.controlShare()) {
        problems.add(
            new Problem(
                LIST + "." + audience.name() + ".control-share",
                audience.origin(),
                String.valueOf(audience.controlShare()),
                "must be that of the other audience of experiment '"
                    + audience.experiment()
                    + "', "
                    + before.controlShare(),
                "Name another experiment or give both one share."));
      }
    }
  }
}
