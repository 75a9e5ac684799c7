package io.perennial.spark;

import org.apache.spark.sql.catalyst.csv.CSVExprUtils;

/** The option {@code delimiter} of Spark's CSV reader. */
public final class CsvDelimiter {

  private CsvDelimiter() {}

  /** The characters that an option's text stands for: a tab for {@code \t}. */
  public static String unescaped(String option) {
    return CSVExprUtils.toDelimiterStr(option);
  }
}
