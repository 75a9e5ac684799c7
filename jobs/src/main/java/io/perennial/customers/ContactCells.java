package io.perennial.customers;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.SourceColumn;
import io.perennial.state.ErasedPeople;
import java.time.LocalDate;
import org.apache.spark.sql.Column;

/** What of a typed contact cell can be one; what cannot is blank. */
final class ContactCells {

  /** The longest address there is (RFC 5321). */
  private static final int EMAIL_LENGTH = 254;

  private static final int PHONE_LENGTH = 40;
  private static final int ZIP_LENGTH = 20;
  private static final int TEXT_LENGTH = 128;

  /** One @ between a name and a domain of two parts or more. */
  private static final String EMAIL =
      "^[^\\s@<>(),;:\"\\[\\]\\\\]+@[^\\s@<>(),;:\"\\[\\]\\\\.]+([.][^\\s@<>(),;:\"\\[\\]\\\\.]+)+$";

  private static final String PHONE = "(?i)^[+(0-9][-+()./ 0-9]*( ?(x|ext[.]?|#) ?[0-9]+)?$";

  /** NA is Namibia, and Null a family name: only what has no letter but this is a blank. */
  private static final String BLANK = "(?i)^(n/a|[^\\p{L}\\p{N}]+)$";

  /** What forms write where no birth date is known. */
  private static final LocalDate NO_BIRTH = LocalDate.of(1900, 1, 1);

  private ContactCells() {}

  /**
   * @param at when the record was dated
   * @param erased whose addresses must not come back
   */
  static Column of(SourceColumn column, Column at, ErasedPeople erased) {
    Column cell = col(column.label());
    return switch (column) {
      case EMAIL ->
          when(
              length(cell)
                  .leq(EMAIL_LENGTH)
                  .and(cell.rlike(EMAIL))
                  .and(not(erased.isAddress(cell))),
              cell);
      case PHONE ->
          when(
              length(cell)
                  .leq(PHONE_LENGTH)
                  .and(cell.rlike(PHONE))
                  .and(length(regexp_replace(cell, lit("[^0-9]+"), lit(""))).between(5, 20))
                  .and(not(erased.isAddress(cell))),
              cell);
      case BIRTH_DATE ->
          when(cell.gt(lit(NO_BIRTH)).and(at.isNotNull()).and(cell.lt(to_date(at))), cell);
      case ZIP -> text(cell, ZIP_LENGTH);
      default -> text(cell, TEXT_LENGTH);
    };
  }

  private static Column text(Column cell, int most) {
    return when(length(cell).leq(most).and(not(cell.rlike(BLANK))), cell);
  }
}
