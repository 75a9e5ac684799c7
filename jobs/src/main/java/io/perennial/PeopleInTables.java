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
    Dataset<Row> all = null;
    for (Table table : Erasing.tables()) {
      if (store.exists(table)) {
        Dataset<Row> rows = store.read(table);
        Dataset<Row> customers =
            table.equals(RejectsTable.TABLE)
                ? rows.select(
                    explode(split(RejectsTable.RECORD.col(), BETWEEN))
                        .as(CustomersTable.CUSTOMER_ID.name()))
                : rows.select(CustomersTable.CUSTOMER_ID.col());
        all = all == null ? customers : all.union(customers);
      }
    }
    return all == null ? Set.of() : in(all, wanted(spark, ids));
  }

  static Dataset<Row> wanted(SparkSession spark, Collection<String> ids) {
    return broadcast(spark.createDataset(List.copyOf(ids), Encoders.STRING()).toDF("wanted_id"));
  }

  /** Those of the wanted who are among {@code rows}. */
  static Set<String> in(Dataset<Row> rows, Dataset<Row> wanted) {
    Column customer = CustomersTable.CUSTOMER_ID.col();
    return new TreeSet<>(
        rows.join(wanted, customer.equalTo(col("wanted_id")), "left_semi")
            .distinct()
            .as(Encoders.STRING())
            .collectAsList());
  }
}
