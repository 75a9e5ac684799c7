package io.perennial.bench;

import io.perennial.config.Settings;
import io.perennial.config.SettingsLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One cold run of DuckDB. Arguments: configuration file, lake, output directory, and a mode that
 * {@link BenchmarkProcesses} declares.
 */
public final class DuckDbRun {

  private DuckDbRun() {}

  /** Reports seconds by table and in total, then the rows of the comparison queries. */
  public static void main(String[] args) throws Exception {
    Settings settings =
        SettingsLoader.load(
            Path.of(args[0]),
            List.of("lake.path=" + args[1], "lake.source=perennial", "warehouse.path=" + args[2]));
    Files.createDirectories(Path.of(args[2]));
    DuckDbSql sql =
        new DuckDbSql(
            args[1],
            args[2],
            settings.shop().timeZone().getId(),
            args[3].equals(BenchmarkProcesses.PARTITIONED),
            settings.rfm().scheme());
    Connection[] connection = new Connection[1];
    if (args[3].equals(BenchmarkProcesses.SCAN)) {
      open(connection, args[2]);
      RunOutput.timed(BenchmarkProcesses.SCAN, () -> execute(connection[0], sql.scan()));
      return;
    }
    RunOutput.timed(
        RunOutput.TOTAL,
        () -> {
          RunOutput.timed("session", () -> open(connection, args[2]));
          for (Map.Entry<String, List<String>> table : sql.tables().entrySet()) {
            RunOutput.timed(
                table.getKey(),
                () -> {
                  for (String statement : table.getValue()) {
                    execute(connection[0], statement);
                  }
                });
          }
        });
    RunOutput.reportPeakMemory();
    for (String view : sql.views()) {
      execute(connection[0], view);
    }
    for (Map.Entry<String, String> query : ResultQueries.queries().entrySet()) {
      results(connection[0], query.getKey(), query.getValue());
    }
    connection[0].close();
  }

  private static void open(Connection[] connection, String out) throws Exception {
    connection[0] = DriverManager.getConnection("jdbc:duckdb:");
    for (String setting :
        List.of(
            "SET threads = 2",
            "SET memory_limit = '4GB'",
            "SET temp_directory = '" + out + "/spill'",
            "SET preserve_insertion_order = false",
            "SET TimeZone = 'UTC'")) {
      execute(connection[0], setting);
    }
  }

  private static void execute(Connection connection, String sql) throws Exception {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void results(Connection connection, String name, String sql) throws Exception {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      int width = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        List<Object> cells = new ArrayList<>();
        for (int i = 1; i <= width; i++) {
          cells.add(rows.getObject(i));
        }
        RunOutput.reportResult(name, ResultQueries.row(cells));
      }
    }
  }
}
