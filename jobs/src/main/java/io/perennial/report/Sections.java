package io.perennial.report;

import java.util.List;

/** The registry of sections, in the order of the page. */
final class Sections {

  static final List<Section> ALL =
      List.of(
          new OverviewSection(),
          new CohortSection(),
          new SegmentSection(),
          new ChurnSection(),
          new AudienceSection(),
          new CampaignSection(),
          new ValueSection(),
          new HealthSection());

  private Sections() {}
}
