package io.perennial.export;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.AudienceSettings.Platform;
import io.perennial.config.ExportSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Removal files of erased people: one for each platform that they were ever sent to, whatever the
 * audience, since a list that they left may have been removed from nowhere.
 */
final class ErasureFiles {

  private static final String DIRECTORY = "erasures";

  private final ExportSettings settings;
  private final String defaultRegion;
  private final SentLog memory;
  private final Configuration configuration;

  ErasureFiles(
      ExportSettings settings, String defaultRegion, SentLog memory, Configuration configuration) {
    this.settings = settings;
    this.defaultRegion = defaultRegion;
    this.memory = memory;
    this.configuration = configuration;
  }

  /**
   * Writes them below {@code export.path/erasures/ID}.
   *
   * @param customers customer_id of the erased
   * @param inputs with contacts, as long as they have the addresses
   * @return the files written
   */
  List<String> write(Dataset<Row> customers, ExportInputs inputs, String erasureId) {
    Map<Platform, TreeSet<String>> lines = lines(customers, inputs);
    Path directory = new Path(settings.path().orElseThrow() + "/" + DIRECTORY, erasureId);
    List<String> written = new ArrayList<>();
    try {
      for (Map.Entry<Platform, TreeSet<String>> platform : lines.entrySet()) {
        written.add(write(directory, platform.getKey(), platform.getValue()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot write the removal files of an erasure below " + directory + ": " + e.getMessage(),
          e);
    }
    return written;
  }

  /** Erasures are of few people: their rows fit the driver. */
  private Map<Platform, TreeSet<String>> lines(Dataset<Row> customers, ExportInputs inputs) {
    Platform[] platforms = Platform.values();
    List<ExportList> lists = new ArrayList<>();
    for (Platform platform : platforms) {
      lists.add(
          new ExportList(
              lists.size(), "", "", PlatformFormats.of(platform, settings), 0, "", "", true));
    }
    Dataset<Row> sent = memory.everSent(customers);
    Map<Platform, TreeSet<String>> lines = new TreeMap<>();
    for (ExportList list : lists) {
      Dataset<Row> ofPlatform =
          sent.where(SentIdentitiesTable.PLATFORM.col().equalTo(list.platform().label()))
              .select(
                  lit(list.index()).as(ExportColumns.LIST.name()),
                  SentIdentitiesTable.ROW_KEY.col(),
                  lit("").as(ExportColumns.CONTENT.name()),
                  lit(null).cast("date").as(ExportColumns.SENT_AS_OF.name()),
                  SentIdentitiesTable.KEPT.col(),
                  SentIdentitiesTable.CUSTOMER_KEY.col())
              .distinct();
      new RemovalLines(lists, defaultRegion)
          .of(ofPlatform, inputs, memory)
          .select(col(ExportColumns.LINE.name()))
          .collectAsList()
          .forEach(
              row ->
                  lines
                      .computeIfAbsent(list.platform(), platform -> new TreeSet<>())
                      .add(row.getString(0)));
    }
    return lines;
  }

  private String write(Path directory, Platform platform, TreeSet<String> lines)
      throws IOException {
    OwnerOnlyFiles files = OwnerOnlyFiles.at(directory, configuration);
    files.makeDirectory(directory);
    String name = platform.name().toLowerCase(Locale.ROOT) + "-remove.csv";
    Path aside = new Path(directory, "." + name);
    files.files().delete(aside, false);
    SplitCsvFile file =
        new SplitCsvFile(
            files,
            directory,
            aside.getName(),
            PlatformFormats.of(platform, settings).removalHeadings(),
            Long.MAX_VALUE);
    for (String line : lines) {
      file.write(line);
    }
    Path target = new Path(directory, name);
    for (SplitCsvFile.Part part : file.close()) {
      files.replace(new Path(directory, part.file()), target);
    }
    return target.toString();
  }
}
