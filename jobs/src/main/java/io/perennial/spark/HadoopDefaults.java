package io.perennial.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapreduce.util.ConfigUtil;
import org.apache.spark.sql.SparkSession;

/**
 * Removes Hadoop's defaults for YARN and MapReduce, which one machine does not use. They are two
 * thirds of the configuration, which Spark sends along with every scan and every write.
 */
public final class HadoopDefaults {

  private static final Set<String> FOREIGN = Set.of("yarn-default.xml", "mapred-default.xml");

  private HadoopDefaults() {}

  /** Removes the defaults; keys that were set anywhere else stay. */
  public static void removeFrom(SparkSession session) {
    // The first use of either of these loads all defaults again.
    session.conf();
    ConfigUtil.loadResources();
    Configuration configuration = session.sparkContext().hadoopConfiguration();
    List<String> foreign = new ArrayList<>();
    for (Map.Entry<String, String> entry : configuration) {
      String[] sources = configuration.getPropertySources(entry.getKey());
      if (sources != null && sources.length == 1 && FOREIGN.contains(sources[0])) {
        foreign.add(entry.getKey());
      }
    }
    foreign.forEach(configuration::unset);
  }
}
