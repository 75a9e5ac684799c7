package io.perennial.churn;

import io.perennial.config.Settings;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.HexFormat;
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
    return "churn-" + asOf + "-" + sha256(text.toString()).substring(0, HEX_DIGITS);
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JVM has SHA-256", e);
    }
  }
}
