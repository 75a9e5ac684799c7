package io.perennial.churn;

import io.perennial.config.Settings;
import io.perennial.config.Sha256;
import java.time.LocalDate;
import java.util.List;
import java.util.SortedMap;

/** Ids of models: a hash of data, settings and feature version, so a rebuild gives the same id. */
final class ModelId {

  private static final int HEX_DIGITS = 10;

  private ModelId() {}

  static String of(
      LocalDate asOf,
      Settings.Churn settings,
      List<LocalDate> origins,
      SortedMap<LocalDate, OriginStatistics> statistics) {
    StringBuilder text = new StringBuilder(Features.VERSION);
    text.append('|').append(settings).append('|').append(origins);
    statistics.forEach((origin, of) -> text.append('|').append(origin).append(of.digest()));
    return "churn-" + asOf + "-" + Sha256.hex(text.toString()).substring(0, HEX_DIGITS);
  }
}
