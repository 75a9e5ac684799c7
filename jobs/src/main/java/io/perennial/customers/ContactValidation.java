package io.perennial.customers;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.SourceColumn;
import io.perennial.lake.Mapping;
import io.perennial.state.ErasedPeople;
import java.time.LocalDate;
import org.apache.spark.sql.Column;

/** Validates typed contact values; an invalid value becomes null. */
final class ContactValidation {

  /** Greatest length of an address (RFC 5321). */
  private static final int EMAIL_LENGTH = 254;

  private static final int PHONE_LENGTH = 40;
  private static final int ZIP_LENGTH = 20;
  private static final int TEXT_LENGTH = 128;

  /** One @ between a name and a domain of two parts or more. */
  private static final String EMAIL =
      "^[^\\s@<>(),;:\"\\[\\]\\\\]+@[^\\s@<>(),;:\"\\[\\]\\\\.]+([.][^\\s@<>(),;:\"\\[\\]\\\\.]+)+$";

  private static final String PHONE = "(?i)^[+(0-9][-+()./ 0-9]*( ?(x|ext[.]?|#) ?[0-9]+)?$";

  /** Text without letters and digits, or n/a. NA is a country code, and Null a family name. */
  private static final String BLANK = "(?i)^(n/a|[^\\p{L}\\p{N}]+)$";

  /** Forms use this date as a placeholder. */
  private static final LocalDate NO_BIRTH = LocalDate.of(1900, 1, 1);

  private ContactValidation() {}

  /**
   * @param at date of the record
   * @param erased people whose addresses are excluded
   */
  static Column valid(SourceColumn column, Column at, ErasedPeople erased) {
    Column value = Mapping.column(column);
    return switch (column) {
      case EMAIL ->
          when(
              length(value)
                  .leq(EMAIL_LENGTH)
                  .and(value.rlike(EMAIL))
                  .and(not(erased.isAddress(value))),
              value);
      case PHONE ->
          when(
              length(value)
                  .leq(PHONE_LENGTH)
                  .and(value.rlike(PHONE))
                  .and(length(regexp_replace(value, lit("[^0-9]+"), lit(""))).between(5, 20))
                  .and(not(erased.isAddress(value))),
              value);
      case BIRTH_DATE ->
          when(value.gt(lit(NO_BIRTH)).and(at.isNotNull()).and(value.lt(to_date(at))), value);
      case ZIP -> text(value, ZIP_LENGTH);
      default -> text(value, TEXT_LENGTH);
    };
  }

  private static Column text(Column value, int most) {
    return when(length(value).leq(most).and(not(value.rlike(BLANK))), value);
  }
}
