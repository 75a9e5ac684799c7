package io.perennial.export;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.AudienceSettings.Platform;
import io.perennial.config.ExportSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * Removal files of erased customers: one for each platform that they were ever sent to, whatever
 * the audience, since a list that they left may not have been updated on the platform.
 */
record ErasureFiles(
    ExportSettings settings, String defaultRegion, SentLog sentLog, Configuration configuration) {

  private static final String DIRECTORY = "erasures";

  /**
   * Writes them below {@code export.path/erasures/ID}.
   *
   * @param customers customer_id of the erased
   * @param contacts contacts that still hold their addresses
   * @return the files written
   */
  List<String> write(Dataset<Row> customers, Dataset<Row> contacts, String erasureId) {
    Path directory = new Path(settings.path().orElseThrow() + "/" + DIRECTORY, erasureId);
    Dataset<Row> sent = sentLog.everSent(customers);
    Dataset<Row> cells = ExportInputs.contactCells(contacts);
    List<String> written = new ArrayList<>();
    try {
      for (Platform platform : Platform.values()) {
        PlatformFormat format = PlatformFormats.of(platform, settings);
        Set<String> lines = lines(sent, cells, format);
        if (!lines.isEmpty()) {
          written.add(write(directory, format, lines));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot write the removal files of an erasure below " + directory + ": " + e.getMessage(),
          e);
    }
    return written;
  }

  /** The lines of one platform, sorted; erasures are of few customers and fit the driver. */
  private Set<String> lines(Dataset<Row> sent, Dataset<Row> contacts, PlatformFormat format) {
    ExportList list = new ExportList(0, "", "", format, 0, "", "", true);
    Dataset<Row> removed =
        sent.where(SentIdentitiesTable.PLATFORM.col().equalTo(format.platform().label()))
            .withColumn(ExportColumns.LIST.name(), lit(list.index()))
            .withColumn(ExportColumns.CONTENT.name(), lit(""))
            .withColumn(ExportColumns.SENT_AS_OF.name(), lit(null).cast("date"));
    return new TreeSet<>(
        new RemovalLines(List.of(list), defaultRegion)
            .of(removed, contacts, sentLog)
            .select(ExportColumns.LINE.col())
            .as(Encoders.STRING())
            .collectAsList());
  }

  private String write(Path directory, PlatformFormat format, Set<String> lines)
      throws IOException {
    OwnerOnlyFiles files = OwnerOnlyFiles.at(directory, configuration);
    files.makeDirectory(directory);
    String name = format.platform().label() + "-remove.csv";
    Path staged = new Path(directory, "." + name);
    files.files().delete(staged, false);
    SplitCsvFile file =
        new SplitCsvFile(files, staged, "remove", format.removalHeadings(), Long.MAX_VALUE);
    for (String line : lines) {
      file.write(line);
    }
    Path target = new Path(directory, name);
    for (WrittenFile part : file.close()) {
      files.replace(new Path(directory, part.name()), target);
    }
    return target.toString();
  }
}
