package io.perennial.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * A segment scheme: named blocks of the RFM cube that cover every cell exactly once.
 *
 * @param name the file's name without its ending
 * @param levels scores run from 1 to this, the highest being best
 * @param axes what rules may speak of
 * @param segments the blocks, in the order of the file
 */
public record SegmentScheme(String name, int levels, List<Axis> axes, List<Segment> segments) {

  /** A score that rules may speak of. */
  public enum Axis {
    /** Recency score. */
    R,
    /** Frequency score. */
    F,
    /** Monetary score. */
    M,
    /** Mean of the frequency and monetary scores, halves rounded up. */
    FM;

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
   * @param name what users call it
   * @param doc what to do with it, in a sentence
   * @param allowed the scores of each axis; an axis that is not named allows all
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

  /** The mean of two scores, halves rounded up. */
  public static int fm(int f, int m) {
    return (f + m + 1) / 2;
  }

  /**
   * What keeps the scheme from being a partition of its cells: cells without a segment, cells with
   * several, and segments that no cell reaches. Empty when all is well.
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

  /** The segment of one customer's scores. */
  public String segmentOf(int r, int f, int m) {
    Map<Axis, ToIntFunction<int[]>> value =
        Map.of(
            Axis.R, s -> s[0],
            Axis.F, s -> s[1],
            Axis.M, s -> s[2],
            Axis.FM, s -> fm(s[1], s[2]));
    Map<Axis, Integer> scores = new LinkedHashMap<>();
    int[] rfm = {r, f, m};
    axes.forEach(axis -> scores.put(axis, value.get(axis).applyAsInt(rfm)));
    return segments.stream()
        .filter(segment -> segment.covers(new Cell(scores)))
        .findFirst()
        .map(Segment::name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot find a segment for scores " + Arrays.toString(rfm) + " in " + name));
  }
}
