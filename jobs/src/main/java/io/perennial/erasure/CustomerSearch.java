package io.perennial.erasure;

import static org.apache.spark.sql.functions.*;

import io.perennial.customers.CustomersTable;
import io.perennial.ingest.RejectsTable;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Looks for people in the tables. Ids travel as rows: a literal would stand in Spark's plans. */
public final class CustomerSearch {

  private static final String BETWEEN = "[\\s,;|\"'{}\\[\\]:=<>()]+";

  private CustomerSearch() {}

  /** Those of the given customers who are in a table. */
  public static Set<String> found(
      SparkSession spark, List<Erasure.Place> places, Collection<String> ids) {
    Column customer = CustomersTable.CUSTOMER_ID.col();
    return places.stream()
        .map(
            place -> {
              Dataset<Row> rows = place.store().read(place.table());
              return place.table().equals(RejectsTable.TABLE)
                  ? rows.select(
                      explode(split(RejectsTable.RECORD.col(), BETWEEN))
                          .as(CustomersTable.CUSTOMER_ID.name()))
                  : rows.select(customer);
            })
        .reduce(Dataset::union)
        .map(rows -> rows.join(wanted(spark, ids), customer.equalTo(col("wanted_id")), "left_semi"))
        .map(rows -> Set.copyOf(rows.distinct().as(Encoders.STRING()).collectAsList()))
        .orElse(Set.of());
  }

  /** Words to join with. */
  static Dataset<Row> wanted(SparkSession spark, Collection<String> ids) {
    return broadcast(spark.createDataset(List.copyOf(ids), Encoders.STRING()).toDF("wanted_id"));
  }
}
