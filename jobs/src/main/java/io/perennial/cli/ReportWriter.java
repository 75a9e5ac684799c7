package io.perennial.cli;

import io.perennial.config.Settings;
import io.perennial.report.ReportData;
import io.perennial.report.ReportFile;
import io.perennial.report.ReportPage;
import io.perennial.step.Fingerprint;
import io.perennial.table.PublishedTables;
import io.perennial.table.RunRecord;
import io.perennial.table.TableStore;
import java.io.PrintWriter;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;

/** Writes the report of a published run, and says where it is. */
final class ReportWriter {

  private ReportWriter() {}

  static void write(
      SparkSession spark,
      TableStore store,
      RunRecord run,
      Settings settings,
      String path,
      PrintWriter out) {
    long started = System.nanoTime();
    boolean sameSettings = Fingerprint.of(settings).equals(run.configHash());
    String page =
        ReportPage.of(ReportData.read(new PublishedTables(store, run), settings, sameSettings));
    ReportFile.write(page, path, run.runId(), spark.sparkContext().hadoopConfiguration());
    out.printf(Locale.ROOT, "Report in %.1f s: %s%n", (System.nanoTime() - started) / 1e9, path);
  }
}
