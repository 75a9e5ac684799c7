package io.perennial.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this build of Perennial. */
public final class Version {

  public static final String TEXT = read();

  private Version() {}

  private static String read() {
    Properties properties = new Properties();
    try (InputStream stream = Version.class.getResourceAsStream("/perennial-build.properties")) {
      properties.load(stream);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read perennial-build.properties of the jar", e);
    }
    return properties.getProperty("version");
  }
}
