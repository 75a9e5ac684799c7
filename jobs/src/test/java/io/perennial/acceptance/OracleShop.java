package io.perennial.acceptance;

import io.perennial.oracle.Column;
import io.perennial.oracle.LakeCsv;
import io.perennial.oracle.OracleSettings;
import io.perennial.oracle.RandomLake;
import io.perennial.pipeline.Steps;
import io.perennial.step.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A shop configured by the oracle's settings. */
final class OracleShop {

  /** The steps whose tables the oracle computes. */
  static final List<Step> STEPS = Shop.steps(Steps.LAKE_STEPS, Steps.COHORT_STEPS, Steps.RFM_STEPS);

  private OracleShop() {}

  /** The shop of a random lake, with the files written. */
  static Shop of(RandomLake lake, Path folder) throws IOException {
    Shop shop = set(Shop.in(folder), lake.settings()).withSteps(STEPS);
    shop.set("shop.currency", lake.currency());
    shop.mapping(
        lake.settings().updates().name().toLowerCase(Locale.ROOT),
        lake.columns().stream().map(Column::columnName).collect(Collectors.joining(",")));
    LakeCsv.write(lake, shop.lake());
    return shop;
  }

  /** Sets the configuration of both oracle and pipeline; as_of is an argument of each run. */
  static Shop set(Shop shop, OracleSettings settings) {
    shop.set("shop.time-zone", settings.zone().getId());
    shop.set(
        "cohorts.dimensions",
        settings.dimensions().stream()
            .filter(dimension -> !dimension.equals("all"))
            .collect(Collectors.joining(", ", "[", "]")));
    shop.set("cohorts.active-window", String.valueOf(settings.activeWindow()));
    shop.set("cohorts.repeat-days", String.valueOf(settings.repeatDays()));
    shop.set("repurchase.max-order-number", String.valueOf(settings.maxOrderNumber()));
    if (settings.historyStart() != null) {
      shop.set("cohorts.history-start", settings.historyStart().toString());
    }
    if (settings.rfmWindowDays() != null) {
      shop.set("rfm.window", settings.rfmWindowDays().toString());
    }
    return shop;
  }
}
