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

/** Writes the page whole or not at all: aside first, then in the old one's place. */
public final class ReportFile {

  private ReportFile() {}

  /**
   * @param path on any Hadoop filesystem; its directory is made where missing
   * @param aside part of a name that no other writer uses, such as the run's id
   * @throws IllegalStateException if it cannot be written; the old one stays
   */
  public static void write(String page, String path, String aside, Configuration conf) {
    Path target = new Path(path);
    try {
      FileContext files = FileContext.getFileContext(target.toUri(), conf);
      Path whole = files.makeQualified(target);
      Path part = new Path(whole.getParent(), "." + whole.getName() + "." + aside);
      try (OutputStream stream =
          files.create(
              part,
              EnumSet.of(CreateFlag.CREATE, CreateFlag.OVERWRITE),
              CreateOpts.createParent())) {
        stream.write(page.getBytes(StandardCharsets.UTF_8));
      }
      files.rename(part, whole, Rename.OVERWRITE);
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
