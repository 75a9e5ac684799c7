package io.perennial.audiences;

import static org.apache.spark.sql.functions.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class ControlGroupTest {

  private static final long CUSTOMERS = 40_000;

  /** 99.9 % point of the chi-square distribution with one degree of freedom. */
  private static final double CHI_SQUARE_LIMIT = 10.83;

  @Test
  void theShareIsWithinSamplingErrorAndExperimentsAreIndependent() {
    Column id = col("id").cast("string");
    Column a = isControl("salt", "experiment-a", id, 0.1);
    Column b = isControl("salt", "experiment-b", id, 0.3);
    Column otherSalt = isControl("pepper", "experiment-a", id, 0.1);
    Map<List<Boolean>, Long> counts = new HashMap<>();
    for (Row row :
        AudienceFixtures.session()
            .range(0, CUSTOMERS, 1, 2)
            .groupBy(a, b, otherSalt)
            .agg(count(lit(1)))
            .collectAsList()) {
      counts.put(List.of(row.getBoolean(0), row.getBoolean(1), row.getBoolean(2)), row.getLong(3));
    }
    long[] inA = new long[2];
    long[][] table = new long[2][2];
    long[][] salted = new long[2][2];
    counts.forEach(
        (cell, n) -> {
          inA[index(cell.get(0))] += n;
          table[index(cell.get(0))][index(cell.get(1))] += n;
          salted[index(cell.get(0))][index(cell.get(2))] += n;
        });
    double share = (double) inA[1] / CUSTOMERS;
    assertThat(Math.abs(share - 0.1)).isLessThan(3.5 * Math.sqrt(0.09 / CUSTOMERS));
    assertThat(chiSquare(table)).as("two experiments").isLessThan(CHI_SQUARE_LIMIT);
    assertThat(chiSquare(salted)).as("two salts").isLessThan(CHI_SQUARE_LIMIT);
  }

  private static Column isControl(String salt, String experiment, Column id, double share) {
    return ControlGroup.draw(lit(salt), lit(experiment), id).lt(ControlGroup.threshold(share));
  }

  private static int index(boolean isControl) {
    return isControl ? 1 : 0;
  }

  /** Pearson's statistic of a table of two by two. */
  private static double chiSquare(long[][] table) {
    double n = table[0][0] + table[0][1] + table[1][0] + table[1][1];
    double sum = 0;
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 2; j++) {
        double expected = (double) (table[i][0] + table[i][1]) * (table[0][j] + table[1][j]) / n;
        sum += (table[i][j] - expected) * (table[i][j] - expected) / expected;
      }
    }
    return sum;
  }

  @Test
  void aDrawEqualsPlainJava() {
    Row row =
        AudienceFixtures.session()
            .range(1)
            .select(ControlGroup.draw(lit("s"), lit("x"), lit("käthe")))
            .first();

    assertThat(row.getLong(0) / Math.pow(2, 60)).isEqualTo(AudiencesTest.draw("s", "x", "käthe"));
    assertThat(ControlGroup.threshold(0)).isZero();
    assertThat(ControlGroup.threshold(0.5)).isEqualTo(1L << 59);
  }
}
