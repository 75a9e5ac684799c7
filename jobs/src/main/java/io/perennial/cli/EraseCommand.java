package io.perennial.cli;

import io.perennial.config.Settings;
import io.perennial.customers.ContactsTable;
import io.perennial.erasure.CustomerSearch;
import io.perennial.erasure.Erasure;
import io.perennial.erasure.ErasureProof;
import io.perennial.pipeline.Pipeline;
import io.perennial.pipeline.PipelineResult;
import io.perennial.pipeline.Steps;
import io.perennial.spark.Sessions;
import io.perennial.table.RunRecord;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Removes people from every table and its history, keeps them out, and proves it. */
@Command(
    name = "erase",
    description =
        "Removes people from every table and all its versions for good, keeps them out at every"
            + " ingest to come, and proves it by reading every file.")
public final class EraseCommand implements Callable<Integer> {

  private static final int SHOWN = 10;

  @Mixin private ConfigOptions options;

  @ArgGroup(multiplicity = "1")
  private Who who;

  @Spec private CommandSpec spec;

  private static final class Who {

    @Option(names = "--customer", paramLabel = "ID", description = "customer_id of one person.")
    private String customer;

    @Option(
        names = "--file",
        paramLabel = "IDS",
        description = "Text file (UTF-8) with a customer_id on each line.")
    private Path file;

    private Set<String> ids() {
      List<String> lines;
      try {
        lines = file == null ? List.of(customer) : Files.readAllLines(file);
      } catch (IOException e) {
        throw new UncheckedIOException(
            "Cannot read the list of people '" + file + "': " + e.getMessage(), e);
      }
      return lines.stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .collect(Collectors.toCollection(LinkedHashSet::new));
    }
  }

  @Override
  public Integer call() {
    Settings settings = options.load();
    Set<String> ids = who.ids();
    requireIds(ids);
    PrintWriter out = spec.commandLine().getOut();
    SparkSession spark = Sessions.open(PerennialCommand.isOnTerminal());
    Sessions.configure(spark, settings);
    Pipeline pipeline = new Pipeline(spark, settings, PerennialCommand.clock(), out::println);
    requirePublished(pipeline, settings);

    List<Erasure.Place> places =
        Erasure.of(pipeline.store(), pipeline.erasures().state(), Steps.tables()).places();
    Set<String> found = CustomerSearch.found(spark, places, ids);
    Set<String> known = new TreeSet<>(pipeline.erasures().known(ids));
    Set<String> unknown = new LinkedHashSet<>(ids);
    unknown.removeAll(found);
    unknown.removeAll(known);
    if (found.isEmpty() && known.isEmpty()) {
      throw new IllegalStateException(
          "Cannot erase: no table of "
              + settings.warehouse().path()
              + " has "
              + named(unknown)
              + ". Nothing was changed. Give customer_id as the tables have it.");
    }
    Set<String> people = new TreeSet<>(found);
    people.addAll(known);
    ErasureProof proof =
        ErasureProof.of(spark, pipeline.store().read(ContactsTable.TABLE), places, people);
    PipelineResult result = pipeline.erase(people);
    RunRecord run = result.run();

    out.printf(
        Locale.ROOT,
        "Erased %s; %d of them had been erased before. They stay out, whatever the lake holds.%n",
        Erasure.people(people.size()),
        known.size());
    out.println("Proof: " + proof.give());
    if (!unknown.isEmpty()) {
      out.println("Nothing was done for those whom no table has: " + named(unknown) + ".");
    }
    out.printf(
        "Published run %s as of %s in %.1f s. Tables: %s%n",
        run.runId(),
        run.asOf().orElseThrow(),
        run.seconds().orElseThrow(),
        settings.warehouse().path());
    result.failures().forEach(spec.commandLine().getErr()::println);
    if (!result.failures().isEmpty()) {
      spec.commandLine()
          .getErr()
          .println("They are erased all the same. When the cause is gone, `run` does the rest.");
    }
    return result.failures().isEmpty() ? 0 : PerennialCommand.FAILED;
  }

  private static void requireIds(Set<String> ids) {
    if (ids.isEmpty()) {
      throw new IllegalStateException("Cannot erase: the list of people is empty.");
    }
    long addresses = ids.stream().filter(id -> id.contains("@")).count();
    if (addresses > 0) {
      throw new IllegalStateException(
          "Cannot erase by e-mail address ("
              + addresses
              + " of "
              + ids.size()
              + " given): people are known by customer_id, which is never an address. Look it up in"
              + " the table contacts.");
    }
  }

  private static void requirePublished(Pipeline pipeline, Settings settings) {
    if (pipeline.runs().current().isEmpty()) {
      throw new IllegalStateException(
          "Cannot erase: nothing is published in "
              + settings.warehouse().path()
              + " yet. Check warehouse.path, or run `run` first.");
    }
  }

  private static String named(Set<String> ids) {
    String some = ids.stream().limit(SHOWN).collect(Collectors.joining("', '", "'", "'"));
    return (ids.size() == 1 ? "customer_id " : "any customer_id of ")
        + some
        + (ids.size() > SHOWN ? " and " + (ids.size() - SHOWN) + " more" : "");
  }
}
