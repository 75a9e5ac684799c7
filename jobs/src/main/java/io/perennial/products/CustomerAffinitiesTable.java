package io.perennial.products;

import io.perennial.customers.CustomersTable;
import io.perennial.table.Columns;
import io.perennial.table.Field;
import io.perennial.table.Table;
import org.apache.spark.sql.types.DataTypes;

public final class CustomerAffinitiesTable {

  private static final Table.Builder BUILDER =
      Table.snapshot("customer_affinities")
          .oneRowPer("as_of and customer with a valid order before it")
          .doc("What each customer likes and may want next; part of customer_profile.");
  private static final Columns NULLABLE = BUILDER.orNull();

  public static final Field CUSTOMER_ID = BUILDER.add(CustomersTable.CUSTOMER_ID);
  public static final Field FAVORITE_CATEGORY =
      NULLABLE.text(
          "favorite_category",
          "Category in most of the customer's valid orders before as_of; of equals the one with"
              + " more spent on it, then the later order, then the alphabetically first; null"
              + " where no category is known.");
  public static final Field FAVORITE_PRODUCT_ID =
      NULLABLE.text(
          "favorite_product_id",
          "product_id in most of the customer's valid orders before as_of, equals as for"
              + " favorite_category; null where no product is known.");
  public static final Field NEXT_PRODUCT_ID =
      NULLABLE.text(
          "next_product_id",
          "The product that recommendations rank first; null where nothing can be recommended.");
  public static final Field NEXT_PRODUCT_BECAUSE =
      NULLABLE.of(
          "next_product_because",
          DataTypes.createArrayType(DataTypes.StringType, false),
          "Products the customer bought that lead to next_product_id (recommendations.because);"
              + " empty where popularity recommends, null without next_product_id.");

  public static final Table TABLE = BUILDER.key(Table.AS_OF, CUSTOMER_ID).build();

  private CustomerAffinitiesTable() {}
}
