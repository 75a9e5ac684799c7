package io.perennial.report;

import io.perennial.config.Settings;
import io.perennial.table.PublishedTables;
import java.util.Optional;

/**
 * A part of the page: reads its figures from the tables of a run, then renders them. A new section
 * is a class that implements this, and a line in {@link Sections}.
 */
interface Section {

  /**
   * How the page names a section.
   *
   * @param id target of links, unique on the page
   * @param title heading above it
   * @param menu entry of the menu
   */
  record Heading(String id, String title, String menu) {}

  Heading heading();

  /**
   * Reads the section's figures, added up in Spark to the size of a chart. Sections are read in
   * parallel. Empty where a section shows only figures of the others.
   */
  default Optional<Record> read(PublishedTables tables, Settings settings) {
    return Optional.empty();
  }

  /**
   * Writes the section's body.
   *
   * @param model the figures of all sections
   */
  Html render(ReportModel model, NumberFormats numbers);
}
