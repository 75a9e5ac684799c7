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
import java.util.stream.Stream;

/** A shop set up as the oracle's settings say. */
final class OracleShop {

  /** What the oracle knows: everything but what is learned. */
  static final List<Step> STEPS =
      Stream.of(Steps.LAKE_STEPS, Steps.COHORT_STEPS, Steps.RFM_STEPS)
          .flatMap(List::stream)
          .toList();

  private OracleShop() {}

  /** The shop of a random lake, with its files in place. */
  static Shop of(RandomLake lake, Path folder) throws IOException {
    Shop shop = set(Shop.in(folder), lake.settings()).making(STEPS);
    shop.set("shop.currency", lake.currency());
    shop.mapping(
        lake.settings().updates().name().toLowerCase(Locale.ROOT),
        lake.columns().stream().map(Column::columnName).toList());
    LakeCsv.write(lake, shop.lake());
    return shop;
  }

  /** Sets what both the oracle and the job read; as_of is told to each run. */
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
