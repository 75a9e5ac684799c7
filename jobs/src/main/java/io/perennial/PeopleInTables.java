package io.perennial;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.split;

import io.perennial.customers.CustomersTable;
import io.perennial.lake.RejectsTable;
import io.perennial.table.Table;
import io.perennial.table.TableStore;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Looks for people in the tables. Ids travel as rows: a literal would stand in Spark's plans. */
final class PeopleInTables {

  private static final String BETWEEN = "[\\s,;|\"'{}\\[\\]:=<>()]+";

  private PeopleInTables() {}

  /** Those of the given customers who are in a table. */
  static Set<String> found(SparkSession spark, TableStore store, Collection<String> ids) {
    Dataset<Row> wanted = wanted(spark, ids);
    Set<String> found = new TreeSet<>();
    for (Table table : Erasing.tables()) {
      if (store.exists(table) && found.size() < ids.size()) {
        Dataset<Row> rows = store.read(table);
        found.addAll(
            table.equals(RejectsTable.TABLE)
                ? in(
                    rows.select(
                        explode(split(RejectsTable.RECORD.col(), BETWEEN)).as("customer_id")),
                    wanted)
                : in(rows, wanted));
      }
    }
    return found;
  }

  static Dataset<Row> wanted(SparkSession spark, Collection<String> ids) {
    return broadcast(spark.createDataset(List.copyOf(ids), Encoders.STRING()).toDF("wanted_id"));
  }

  /** Those of the wanted who are among {@code rows}. */
  static Set<String> in(Dataset<Row> rows, Dataset<Row> wanted) {
    Column customer = CustomersTable.CUSTOMER_ID.col();
    return new TreeSet<>(
        rows.select(customer)
            .join(wanted, customer.equalTo(col("wanted_id")), "left_semi")
            .distinct()
            .as(Encoders.STRING())
            .collectAsList());
  }
}
