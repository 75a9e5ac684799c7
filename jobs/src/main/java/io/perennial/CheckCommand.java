package io.perennial;

import io.perennial.config.Settings;
import io.perennial.config.SourceColumn;
import io.perennial.lake.LakeFile;
import io.perennial.lake.LakeListing;
import io.perennial.lake.Mapping;
import io.perennial.lake.RawRecords;
import io.perennial.orders.LineSample;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what the configuration makes of the lake's first records, and changes nothing. */
@Command(
    name = "check",
    description = "Validates configuration and mapping against the lake; changes nothing.")
final class CheckCommand implements Callable<Integer> {

  private static final int SAMPLE = 1000;

  @Mixin private Options options;

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
    SparkSession spark = Sessions.open(Main.isOnTerminal());
    Sessions.configure(spark, settings);
    List<LakeFile> files =
        LakeListing.list(spark, settings.lake().path(), settings.source().format());
    long bytes = files.stream().mapToLong(LakeFile::size).sum();
    out.printf(
        Locale.ROOT,
        "Lake %s: %,d files, %,d bytes, source %s (%s), %s, %s%n",
        settings.lake().path(),
        files.size(),
        bytes,
        settings.source().name(),
        settings.source().format().name().toLowerCase(Locale.ROOT),
        settings.shop().timeZone(),
        settings.shop().currency());
    Dataset<Row> raw = new RawRecords(spark, settings.source()).read(files);
    Dataset<Row> mapped =
        new Mapping(spark, settings.source(), settings.shop().minorDigits())
            .apply(raw.limit(SAMPLE));
    LineSample sample = LineSample.of(mapped, settings, shown);
    out.println("Columns of a raw record: " + sample.columnsOf(raw));
    for (SourceColumn column : SourceColumn.values()) {
      if (!settings.source().maps(column)) {
        continue;
      }
      out.printf(
          "  %-15s <- %s%n",
          column.label(), settings.source().columns().get(column).replaceAll("\\s+", " "));
    }
    sample.print(out);
    return 0;
  }
}
