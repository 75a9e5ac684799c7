package io.perennial.report;

import io.perennial.config.Settings;
import io.perennial.table.PublishedTables;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * A part of the page. A new section is a class that renders it, and an entry in {@link #ALL}.
 *
 * @param id target of links, unique on the page
 * @param title heading above it
 * @param menu entry of the menu
 * @param figures reads the section's figures, added up in Spark to the size of a chart; sections
 *     are read in parallel. Empty where a section shows only figures of the others
 * @param body renders the section from the figures of all sections
 */
record Section(
    String id,
    String title,
    String menu,
    BiFunction<PublishedTables, Settings, Optional<Record>> figures,
    BiFunction<ReportModel, NumberFormats, Html> body) {

  /** The sections, in the order of the page. */
  static final List<Section> ALL =
      List.of(
          new Section(
              "overview",
              "In short",
              "In short",
              (tables, settings) -> Optional.of(RetentionFigures.read(tables)),
              OverviewSection::render),
          new Section(
              "cohorts",
              "Do customers come back?",
              "Cohorts",
              (tables, settings) -> Optional.of(CohortFigures.read(tables)),
              CohortSection::render),
          new Section(
              "segments",
              "Who are they?",
              "Segments",
              (tables, settings) ->
                  Optional.of(SegmentFigures.read(tables, settings.rfm().scheme().segments())),
              SegmentSection::render),
          new Section(
              "churn",
              "Who is about to leave, and why?",
              "Churn",
              (tables, settings) -> Optional.of(ChurnFigures.read(tables)),
              ChurnSection::render),
          new Section(
              "audiences",
              "Who will be contacted?",
              "Audiences",
              (tables, settings) -> Optional.of(AudienceFigures.read(tables)),
              AudienceSection::render),
          new Section(
              "campaigns",
              "Did campaigns work?",
              "Campaigns",
              (tables, settings) -> Optional.of(CampaignFigures.read(tables)),
              CampaignSection::render),
          new Section(
              "value",
              "What would five points more retention be worth?",
              "Five points",
              (tables, settings) -> Optional.empty(),
              ValueSection::render),
          new Section(
              "health",
              "Can these figures be trusted?",
              "Data health",
              (tables, settings) -> Optional.of(HealthFigures.read(tables)),
              HealthSection::render));
}
