package io.perennial;

import io.perennial.config.Settings;
import io.perennial.table.Table;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What a step's result depends on, as one hash: equal means that it need not be made again. */
final class Fingerprint {

  private Fingerprint() {}

  static String of(Step step, RunContext context) {
    StringBuilder text = new StringBuilder(Version.TEXT);
    text.append('|').append(context.settings().subset(step.keys().toArray(String[]::new)));
    for (Table table : step.reads()) {
      text.append('|')
          .append(table.name())
          .append('=')
          .append(context.store().version(table).orElse(-1L));
    }
    if (step.usesAsOf()) {
      text.append('|').append(context.asOf());
    }
    text.append('|').append(step.also().apply(context));
    return sha256(text.toString());
  }

  static String of(Settings settings) {
    return sha256(settings.rendered().toString());
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
