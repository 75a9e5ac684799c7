package io.perennial.cli;

import io.perennial.config.Settings;
import io.perennial.report.ReportData;
import io.perennial.report.ReportFile;
import io.perennial.report.ReportPage;
import io.perennial.step.Fingerprint;
import io.perennial.table.PublishedTables;
import io.perennial.table.RunRecord;
import java.io.PrintWriter;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;

/** Writes the report of a published run, and prints its path. */
final class ReportWriter {

  private ReportWriter() {}

  static void write(
      SparkSession spark, PublishedTables tables, Settings settings, PrintWriter out) {
    long started = System.nanoTime();
    RunRecord run = tables.run();
    String path = settings.report().path();
    boolean isConfigUnchanged = Fingerprint.of(settings).equals(run.configHash());
    String page = ReportPage.of(ReportData.read(tables, settings, isConfigUnchanged));
    ReportFile.write(page, path, run.runId(), spark.sparkContext().hadoopConfiguration());
    out.printf(Locale.ROOT, "Report in %.1f s: %s%n", (System.nanoTime() - started) / 1e9, path);
  }
}
