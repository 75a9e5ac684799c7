package io.perennial.cli;

import io.perennial.audiences.AudienceSteps;
import io.perennial.config.Settings;
import io.perennial.config.Settings.OnUnreadableFile;
import io.perennial.config.SourceColumn;
import io.perennial.ingest.MappingPreview;
import io.perennial.lake.LakeException;
import io.perennial.lake.LakeFile;
import io.perennial.lake.LakeListing;
import io.perennial.lake.Mapping;
import io.perennial.lake.RawRecords;
import io.perennial.lake.UnreadableFiles;
import io.perennial.spark.Sessions;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows how the configuration maps some of the lake's records, and changes nothing. */
@Command(
    name = "check",
    description = "Validates configuration and mapping against the lake; changes nothing.")
final class CheckCommand implements Callable<Integer> {

  /** Records read of each of the first, the middle and the last file. */
  private static final int SAMPLED = 500;

  @Mixin private ConfigOptions options;

  @Option(
      names = "--records",
      defaultValue = "3",
      description = "How many records to show. Default: ${DEFAULT-VALUE}.")
  private int shown;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Settings settings = options.load();
    PrintWriter out = spec.commandLine().getOut();
    SparkSession spark = ConfigOptions.session(settings);
    AudienceSteps.check(spark, settings);
    Sessions.fit(spark, 0); // Few records are read of a lake of any size.
    List<LakeFile> files =
        new ArrayList<>(
            LakeListing.list(spark, settings.lake().path(), settings.source().format()));
    out.printf(
        Locale.ROOT,
        "Lake %s: %,d %s, %,d bytes, source %s (%s), %s, %s%n",
        settings.lake().path(),
        files.size(),
        files.size() == 1 ? "file" : "files",
        files.stream().mapToLong(LakeFile::size).sum(),
        settings.source().name(),
        settings.source().format().name().toLowerCase(Locale.ROOT),
        settings.shop().timeZone(),
        settings.shop().currency());
    while (true) {
      try {
        preview(spark, settings, files, out);
        return ExitCode.DONE.code();
      } catch (Exception e) { // SparkException is checked; Scala does not declare it.
        LakeException unreadable = UnreadableFiles.blame(e, files);
        if (unreadable == null) {
          throw e;
        }
        boolean mayBeSkipped =
            settings.lake().onUnreadableFile() == OnUnreadableFile.SKIP
                && files.removeIf(file -> file.path().equals(unreadable.file()))
                && !files.isEmpty();
        if (!mayBeSkipped) {
          throw unreadable;
        }
        out.println("Skipped: " + unreadable.getMessage());
      }
    }
  }

  private void preview(
      SparkSession spark, Settings settings, List<LakeFile> files, PrintWriter out) {
    RawRecords records = new RawRecords(spark, settings.source(), files);
    List<String> columns = RawRecords.columnsOf(records.read(files));
    List<Dataset<Row>> sampled =
        Stream.of(0, files.size() / 2, files.size() - 1)
            .distinct()
            .flatMap(index -> records.read(List.of(files.get(index))).stream())
            .map(part -> part.limit(SAMPLED))
            .toList();
    MappingPreview preview =
        MappingPreview.of(
            new Mapping(spark, settings.source(), settings.shop().minorDigits()).apply(sampled),
            settings,
            shown);
    Set<String> unused = records.unusedOf(columns);
    out.println("Columns of a raw record: " + String.join(", ", columns));
    if (!unused.isEmpty()) {
      out.println("  not used by the mapping: " + String.join(", ", unused));
    }
    out.println(
        "Columns that are not mapped: "
            + Arrays.stream(SourceColumn.values())
                .filter(column -> !settings.source().maps(column))
                .map(SourceColumn::label)
                .collect(Collectors.joining(", ")));
    preview.print(out, settings.lake().maxRejectShare());
  }
}
