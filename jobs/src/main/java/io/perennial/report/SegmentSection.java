package io.perennial.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perennial.report.SegmentFigures.Segment;
import io.perennial.rfm.RfmTransitionsTable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** RFM segments: their money, their movement, and what to do with each. */
final class SegmentSection {

  private static final int MOVES = 8;
  private static final int LEVELS = 5;

  /** Share of net below which a rectangle has no room for a name. */
  private static final double LABELLED = 0.012;

  private SegmentSection() {}

  static Html render(ReportModel model, NumberFormats numbers) {
    SegmentFigures segments = model.get(SegmentFigures.class);
    return segments.now().isEmpty()
        ? Blocks.nothing("There are no segments yet: run `perennial rfm` or `perennial run`.")
        : Html.of(
            "{}{}{}",
            treemap(segments, numbers),
            table(segments, numbers),
            moves(segments, numbers));
  }

  private static Html treemap(SegmentFigures segments, NumberFormats numbers) {
    List<Segment> shown =
        segments.now().stream().filter(s -> s.net().signum() > 0 && s.customers() > 0).toList();
    double least = shown.stream().mapToDouble(Segment::meanRecencyDays).min().orElse(0);
    double most = shown.stream().mapToDouble(Segment::meanRecencyDays).max().orElse(1);
    double all = shown.stream().mapToDouble(s -> s.net().doubleValue()).sum();
    List<ObjectNode> data = new ArrayList<>();
    shown.forEach(
        segment -> {
          int level = level(segment.meanRecencyDays(), least, most);
          double share = segment.net().doubleValue() / all;
          data.add(
              ChartOption.of(
                  """
                  {name: "{}", value: "{}", summary: "{}", itemStyle: {color: {$color: "{}"}},
                   share: "{}", label: {show: "{}", color: {$color: "{}"}}}""",
                  segment.name(),
                  segment.net(),
                  tooltip(segment, numbers),
                  "age" + level,
                  share,
                  share >= LABELLED,
                  "age" + level + "-ink"));
        });
    Chart chart =
        new Chart(
            "segments-map",
            "Segments as rectangles: the area is their net, the colour the mean time since the last"
                + " order.",
            ChartOption.of(
                """
                {tooltip: {confine: true, formatter: {$fn: "segment"}},
                 series: [{type: "treemap", animation: false, roam: false, nodeClick: false,
                  breadcrumb: {show: false}, left: 0, right: 0, top: 0, bottom: 0,
                  itemStyle: {gapWidth: 3, borderWidth: 0, borderColor: {$color: "card"}},
                  label: {formatter: {$fn: "segmentLabel"}, position: "insideTopLeft", padding: 4,
                   fontSize: 13, lineHeight: 18, overflow: "truncate"},
                  data: "{}"}]}""",
                data));
    Html legend =
        Html.of(
            "<p class=\"legend ages\">Colour: mean days since the last order, from <b>{}</b>"
                + " <span class=\"swatches\" aria-hidden=\"true\">{}</span> to <b>{}</b>. Area: net.</p>",
            numbers.count(Math.round(least)),
            IntStream.range(0, LEVELS)
                .mapToObj(level -> Html.of("<i class=\"age{}\"></i>", level))
                .toList(),
            numbers.count(Math.round(most)));
    return Blocks.block(
        "Segments by money",
        "Customers by recency, frequency and net of their orders, in the segments of the scheme;"
            + " customers with equal values score alike (rfm).",
        Html.of(
            "{}{}",
            Blocks.place(chart, chart.label() + " The table below has the same figures."),
            legend));
  }

  private static int level(double days, double least, double most) {
    double span = Math.log1p(most) - Math.log1p(least);
    return span == 0
        ? 0
        : (int)
            Math.min(
                LEVELS - 1, Math.floor(LEVELS * (Math.log1p(days) - Math.log1p(least)) / span));
  }

  private static String tooltip(Segment segment, NumberFormats numbers) {
    return numbers.wholeMoney(segment.net())
        + " · "
        + numbers.customers(segment.customers())
        + (segment.before() == null ? "" : " (" + numbers.signed(segment.growth()) + ")");
  }

  private static Html table(SegmentFigures segments, NumberFormats numbers) {
    BigDecimal net =
        segments.now().stream()
            .map(s -> s.net().max(BigDecimal.ZERO))
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    boolean hasBefore = segments.now().stream().anyMatch(s -> s.before() != null);
    List<Object> head = new ArrayList<>(List.of("Segment", "Customers", "Net", "Share of net"));
    head.add("Net per customer");
    if (hasBefore) {
      head.add("Customers since");
      head.add("Net since");
    }
    head.add(Blocks.words("What to do"));
    String caption =
        hasBefore
            ? "Segments, and their change since " + NumberFormats.day(segments.previousAsOf())
            : "Segments";
    return Blocks.block(
        caption,
        "Net: of the customers' orders in the window of rfm, refunds taken off. What to do is what"
            + " the segment scheme says.",
        Html.table(caption, head, segments.now(), s -> row(s, net, hasBefore, numbers)));
  }

  private static List<Object> row(
      Segment segment, BigDecimal net, boolean hasBefore, NumberFormats numbers) {
    double share = net.signum() == 0 ? 0 : segment.net().doubleValue() / net.doubleValue();
    List<Object> row = new ArrayList<>();
    row.add(segment.name());
    row.add(numbers.count(segment.customers()));
    row.add(numbers.wholeMoney(segment.net()));
    row.add(Blocks.bar(share, "blue", numbers.percent(Math.max(0, share))));
    row.add(
        segment.customers() == 0
            ? NumberFormats.NOTHING
            : numbers.money(segment.net().doubleValue() / segment.customers()));
    if (hasBefore) {
      row.add(numbers.signed(segment.growth()));
      row.add(numbers.signed(segment.net().subtract(segment.before().net()).doubleValue(), 0));
    }
    row.add(Blocks.words(segment.advice()));
    return row;
  }

  private static Html moves(SegmentFigures segments, NumberFormats numbers) {
    String definition =
        "Customers whose segment is another than at the snapshot before (rfm_transitions).";
    if (segments.isFirstSnapshot()) {
      return Blocks.block(
          "Movement",
          definition,
          Blocks.nothing("This is the first snapshot: movement shows from the next as_of on."));
    }
    if (segments.moves().isEmpty()) {
      return Blocks.block(
          "Movement",
          definition,
          Blocks.nothing(
              "Nobody changed segment since " + NumberFormats.day(segments.previousAsOf()) + "."));
    }
    double most = segments.moves().get(0).customers();
    String caption = "Largest movements since " + NumberFormats.day(segments.previousAsOf());
    return Blocks.block(
        caption,
        definition,
        Html.table(
            caption,
            List.of("From", Blocks.words("To"), "Customers"),
            segments.moves().stream().limit(MOVES).toList(),
            move ->
                List.of(
                    place(move.from(), "new customers"),
                    Blocks.words(place(move.to(), "out of sight")),
                    Blocks.bar(move.customers() / most, "blue", numbers.count(move.customers())))));
  }

  private static String place(String segment, String none) {
    return segment.equals(RfmTransitionsTable.NONE) ? none : segment;
  }
}
