package io.perennial.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapreduce.util.ConfigUtil;
import org.apache.spark.sql.SparkSession;

/**
 * Hadoop's defaults for what one machine does not have. Spark sends the whole configuration along
 * with every scan and every write, key by key, and two thirds of it are for YARN and MapReduce.
 */
public final class HadoopDefaults {

  private static final Set<String> FOREIGN = Set.of("yarn-default.xml", "mapred-default.xml");

  private HadoopDefaults() {}

  /** Takes them out; what anybody has set stays. */
  public static void removeFrom(SparkSession session) {
    // Whoever asks first for either of these has all defaults loaded anew.
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
