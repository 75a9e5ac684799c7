package io.perennial.acceptance;

import static org.apache.spark.sql.functions.*;

import io.perennial.acceptance.CommandRunner.CommandResult;
import io.perennial.audiences.AudienceSteps;
import io.perennial.config.Settings;
import io.perennial.config.SettingsLoader;
import io.perennial.pipeline.Pipeline;
import io.perennial.pipeline.RunRequest;
import io.perennial.pipeline.Steps;
import io.perennial.spark.Sessions;
import io.perennial.step.Step;
import io.perennial.table.RunRecord;
import io.perennial.table.Table;
import io.perennial.table.TableStore;
import io.perennial.testing.SharedSpark;
import io.perennial.testing.TableRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A shop in its own folder: a lake, a configuration, a warehouse, and the pipeline that runs on
 * them.
 *
 * <pre>{@code
 * Shop shop = Shop.in(folder);
 * shop.write("orders.csv", "order_id,customer_id,...");
 * shop.run();
 * shop.rows(OrdersTable.TABLE);
 * }</pre>
 */
final class Shop {

  /** All steps except those of audiences, which take seconds and have their own tests. */
  private static final List<Step> DEFAULT_STEPS =
      Steps.ALL.stream()
          .filter(step -> !AudienceSteps.AUDIENCE_STEPS.contains(step))
          .filter(step -> !AudienceSteps.LIFT_STEPS.contains(step))
          .toList();

  private final Path folder;
  private final Map<String, String> settings = new TreeMap<>();
  private final List<String> messages = Collections.synchronizedList(new ArrayList<>());
  private List<Step> steps = DEFAULT_STEPS;

  private Shop(Path folder) {
    this.folder = folder;
  }

  /** A shop whose lake is the subfolder {@code lake}, read by the source {@code own}. */
  static Shop in(Path folder) {
    Shop shop = new Shop(folder);
    shop.set("lake.path", shop.lake().toString());
    shop.set("lake.source", "own");
    shop.set("warehouse.path", folder.resolve("warehouse").toString());
    shop.set("lake.max-reject-share", "1");
    shop.put(folder.resolve("perennial.conf"), "");
    try {
      Files.createDirectories(shop.lake());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return shop;
  }

  Path lake() {
    return folder.resolve("lake");
  }

  /** Sets a configuration key for later runs. */
  Shop set(String key, String value) {
    settings.put(key, value);
    return this;
  }

  /** Declares the source {@code own}: CSV files whose header names the mapped columns. */
  Shop mapping(String updates, String header) {
    StringBuilder source =
        new StringBuilder("format = csv\nupdates = " + updates + "\ncolumns {\n");
    for (String column : header.strip().split(",")) {
      source.append("  ").append(column).append(" = ").append(column).append('\n');
    }
    put(folder.resolve("sources").resolve("own.conf"), source.append("}\n").toString());
    return this;
  }

  /**
   * Declares the only audience, {@code all}: all customers with an order, exported to the generic
   * platform.
   *
   * @param more further keys of the audience
   */
  Shop withAudienceOfAll(String more) {
    put(
        folder.resolve("audiences.conf"),
        """
        audiences = [
          { name = all, words = All, use = Always, channel = none, platforms = [generic]
            predicate = "orders >= 1"
            %s }
        ]
        """
            .formatted(more));
    return this;
  }

  /** Writes or replaces a file of the lake. */
  Shop write(String file, String text) {
    put(lake().resolve(file), text);
    return this;
  }

  void remove(String file) {
    try {
      Files.delete(lake().resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sets the steps of later runs. */
  Shop withSteps(List<Step> chosen) {
    steps = chosen;
    return this;
  }

  @SafeVarargs
  static List<Step> steps(List<Step>... groups) {
    List<Step> all = new ArrayList<>();
    for (List<Step> group : groups) {
      all.addAll(group);
    }
    return all;
  }

  RunRecord run() {
    return run(request(), Clock.systemUTC());
  }

  /** Runs with a fixed clock. */
  RunRecord runAt(Instant now) {
    return run(request(), Clock.fixed(now, ZoneOffset.UTC));
  }

  RunRecord runAsOf(LocalDate asOf) {
    return run(request().asOf(asOf), Clock.systemUTC());
  }

  RunRecord rebuild(LocalDate asOf) {
    return run(request().asOf(asOf).rebuilding(), Clock.systemUTC());
  }

  private RunRequest request() {
    return RunRequest.of("run", steps);
  }

  private RunRecord run(RunRequest request, Clock clock) {
    messages.clear();
    SparkSession spark = SharedSpark.session();
    Sessions.configure(spark, settings());
    return pipeline(spark, clock).run(request).run();
  }

  /**
   * Runs a command on the lake and the warehouse. Settings made by {@link #set} do not apply.
   *
   * @param keys configuration keys in the form {@code key=value}
   */
  CommandResult command(String command, List<String> keys, String... args) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "lake.source=own",
                "lake.path=" + lake(),
                "warehouse.path=" + folder.resolve("warehouse")));
    all.addAll(keys);
    return CommandRunner.run(command, folder.resolve("perennial.conf"), all, args);
  }

  /** The messages of the last run, one per line. */
  List<String> messages() {
    return List.copyOf(messages);
  }

  Settings settings() {
    return SettingsLoader.load(
        folder.resolve("perennial.conf"),
        settings.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
  }

  TableStore store() {
    return pipeline(SharedSpark.session()).store();
  }

  Pipeline pipeline(SparkSession spark) {
    return pipeline(spark, Clock.systemUTC());
  }

  private Pipeline pipeline(SparkSession spark, Clock clock) {
    return new Pipeline(spark, settings(), clock, messages::add);
  }

  /** The rows of the newest version of a table. */
  List<Map<String, Object>> rows(Table table) {
    return TableRows.of(store().read(table));
  }

  /** The rows of a table as published by a run; of a snapshot table only the run's as_of. */
  List<Map<String, Object>> rows(Table table, RunRecord run) {
    Dataset<Row> rows = store().read(table, run.tables().get(table.name()));
    return TableRows.of(
        table.isSnapshot()
            ? rows.where(Table.AS_OF.col().equalTo(lit(run.asOf().orElseThrow())))
            : rows);
  }

  private void put(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
