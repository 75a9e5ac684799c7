package io.perennial.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.perennial.config.SegmentScheme.Axis;
import io.perennial.config.SegmentScheme.Segment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code conf/segments/NAME.conf}; segments must cover every cell exactly once. */
final class SegmentSchemeLoader {

  private static final Allowed<String> DOC = Allowed.text("text");

  private SegmentSchemeLoader() {}

  static Optional<SegmentScheme> load(String name, Config config, List<Problem> problems) {
    int before = problems.size();
    ConfigReader reader = new ConfigReader(config, problems);
    reader.optional("doc", DOC);
    int levels = reader.required("levels", Allowed.whole(2, 9)).orElse(5);
    List<Axis> axes = reader.list("axes", Allowed.oneOf(Axis.class));
    List<Segment> segments = new ArrayList<>();
    reader
        .object("segments")
        .ifPresent(
            object -> {
              for (Map.Entry<String, ConfigValue> entry : inFileOrder(object)) {
                if (entry.getValue() instanceof ConfigObject block) {
                  segments.add(segment(entry.getKey(), block.toConfig(), axes, levels, problems));
                } else {
                  problems.add(
                      Problem.of(
                          "segments." + entry.getKey(),
                          entry.getValue().origin(),
                          entry.getValue().unwrapped(),
                          "must be a block { doc = ..., r = [..], ... }"));
                }
              }
            });
    reader.rejectUnknownKeys();
    SegmentScheme scheme = new SegmentScheme(name, levels, axes, segments);
    if (problems.size() == before) {
      scheme
          .faults()
          .forEach(
              fault -> reader.problem("segments", null, fault, "Every cell must be covered once."));
    }
    return problems.size() == before ? Optional.of(scheme) : Optional.empty();
  }

  private static Segment segment(
      String name, Config config, List<Axis> axes, int levels, List<Problem> problems) {
    List<Problem> own = new ArrayList<>();
    ConfigReader reader = new ConfigReader(config, own);
    String doc = reader.optional("doc", DOC).orElse("");
    Map<Axis, List<Integer>> allowed = new EnumMap<>(Axis.class);
    for (Axis axis : axes) {
      List<Integer> scores =
          reader.list(axis.label(), Allowed.integer("scores from 1 to " + levels, 1, levels));
      if (!scores.isEmpty()) {
        allowed.put(axis, scores);
      }
    }
    reader.rejectUnknownKeys();
    own.forEach(problem -> problems.add(problem.below("segments." + name)));
    return new Segment(name, doc, allowed);
  }

  private static List<Map.Entry<String, ConfigValue>> inFileOrder(ConfigObject object) {
    return object.entrySet().stream()
        .sorted(
            Comparator.<Map.Entry<String, ConfigValue>>comparingInt(
                    entry -> entry.getValue().origin().lineNumber())
                .thenComparing(Map.Entry::getKey))
        .toList();
  }
}
