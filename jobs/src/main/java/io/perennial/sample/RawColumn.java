package io.perennial.sample;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * The columns of a synthetic lake in order. In csv and json all are text; the other formats have
 * the types given here. conf/sources/perennial.conf maps each column by its name.
 */
enum RawColumn {
  ORDER_ID("order_id", DataTypes.StringType),
  LINE_ID("line_id", DataTypes.StringType),
  CUSTOMER_ID("customer_id", DataTypes.StringType),
  ORDERED_AT("ordered_at", DataTypes.TimestampType),
  KIND("kind", DataTypes.StringType),
  STATUS("status", DataTypes.StringType),
  PRODUCT_ID("product_id", DataTypes.StringType),
  PRODUCT_NAME("product_name", DataTypes.StringType),
  CATEGORY("category", DataTypes.StringType),
  QUANTITY("quantity", DataTypes.IntegerType),
  UNIT_PRICE("unit_price", Types.MONEY),
  DISCOUNT("discount", Types.MONEY),
  ORDER_DISCOUNT("order_discount", Types.MONEY),
  SHIPPING("shipping", Types.MONEY),
  TAX("tax", Types.MONEY),
  CURRENCY("currency", DataTypes.StringType),
  REFUNDED_AT("refunded_at", DataTypes.TimestampType),
  UPDATED_AT("updated_at", DataTypes.TimestampType),
  IS_TEST("is_test", DataTypes.BooleanType),
  IS_GUEST("is_guest", DataTypes.BooleanType),
  CHANNEL("channel", DataTypes.StringType),
  DISCOUNT_CODE("discount_code", DataTypes.StringType),
  COUNTRY("country", DataTypes.StringType),
  EMAIL("email", DataTypes.StringType),
  PHONE("phone", DataTypes.StringType),
  FIRST_NAME("first_name", DataTypes.StringType),
  LAST_NAME("last_name", DataTypes.StringType),
  CITY("city", DataTypes.StringType),
  STATE("state", DataTypes.StringType),
  ZIP("zip", DataTypes.StringType),
  BIRTH_DATE("birth_date", DataTypes.DateType),
  EMAIL_CONSENT("email_consent", DataTypes.BooleanType),
  SMS_CONSENT("sms_consent", DataTypes.BooleanType),
  ADS_CONSENT("ads_consent", DataTypes.BooleanType);

  private static final class Types {
    private static final DataType MONEY = DataTypes.createDecimalType(10, 2);
  }

  private final String columnName;
  private final DataType type;

  RawColumn(String columnName, DataType type) {
    this.columnName = columnName;
    this.type = type;
  }

  String columnName() {
    return columnName;
  }

  /** Type in formats that have types. */
  DataType type() {
    return type;
  }

  /** Whether few orders share a value. */
  boolean isNearlyUnique() {
    return switch (this) {
      case ORDER_ID, CUSTOMER_ID, ORDERED_AT, UPDATED_AT, EMAIL -> true;
      default -> false;
    };
  }
}
