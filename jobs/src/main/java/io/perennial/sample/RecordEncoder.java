package io.perennial.sample;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Encodes records as Spark rows, as text or with native types. Two extra columns are counted and
 * dropped before the write: whether the record is corrupted, and the local second of its sale or
 * refund. Native timestamps and dates are numbers until a built-in function casts them, since the
 * Java type of a timestamp in a row depends on the session.
 */
final class RecordEncoder {

  /** Whether ingest must reject the record. Not written. */
  static final String IS_DIRTY = "sample_is_dirty";

  /** Local seconds of the sale or refund. Not written. */
  static final String AT = "sample_at";

  private static final int COLUMNS = RawColumn.values().length;

  private final boolean isText;
  private final ShopClock clock;

  RecordEncoder(SampleSettings settings, ShopClock clock) {
    this.isText = settings.isText();
    this.clock = clock;
  }

  /** The schema of {@link #row}. */
  static StructType schema(boolean isText) {
    StructType schema = new StructType();
    for (RawColumn column : RawColumn.values()) {
      schema =
          schema.add(
              column.columnName(), isText ? DataTypes.StringType : carrierType(column.type()));
    }
    return schema.add(IS_DIRTY, DataTypes.BooleanType).add(AT, DataTypes.LongType);
  }

  private static DataType carrierType(DataType type) {
    if (type.equals(DataTypes.TimestampType)) {
      return DataTypes.LongType;
    }
    return type.equals(DataTypes.DateType) ? DataTypes.IntegerType : type;
  }

  /** The rows as they are written: native types, without the two extra columns. */
  static Dataset<Row> written(Dataset<Row> rows, boolean isText) {
    List<Column> columns = new ArrayList<>();
    for (RawColumn column : RawColumn.values()) {
      Column raw = functions.col(column.columnName());
      if (!isText && column.type().equals(DataTypes.TimestampType)) {
        raw = functions.timestamp_micros(raw).as(column.columnName());
      } else if (!isText && column.type().equals(DataTypes.DateType)) {
        raw = functions.date_from_unix_date(raw).as(column.columnName());
      }
      columns.add(raw);
    }
    return rows.select(columns.toArray(Column[]::new));
  }

  Row row(RawRecord record) {
    Object[] cells = new Object[COLUMNS + 2];
    RawRecord.Order order = record.order();
    Customer customer = order.customer();
    put(cells, RawColumn.ORDER_ID, order.id());
    put(cells, RawColumn.LINE_ID, record.lineId());
    put(cells, RawColumn.CUSTOMER_ID, customer.id());
    put(cells, RawColumn.ORDERED_AT, time(order.orderedAt()));
    put(cells, RawColumn.KIND, record.isRefund() ? "refund" : "sale");
    put(cells, RawColumn.STATUS, order.isCancelled() ? "cancelled" : "fulfilled");
    put(cells, RawColumn.PRODUCT_ID, record.product().id());
    put(cells, RawColumn.PRODUCT_NAME, record.product().name());
    put(cells, RawColumn.CATEGORY, record.product().categoryName());
    put(
        cells,
        RawColumn.QUANTITY,
        isText ? Integer.toString(record.quantity()) : (Object) record.quantity());
    put(cells, RawColumn.UNIT_PRICE, money(record.unitPrice()));
    put(cells, RawColumn.DISCOUNT, money(record.discount()));
    put(cells, RawColumn.CURRENCY, RawRecord.CURRENCY);
    put(cells, RawColumn.REFUNDED_AT, record.isRefund() ? time(record.refundedAt()) : null);
    put(cells, RawColumn.UPDATED_AT, time(order.updatedAt()));
    put(cells, RawColumn.IS_TEST, flag(customer.kind() == Customer.Kind.STAFF));
    put(cells, RawColumn.IS_GUEST, flag(customer.kind() == Customer.Kind.GUEST));
    put(cells, RawColumn.CHANNEL, order.channel());
    put(cells, RawColumn.DISCOUNT_CODE, order.discountCode());
    put(cells, RawColumn.COUNTRY, customer.home().country().name());
    if (record.basket() != null) {
      orderAmounts(cells, record.basket());
    }
    if (record.person() != null) {
      person(cells, record.person());
    }
    Corruption corruption = record.corruption();
    if (corruption != null && isText) {
      corruption.applyToText(cells);
    } else if (corruption != null) {
      corruption.applyToTyped(cells);
    }
    cells[COLUMNS] = corruption != null;
    cells[COLUMNS + 1] = record.isRefund() ? record.refundedAt() : order.orderedAt();
    return RowFactory.create(cells);
  }

  private void orderAmounts(Object[] cells, Basket basket) {
    put(cells, RawColumn.ORDER_DISCOUNT, money(basket.orderDiscount()));
    put(cells, RawColumn.SHIPPING, money(basket.shipping()));
    put(cells, RawColumn.TAX, money(basket.tax()));
  }

  private void person(Object[] cells, Person person) {
    put(cells, RawColumn.EMAIL, person.email());
    put(cells, RawColumn.PHONE, person.phone());
    put(cells, RawColumn.FIRST_NAME, person.firstName());
    put(cells, RawColumn.LAST_NAME, person.lastName());
    put(cells, RawColumn.CITY, person.city());
    put(cells, RawColumn.STATE, person.state());
    put(cells, RawColumn.ZIP, person.zip());
    if (person.birthDay() != Person.UNKNOWN) {
      put(
          cells,
          RawColumn.BIRTH_DATE,
          isText ? LocalDate.ofEpochDay(person.birthDay()).toString() : (Object) person.birthDay());
    }
    put(cells, RawColumn.EMAIL_CONSENT, flag(person.emailConsent()));
    put(cells, RawColumn.SMS_CONSENT, flag(person.smsConsent()));
    put(cells, RawColumn.ADS_CONSENT, flag(person.adsConsent()));
  }

  private static void put(Object[] cells, RawColumn column, Object value) {
    cells[column.ordinal()] = value;
  }

  private Object time(long local) {
    return isText ? clock.text(local) : (Object) clock.micros(local);
  }

  private Object flag(Boolean value) {
    return value == null || !isText ? value : value.toString();
  }

  private Object money(long cents) {
    if (!isText) {
      return BigDecimal.valueOf(cents, 2);
    }
    long rest = cents % 100;
    String whole = Long.toString(cents / 100);
    return whole + (rest < 10 ? ".0" : ".") + rest;
  }
}
