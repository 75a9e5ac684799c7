package io.perennial.config;

import java.util.Locale;

/**
 * The HTML report.
 *
 * @param path the file, on any Hadoop filesystem
 * @param afterRun whether {@code run} writes it after publication
 * @param locale locale of numbers and money; dates and sentences are English
 */
public record ReportSettings(String path, boolean afterRun, Locale locale) {}
