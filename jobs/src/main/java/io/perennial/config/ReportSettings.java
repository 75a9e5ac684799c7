package io.perennial.config;

import java.util.Locale;

/**
 * The report that people open.
 *
 * @param path the HTML file, on any Hadoop filesystem
 * @param afterRun whether {@code run} writes it when it has published
 * @param locale how numbers and money are written; dates and sentences are English
 */
public record ReportSettings(String path, boolean afterRun, Locale locale) {}
