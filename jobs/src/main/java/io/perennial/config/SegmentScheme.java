package io.perennial.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A segment scheme: named blocks of the RFM cube that cover every cell exactly once.
 *
 * @param name the file's name without its ending
 * @param levels scores run from 1 to this, the highest being best
 * @param axes scores that the cube is spanned by
 * @param segments the blocks, in the order of the file
 */
public record SegmentScheme(String name, int levels, List<Axis> axes, List<Segment> segments) {

  /** A score that segments are cut by: of a customer's own value, or the mean of other scores. */
  public enum Axis {
    /** Recency score. */
    R,
    /** Frequency score. */
    F,
    /** Monetary score. */
    M,
    /** Mean of the frequency and monetary scores, halves rounded up. */
    FM(F, M);

    private final List<Axis> meanOf;

    Axis(Axis... meanOf) {
      this.meanOf = List.of(meanOf);
    }

    /** The axes whose scores it is the mean of, halves rounded up; empty for a scored axis. */
    public List<Axis> meanOf() {
      return meanOf;
    }

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** One cell of the space that the axes span. */
  record Cell(Map<Axis, Integer> scores) {

    private String text() {
      return scores.entrySet().stream()
          .map(score -> score.getKey().label() + "=" + score.getValue())
          .collect(Collectors.joining(" "));
    }
  }

  /**
   * A named block of cells.
   *
   * @param name as users see it
   * @param doc what to do with its customers, in a sentence
   * @param allowed the scores of each axis; an axis that is not in the map allows all
   */
  public record Segment(String name, String doc, Map<Axis, List<Integer>> allowed) {

    boolean covers(Cell cell) {
      return cell.scores().entrySet().stream()
          .allMatch(
              score ->
                  !allowed.containsKey(score.getKey())
                      || allowed.get(score.getKey()).contains(score.getValue()));
    }
  }

  /**
   * Why the scheme is not a partition of its cells: cells without a segment, cells with several,
   * and segments that no cell reaches. Empty for a partition.
   */
  public List<String> faults() {
    List<String> faults = new ArrayList<>();
    Map<String, Integer> reached = new LinkedHashMap<>();
    segments.forEach(segment -> reached.put(segment.name(), 0));
    List<String> uncovered = new ArrayList<>();
    List<String> twice = new ArrayList<>();
    for (Cell cell : cells()) {
      List<String> covering =
          segments.stream().filter(segment -> segment.covers(cell)).map(Segment::name).toList();
      covering.forEach(name -> reached.merge(name, 1, Integer::sum));
      if (covering.isEmpty()) {
        uncovered.add(cell.text());
      } else if (covering.size() > 1) {
        twice.add(cell.text() + " (" + String.join(" and ", covering) + ")");
      }
    }
    if (!uncovered.isEmpty()) {
      faults.add("no segment covers " + String.join(", ", uncovered));
    }
    if (!twice.isEmpty()) {
      faults.add("more than one segment covers " + String.join(", ", twice));
    }
    reached.forEach(
        (name, cells) -> {
          if (cells == 0) {
            faults.add("no cell reaches segment '" + name + "'");
          }
        });
    return faults;
  }

  private List<Cell> cells() {
    List<Cell> cells = List.of(new Cell(Map.of()));
    for (Axis axis : axes) {
      List<Cell> longer = new ArrayList<>();
      for (Cell cell : cells) {
        for (int score = 1; score <= levels; score++) {
          Map<Axis, Integer> scores = new LinkedHashMap<>(cell.scores());
          scores.put(axis, score);
          longer.add(new Cell(scores));
        }
      }
      cells = longer;
    }
    return cells;
  }
}
