package io.perennial.rfm;

import static io.perennial.rfm.RfmTable.CUSTOMER_ID;
import static io.perennial.rfm.RfmTable.SEGMENT;
import static io.perennial.rfm.RfmTransitionsTable.CUSTOMERS;
import static io.perennial.rfm.RfmTransitionsTable.FROM_SEGMENT;
import static io.perennial.rfm.RfmTransitionsTable.NONE;
import static io.perennial.rfm.RfmTransitionsTable.PREVIOUS_AS_OF;
import static io.perennial.rfm.RfmTransitionsTable.TO_SEGMENT;
import static io.perennial.table.Table.AS_OF;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import io.perennial.table.Field;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.jdk.javaapi.CollectionConverters;

/** Makes {@code rfm_transitions} from two snapshots of {@code rfm}. */
public final class RfmTransitions {

  private RfmTransitions() {}

  /**
   * @param before rows of rfm of {@code previousAsOf}
   * @param now rows of rfm of {@code asOf}
   */
  public static Dataset<Row> of(
      Dataset<Row> before, Dataset<Row> now, LocalDate previousAsOf, LocalDate asOf) {
    return before
        .select(CUSTOMER_ID.col(), SEGMENT.col().as(FROM_SEGMENT.name()))
        .join(
            now.select(CUSTOMER_ID.col(), SEGMENT.col().as(TO_SEGMENT.name())),
            CollectionConverters.asScala(List.of(CUSTOMER_ID.name())).toSeq(),
            "full_outer")
        .groupBy(
            coalesce(FROM_SEGMENT.col(), lit(NONE)).as(FROM_SEGMENT.name()),
            coalesce(TO_SEGMENT.col(), lit(NONE)).as(TO_SEGMENT.name()))
        .agg(count(lit(1)).as(CUSTOMERS.name()))
        .withColumn(AS_OF.name(), lit(asOf))
        .withColumn(PREVIOUS_AS_OF.name(), lit(previousAsOf))
        .select(RfmTransitionsTable.TABLE.fields().stream().map(Field::col).toArray(Column[]::new));
  }
}
