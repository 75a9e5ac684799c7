package io.perennial.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import scala.jdk.javaapi.CollectionConverters;

/**
 * One cold run of Perennial. Arguments: configuration file, lake, warehouse, and a way that {@link
 * Sides} names.
 */
public final class PerennialRun {

  private static final Pattern STEP =
      Pattern.compile("\\[\\d+/\\d+\\] (\\w+) .*? ([\\d.]+) s(  .*)?");

  private PerennialRun() {}

  /** Reports seconds by step and in total, then the figures of the tables. */
  public static void main(String[] args) throws Exception {
    List<String> overrides =
        List.of(
            "lake.path=" + args[1],
            "lake.source=perennial",
            "lake.format=parquet",
            "warehouse.path=" + args[2],
            "cohorts.dimensions=[]");
    StepsRun[] run = new StepsRun[1];
    if (args[3].equals(Sides.SCAN)) {
      run[0] = StepsRun.open(Path.of(args[0]), overrides, System.out::println);
      scan(run[0], args[1]);
      return;
    }
    Timed.run(
        Timed.TOTAL,
        () -> {
          Timed.run(
              "session",
              () -> run[0] = StepsRun.open(Path.of(args[0]), overrides, PerennialRun::say));
          if (args[3].equals(Sides.EVERYTHING)) {
            run[0].everything();
          } else {
            run[0].lakeCohortMatrixAndRfm();
          }
        });
    Timed.peak();
    if (args[3].equals(Sides.TABLES)) {
      figures(run[0].withTablesAsViews());
    }
  }

  private static void say(String line) {
    System.out.println(line);
    Matcher step = STEP.matcher(line);
    if (step.matches()) {
      Timed.report(step.group(1), Double.parseDouble(step.group(2)), 0);
    }
  }

  private static void figures(SparkSession spark) {
    for (Map.Entry<String, String> query : Figures.queries().entrySet()) {
      for (Row row : spark.sql(query.getValue()).collectAsList()) {
        Timed.figure(query.getKey(), Figures.row(CollectionConverters.asJava(row.toSeq())));
      }
    }
  }

  /** What reading alone costs, cold: every mapped order column of the lake, nothing else. */
  private static void scan(StepsRun run, String lake) throws Exception {
    SparkSession spark = run.spark();
    Timed.run(
        Sides.SCAN,
        () ->
            spark
                .read()
                .parquet(lake)
                .select(
                    ScanFloor.COLUMNS.stream()
                        .map(org.apache.spark.sql.functions::col)
                        .toArray(Column[]::new))
                .write()
                .format("noop")
                .mode("overwrite")
                .save());
  }
}
