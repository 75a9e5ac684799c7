package io.perennial.table;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import scala.jdk.javaapi.OptionConverters;

/** Settings of a session that hold until they are closed; then the earlier values are restored. */
public final class SessionSettings implements AutoCloseable {

  private final SparkSession spark;
  private final Map<String, Optional<String>> before = new HashMap<>();

  private SessionSettings(SparkSession spark) {
    this.spark = spark;
  }

  public static SessionSettings of(SparkSession spark, Map<String, String> wanted) {
    SessionSettings settings = new SessionSettings(spark);
    wanted.forEach(
        (key, value) -> {
          settings.before.put(key, OptionConverters.toJava(spark.conf().getOption(key)));
          spark.conf().set(key, value);
        });
    return settings;
  }

  @Override
  public void close() {
    before.forEach(
        (key, value) ->
            value.ifPresentOrElse(
                text -> spark.conf().set(key, text), () -> spark.conf().unset(key)));
  }
}
