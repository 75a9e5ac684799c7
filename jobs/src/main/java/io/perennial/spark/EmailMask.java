package io.perennial.spark;

import static org.apache.spark.sql.functions.*;

import org.apache.spark.sql.Column;

/**
 * Replaces what looks like an e-mail address by {@code ***}: neither messages nor rejects may carry
 * addresses, however wrong a mapping is.
 */
public final class EmailMask {

  private static final String ADDRESS =
      "[^\\s\"'<>,;:|=@\\x00-\\x1f]+@[^\\s\"'<>,;:|=@\\x00-\\x1f]+";
  private static final String MASK = "***";

  private EmailMask() {}

  public static Column masked(Column text) {
    return regexp_replace(text, lit(ADDRESS), lit(MASK));
  }

  public static String masked(String text) {
    return text.replaceAll(ADDRESS, MASK);
  }
}
