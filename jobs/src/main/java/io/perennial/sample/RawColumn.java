package io.perennial.sample;

import java.util.Locale;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * The columns of a synthetic lake in order. In csv and json all are text; the other formats have
 * the types given here. conf/sources/perennial.conf maps each column by its name.
 */
enum RawColumn {
  ORDER_ID(DataTypes.StringType),
  LINE_ID(DataTypes.StringType),
  CUSTOMER_ID(DataTypes.StringType),
  ORDERED_AT(DataTypes.TimestampType),
  KIND(DataTypes.StringType),
  STATUS(DataTypes.StringType),
  PRODUCT_ID(DataTypes.StringType),
  PRODUCT_NAME(DataTypes.StringType),
  CATEGORY(DataTypes.StringType),
  QUANTITY(DataTypes.IntegerType),
  UNIT_PRICE(Types.MONEY),
  DISCOUNT(Types.MONEY),
  ORDER_DISCOUNT(Types.MONEY),
  SHIPPING(Types.MONEY),
  TAX(Types.MONEY),
  CURRENCY(DataTypes.StringType),
  REFUNDED_AT(DataTypes.TimestampType),
  UPDATED_AT(DataTypes.TimestampType),
  IS_TEST(DataTypes.BooleanType),
  IS_GUEST(DataTypes.BooleanType),
  CHANNEL(DataTypes.StringType),
  DISCOUNT_CODE(DataTypes.StringType),
  COUNTRY(DataTypes.StringType),
  EMAIL(DataTypes.StringType),
  PHONE(DataTypes.StringType),
  FIRST_NAME(DataTypes.StringType),
  LAST_NAME(DataTypes.StringType),
  CITY(DataTypes.StringType),
  STATE(DataTypes.StringType),
  ZIP(DataTypes.StringType),
  BIRTH_DATE(DataTypes.DateType),
  EMAIL_CONSENT(DataTypes.BooleanType),
  SMS_CONSENT(DataTypes.BooleanType),
  ADS_CONSENT(DataTypes.BooleanType);

  private static final class Types {
    private static final DataType MONEY = DataTypes.createDecimalType(10, 2);
  }

  private final DataType type;

  RawColumn(DataType type) {
    this.type = type;
  }

  String columnName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Type in formats that have types. */
  DataType type() {
    return type;
  }
}
