package io.perennial.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import scala.jdk.javaapi.CollectionConverters;

/**
 * One cold run of Perennial. Arguments: configuration file, lake, warehouse, and a mode that {@link
 * BenchmarkProcesses} declares.
 */
public final class PerennialRun {

  private static final Pattern STEP =
      Pattern.compile("\\[\\d+/\\d+\\] (\\w+) .*? ([\\d.]+) s(  .*)?");

  private PerennialRun() {}

  /** Reports seconds by step and in total, then the rows of the comparison queries. */
  public static void main(String[] args) throws Exception {
    List<String> overrides =
        List.of(
            "lake.path=" + args[1],
            "lake.source=perennial",
            "lake.format=parquet",
            "warehouse.path=" + args[2],
            "cohorts.dimensions=[]");
    BenchmarkPipeline[] run = new BenchmarkPipeline[1];
    if (args[3].equals(BenchmarkProcesses.SCAN)) {
      run[0] = BenchmarkPipeline.open(Path.of(args[0]), overrides, System.out::println);
      scan(run[0], args[1]);
      return;
    }
    RunOutput.timed(
        RunOutput.TOTAL,
        () -> {
          RunOutput.timed(
              "session",
              () ->
                  run[0] =
                      BenchmarkPipeline.open(Path.of(args[0]), overrides, PerennialRun::report));
          if (args[3].equals(BenchmarkProcesses.EVERYTHING)) {
            run[0].runAllSteps();
          } else {
            run[0].runComparedSteps();
          }
        });
    RunOutput.reportPeakMemory();
    if (args[3].equals(BenchmarkProcesses.TABLES)) {
      results(run[0].createViews());
    }
  }

  private static void report(String line) {
    System.out.println(line);
    Matcher step = STEP.matcher(line);
    if (step.matches()) {
      RunOutput.report(step.group(1), Double.parseDouble(step.group(2)), 0);
    }
  }

  private static void results(SparkSession spark) {
    for (Map.Entry<String, String> query : ResultQueries.queries().entrySet()) {
      for (Row row : spark.sql(query.getValue()).collectAsList()) {
        RunOutput.reportResult(
            query.getKey(), ResultQueries.row(CollectionConverters.asJava(row.toSeq())));
      }
    }
  }

  /** Measures a cold read of the mapped order columns. */
  private static void scan(BenchmarkPipeline run, String lake) throws Exception {
    SparkSession spark = run.spark();
    RunOutput.timed(
        BenchmarkProcesses.SCAN,
        () ->
            spark
                .read()
                .parquet(lake)
                .select(LakeColumns.COLUMNS.stream().map(functions::col).toArray(Column[]::new))
                .write()
                .format("noop")
                .mode("overwrite")
                .save());
  }
}
