package io.perennial.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.perennial.config.AudienceSettings.Audience;
import io.perennial.config.AudienceSettings.Channel;
import io.perennial.config.AudienceSettings.Platform;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the file that {@code audiences.file} names. Predicates are checked later, against the
 * columns of customer_profile.
 */
final class AudienceLoader {

  private static final String LIST = "audiences";
  private static final Allowed<String> ANY = Allowed.text("text");
  private static final Allowed<String> NAME =
      Allowed.text("a name of lowercase letters, digits and hyphens", "[a-z0-9][a-z0-9-]{0,59}");

  private AudienceLoader() {}

  static List<Audience> load(Config config, List<Problem> problems) {
    ConfigReader reader = new ConfigReader(config, problems);
    reader.optional("doc", ANY);
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
    // Names are part of file names, of hashed text and of SQL, so nothing in them needs quoting.
    String name = text(reader, "name", NAME);
    String words = text(reader, "words", Allowed.text("what people call it"));
    String use = text(reader, "use", Allowed.text("a sentence on when to use it"));
    String predicate =
        text(reader, "predicate", Allowed.text("a Spark SQL predicate over customer_profile"));
    String reason = reader.optional("reason", ANY).orElse("");
    Channel channel = reader.required("channel", Allowed.oneOf(Channel.class)).orElse(Channel.NONE);
    Optional<String> rankBy =
        reader.optional("rank-by", Allowed.text("a Spark SQL number over customer_profile"));
    Optional<String> stratifyBy =
        reader.optional("stratify-by", Allowed.text("a column of customer_profile"));
    Optional<Integer> cap =
        reader.optional(
            "cap", Allowed.integer("a whole number of customers from 1", 1, Integer.MAX_VALUE));
    int coolOffDays = reader.optional("cool-off-days", Allowed.whole("days", 0, 3650)).orElse(0);
    double controlShare = reader.optional("control-share", Allowed.share("0.9")).orElse(0.0);
    String experiment = reader.optional("experiment", NAME).orElse(name);
    Set<Platform> platforms = EnumSet.noneOf(Platform.class);
    platforms.addAll(reader.list("platforms", Allowed.oneOfOrNearest(Platform.class)));
    String platformName = reader.optional("platform-name", ANY).orElse(name);
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

  private static String text(ConfigReader reader, String key, Allowed<String> allowed) {
    return reader.required(key, allowed).orElse("");
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

  /** A customer enters an experiment once, so an experiment has one control share. */
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
