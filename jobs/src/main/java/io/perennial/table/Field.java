package io.perennial.table;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;

/**
 * A column of a table: the only place where its name is written.
 *
 * @param name column name
 * @param fixedType type of the column, or {@code null} for money, whose scale is the currency's
 * @param nullable whether a row may lack it
 * @param doc one sentence: what it means, with its unit
 */
public record Field(String name, DataType fixedType, boolean nullable, String doc) {

  /** Quantities: up to three decimals, for goods sold by weight or length. */
  public static final DecimalType QUANTITY = DataTypes.createDecimalType(18, 3);

  /** Prices of one unit: finer than the currency, since amounts are rounded only once. */
  public static final DecimalType PRICE = DataTypes.createDecimalType(18, 6);

  public static Field text(String name, String doc) {
    return new Field(name, DataTypes.StringType, false, doc);
  }

  public static Field count(String name, String doc) {
    return new Field(name, DataTypes.LongType, false, doc);
  }

  public static Field integer(String name, String doc) {
    return new Field(name, DataTypes.IntegerType, false, doc);
  }

  public static Field rate(String name, String doc) {
    return new Field(name, DataTypes.DoubleType, false, doc);
  }

  public static Field date(String name, String doc) {
    return new Field(name, DataTypes.DateType, false, doc);
  }

  public static Field timestamp(String name, String doc) {
    return new Field(name, DataTypes.TimestampType, false, doc);
  }

  public static Field flag(String name, String doc) {
    return new Field(name, DataTypes.BooleanType, false, doc);
  }

  /** An amount in the shop's currency, {@code DECIMAL(18, minor digits)}. */
  public static Field money(String name, String doc) {
    return new Field(name, null, false, doc);
  }

  public static Field of(String name, DataType type, String doc) {
    return new Field(name, type, false, doc);
  }

  /** The same column where a row may lack it. */
  public Field orNull() {
    return new Field(name, fixedType, true, doc);
  }

  /** The same kind of column under another name. */
  public Field as(String newName, String newDoc) {
    return new Field(newName, fixedType, nullable, newDoc);
  }

  public boolean isMoney() {
    return fixedType == null;
  }

  /**
   * @param minorDigits decimal places of the shop's currency
   */
  public DataType type(int minorDigits) {
    return isMoney() ? DataTypes.createDecimalType(18, minorDigits) : fixedType;
  }

  public Column col() {
    return org.apache.spark.sql.functions.col(name);
  }

  /** The column of one side of a join. */
  public Column of(String alias) {
    return org.apache.spark.sql.functions.col(alias + "." + name);
  }

  @Override
  public String toString() {
    return name;
  }
}
