package io.perennial.rfm;

import static org.apache.spark.sql.functions.*;

import io.perennial.table.Table;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.jdk.javaapi.CollectionConverters;

/** Computes {@code rfm_transitions} from two snapshots of {@code rfm}. */
public final class RfmTransitions {

  private RfmTransitions() {}

  /**
   * @param before rows of rfm of {@code previousAsOf}
   * @param now rows of rfm of {@code asOf}
   */
  public static Dataset<Row> of(
      Dataset<Row> before, Dataset<Row> now, LocalDate previousAsOf, LocalDate asOf) {
    return before
        .select(
            RfmTable.CUSTOMER_ID.col(),
            RfmTable.SEGMENT.col().as(RfmTransitionsTable.FROM_SEGMENT.name()))
        .join(
            now.select(
                RfmTable.CUSTOMER_ID.col(),
                RfmTable.SEGMENT.col().as(RfmTransitionsTable.TO_SEGMENT.name())),
            CollectionConverters.asScala(List.of(RfmTable.CUSTOMER_ID.name())).toSeq(),
            "full_outer")
        .groupBy(
            coalesce(RfmTransitionsTable.FROM_SEGMENT.col(), lit(RfmTransitionsTable.NONE))
                .as(RfmTransitionsTable.FROM_SEGMENT.name()),
            coalesce(RfmTransitionsTable.TO_SEGMENT.col(), lit(RfmTransitionsTable.NONE))
                .as(RfmTransitionsTable.TO_SEGMENT.name()))
        .agg(count(lit(1)).as(RfmTransitionsTable.CUSTOMERS.name()))
        .withColumn(Table.AS_OF.name(), lit(asOf))
        .withColumn(RfmTransitionsTable.PREVIOUS_AS_OF.name(), lit(previousAsOf))
        .select(RfmTransitionsTable.TABLE.columns());
  }
}
