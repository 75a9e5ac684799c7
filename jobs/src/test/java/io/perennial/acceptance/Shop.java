package io.perennial.acceptance;

import static org.apache.spark.sql.functions.*;

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
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A shop in a folder of its own: a lake, a configuration, a warehouse, and the job to run on them.
 *
 * <pre>{@code
 * Shop shop = Shop.in(folder);
 * shop.write("orders.csv", "order_id,customer_id,...");
 * shop.run();
 * shop.rows(OrdersTable.TABLE);
 * }</pre>
 */
final class Shop {

  /** What nearly every test asks about: audiences take seconds, and have tests of their own. */
  private static final List<Step> FIGURES =
      Steps.ALL.stream()
          .filter(step -> !AudienceSteps.AUDIENCE_STEPS.contains(step))
          .filter(step -> !AudienceSteps.LIFT_STEPS.contains(step))
          .toList();

  private final Path folder;
  private final Map<String, String> settings = new TreeMap<>();
  private final List<String> said = Collections.synchronizedList(new ArrayList<>());
  private List<Step> steps = FIGURES;

  private Shop(Path folder) {
    this.folder = folder;
  }

  /** A shop whose lake is the folder {@code lake} in this one, read by the source {@code own}. */
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

  /** Sets a key of the configuration for the runs to come. */
  Shop set(String key, String value) {
    settings.put(key, value);
    return this;
  }

  /** The source {@code own}: CSV whose columns are named as what they are mapped to. */
  Shop mapping(String updates, List<String> columns) {
    StringBuilder source =
        new StringBuilder("format = csv\nupdates = " + updates + "\ncolumns {\n");
    columns.forEach(
        column -> source.append("  ").append(column).append(" = ").append(column).append('\n'));
    put(folder.resolve("sources").resolve("own.conf"), source.append("}\n").toString());
    return this;
  }

  /**
   * The only audience {@code all}: everybody who ordered, in lists of the generic platform.
   *
   * @param more further keys of the audience
   */
  Shop addressingAll(String more) {
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

  /** Writes a file of the lake, or writes it anew. */
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

  /** Which steps the runs to come do; all but those of audiences unless said. */
  Shop making(List<Step> only) {
    steps = only;
    return this;
  }

  RunRecord run() {
    return run(null, false);
  }

  RunRecord runAsOf(LocalDate asOf) {
    return run(asOf, false);
  }

  RunRecord rebuild(LocalDate asOf) {
    return run(asOf, true);
  }

  private RunRecord run(LocalDate asOf, boolean rebuild) {
    said.clear();
    SparkSession spark = SharedSpark.session();
    Sessions.configure(spark, settings());
    RunRequest request = RunRequest.of("run", steps);
    request = asOf == null ? request : request.asOf(asOf);
    return pipeline(spark).run(rebuild ? request.rebuilding() : request).run();
  }

  /** What the last run told its user, line by line. */
  List<String> said() {
    return List.copyOf(said);
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
    return new Pipeline(spark, settings(), Clock.systemUTC(), said::add);
  }

  /** The newest rows of a table. */
  List<Map<String, Object>> rows(Table table) {
    return TableRows.of(store().read(table));
  }

  /**
   * The rows of a table as a run published them, of the run's as_of only where the table has it.
   */
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
