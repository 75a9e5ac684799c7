package io.perennial.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Options.CreateOpts;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;

/** Replaces the report atomically: writes a temporary file, then renames it. */
public final class ReportFile {

  private ReportFile() {}

  /**
   * @param path on any Hadoop filesystem; its directory is created where missing
   * @param suffix of the temporary file, unique among writers, such as the run's id
   * @throws IllegalStateException if the file cannot be written; the previous report stays
   */
  public static void write(String page, String path, String suffix, Configuration conf) {
    Path target = new Path(path);
    try {
      FileContext files = FileContext.getFileContext(target.toUri(), conf);
      Path report = files.makeQualified(target);
      Path temporary = new Path(report.getParent(), "." + report.getName() + "." + suffix);
      try (OutputStream stream =
          files.create(
              temporary,
              EnumSet.of(CreateFlag.CREATE, CreateFlag.OVERWRITE),
              CreateOpts.createParent())) {
        stream.write(page.getBytes(StandardCharsets.UTF_8));
      }
      files.rename(temporary, report, Rename.OVERWRITE);
    } catch (IOException e) {
      throw new IllegalStateException(
          "Cannot write the report to report.path '"
              + path
              + "': "
              + e.getMessage()
              + ". What was published stays so: name another file, and run `report`.",
          e);
    }
  }
}
