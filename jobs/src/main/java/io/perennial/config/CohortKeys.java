package io.perennial.config;

import io.perennial.config.Settings.Dimension;
import java.time.YearMonth;
import java.util.List;

/** The keys below {@code cohorts} and {@code repurchase}. */
public final class CohortKeys {

  /** All keys of the group, for a step that depends on all. */
  public static final String GROUP = "cohorts";

  public static final Key<Dimension> DIMENSIONS =
      new Key<>("cohorts.dimensions", Allowed.oneOf(Dimension.class));
  public static final Key<Integer> ACTIVE_WINDOW =
      new Key<>("cohorts.active-window", Allowed.whole("months", 1, 60));
  public static final Key<Integer> REPEAT_DAYS =
      new Key<>("cohorts.repeat-days", Allowed.whole("days", 1, 3650));
  public static final Key<YearMonth> HISTORY_START =
      new Key<>("cohorts.history-start", new Allowed<>("a month YYYY-MM", YearMonth::parse));
  public static final Key<Integer> MAX_ORDER_NUMBER =
      new Key<>("repurchase.max-order-number", Allowed.whole(2, 20));

  private CohortKeys() {}

  static Settings.Cohorts load(ConfigReader reader) {
    List<Dimension> dimensions = reader.list(DIMENSIONS);
    if (dimensions.stream().distinct().count() < dimensions.size()) {
      reader.problem(DIMENSIONS.path(), dimensions.toString(), "must name each dimension once", "");
    }
    return new Settings.Cohorts(
        dimensions,
        reader.value(ACTIVE_WINDOW),
        reader.value(REPEAT_DAYS),
        reader.optional(HISTORY_START));
  }
}
