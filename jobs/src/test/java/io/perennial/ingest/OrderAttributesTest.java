package io.perennial.ingest;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the records of an order say together: the cells that all of its lines share, its discount,
 * its refunds, and whether it counts.
 */
class OrderAttributesTest {

  @TempDir private Path directory;

  private OrderExamples withLineIds() {
    return OrderExamples.in(directory).withLineIds();
  }

  @TestFactory
  Stream<DynamicTest> cellsOfTheOrderAreThoseOfAllItsLines() {
    return withLineIds()
        .example("an order of one record has what the record says")
        .record(
            "line_id = 1",
            "channel = web",
            "discount_code = SPRING",
            "country = GB",
            "status = paid",
            "is_guest = true")
        .lines(
            """
            customer_id | channel | discount_code | country | status | is_guest | is_test | currency
            c1          | web     | SPRING        | GB      | paid   | true     | false   | USD
            """)
        .example("blank cells take the value of another record")
        .records(
            """
            line_id | customer_id | ordered_at       | channel | discount_code | country | status
            1       | c1          | 2024-05-02 10:00 | web     | SPRING        | GB      | paid
            2       |             |                  |         |               |         |
            """)
        .lines(
            """
            line_id | customer_id | ordered_at       | channel | discount_code | country | status
            1       | c1          | 2024-05-02 10:00 | web     | SPRING        | GB      | paid
            2       | c1          | 2024-05-02 10:00 | web     | SPRING        | GB      | paid
            """)
        .example("cells are filled one by one, from whichever record has a value")
        .records(
            """
            file  | line_id | customer_id | channel | country
            a.csv | 1       |             | web     |
            b.csv | 2       | c1          |         |
            c.csv | 3       |             |         | GB
            """)
        .lines(
            """
            file  | line_id | customer_id | channel | country
            a.csv | 1       | c1          | web     | GB
            b.csv | 2       | c1          | web     | GB
            c.csv | 3       | c1          | web     | GB
            """)
        .example("of different values the smallest is the order's")
        .records(
            """
            line_id | channel | discount_code | country
            1       | web     | A             | GB
            2       | app     | B             | DE
            3       |         |               |
            """)
        .lines(
            """
            line_id | channel | discount_code | country
            1       | app     | A             | DE
            2       | app     | A             | DE
            3       | app     | A             | DE
            """)
        .example("a status may differ by line; a blank one is the smallest of the others")
        .records(
            """
            line_id | status
            1       | shipped
            2       | paid
            3       |
            """)
        .lines(
            """
            line_id | status
            1       | shipped
            2       | paid
            3       | paid
            """)
        .example("times may differ by line; a blank one is the earliest of the others")
        .records(
            """
            line_id | ordered_at
            1       | 2024-05-04 10:00
            2       | 2024-05-03 10:00
            3       |
            """)
        .lines(
            """
            line_id | ordered_at
            1       | 2024-05-04 10:00
            2       | 2024-05-03 10:00
            3       | 2024-05-03 10:00
            """)
        .example("one record that says guest makes all lines a guest's")
        .records(
            """
            line_id | is_guest
            1       | false
            2       | true
            3       |
            """)
        .lines(
            """
            line_id | is_guest
            1       | true
            2       | true
            3       | true
            """)
        .example("flags that no record states are false")
        .records(
            """
            line_id | is_guest | is_test | channel
            1       |          |         | web
            2       | false    |         |
            """)
        .lines(
            """
            line_id | is_guest | is_test | is_counted
            1       | false    | false   | true
            2       | false    | false   | true
            """)
        .example("cells of a line are not filled")
        .records(
            """
            line_id | product_id | product_name | category | shipping | tax  | discount | channel
            1       | mug        | Mug          | kitchen  | 4.95     | 1.21 | 2        | web
            2       |            |              |          |          |      |          |
            """)
        .lines(
            """
            line_id | product_id | product_name | category | shipping | tax  | discount | channel
            1       | mug        | Mug          | kitchen  | 4.95     | 1.21 | 2.00     | web
            2       |            |              |          | 0.00     | 0.00 | 0.00     | web
            """)
        .example("a refund's record fills cells, and is filled")
        .records(
            """
            line_id | kind   | customer_id | channel | country | refunded_at
            1       | sale   |             | web     |         |
            2       | refund | c1          |         | GB      |
            """)
        .lines(
            """
            line_id | kind   | customer_id | channel | country
            1       | sale   | c1          | web     | GB
            2       | refund | c1          | web     | GB
            """)
        .example("a rejected record fills nothing")
        .records(
            """
            line_id | quantity | channel | is_test
            1       | 1        |         |
            2       | 0        | web     | true
            """)
        .lines(
            """
            line_id | channel | is_test
            1       |         | false
            """)
        .rejected("quantity is 0")
        .example("a replaced record fills nothing")
        .records(
            """
            file  | line_id | channel | is_guest | is_test | order_discount
            a.csv | 1       | web     | true     | true    | 1
            b.csv | 1       |         |          |         |
            b.csv | 2       |         |          |         |
            """)
        .lines(
            """
            file  | line_id | channel | is_guest | is_test | discount
            b.csv | 1       |         | false    | false   | 0.00
            b.csv | 2       |         | false    | false   | 0.00
            """)
        .setAside(
            """
            file  | reason
            a.csv | duplicate
            """)
        .example("orders do not fill each other")
        .records(
            """
            order_id | line_id | channel | customer_id
            east     | 1       | web     | c1
            west     | 1       |         |
            """)
        .lines(
            """
            order_id | channel | customer_id
            east     | web     | c1
            west     |         |
            """)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> anOrderCountsUnlessItIsATestOrCancelledInFull() {
    return withLineIds()
        .example("a status other than cancelled does not matter")
        .records(
            """
            order_id | line_id | status
            american | 1       | canceled
            returned | 1       | refunded
            denied   | 1       | not cancelled
            """)
        .lines(
            """
            order_id | is_counted
            american | true
            returned | true
            denied   | true
            """)
        .example("an order of one cancelled line")
        .record("line_id = 1", "status = cancelled")
        .lines("is_counted\nfalse")
        .example("case does not matter")
        .record("line_id = 1", "status = Cancelled")
        .lines("is_counted\nfalse")
        .example("cancelled in full")
        .records(
            """
            line_id | status
            1       | cancelled
            2       | CANCELLED
            """)
        .lines(
            """
            line_id | is_counted | status
            1       | false      | cancelled
            2       | false      | CANCELLED
            """)
        .example("lines without a status are cancelled with the line that is")
        .records(
            """
            line_id | status
            1       | cancelled
            2       |
            """)
        .lines(
            """
            line_id | is_counted | status
            1       | false      | cancelled
            2       | false      | cancelled
            """)
        .example("one open line keeps the others")
        .records(
            """
            line_id | status
            1       | cancelled
            2       | paid
            3       | paid
            """)
        // Whether the cancelled line counts itself: see aCancelledLineItselfDoesNotCount.
        .lines(
            """
            line_id | is_counted
            1       | true
            2       | true
            3       | true
            """)
        .example("refunds have no say where something was sold")
        .records(
            """
            line_id | kind   | status
            1       | sale   | cancelled
            2       | refund | paid
            """)
        .lines(
            """
            line_id | kind   | is_counted
            1       | sale   | false
            2       | refund | false
            """)
        .example("a cancelled sale's derived refund does not count")
        .record("line_id = 1", "status = cancelled", "refund_amount = 10")
        .lines(
            """
            kind   | is_counted
            sale   | false
            refund | false
            """)
        .example("refunds alone decide where nothing was sold")
        .records(
            """
            line_id | kind   | status
            1       | refund | cancelled
            2       | refund | cancelled
            """)
        .lines(
            """
            line_id | is_counted
            1       | false
            2       | false
            """)
        .example("a refund alone counts")
        .record("line_id = 1", "kind = refund")
        .lines("is_counted\ntrue")
        .example("a sale of nothing but gifts counts")
        .record("line_id = 1", "unit_price = 0")
        .lines("is_counted | amount\ntrue | 0.00")
        .example("a test order")
        .record("line_id = 1", "is_test = true")
        .lines("is_counted | is_test\nfalse | true")
        .example("one record that says test makes all of the order a test")
        .records(
            """
            line_id | is_test | kind
            1       | false   | sale
            2       |         | refund
            3       | true    | sale
            """)
        .lines(
            """
            line_id | is_test | is_counted
            1       | true    | false
            2       | true    | false
            3       | true    | false
            """)
        .example("a rejected record cancels nothing")
        .records(
            """
            line_id | quantity | status
            1       | 1        |
            2       | 0        | cancelled
            """)
        .lines(
            """
            line_id | is_counted | status
            1       | true       |
            """)
        .rejected("quantity is 0")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> aDiscountOfTheOrderIsSpreadOverItsSales() {
    return withLineIds()
        .example("by amount")
        .records(
            """
            line_id | quantity | unit_price | order_discount
            1       | 2        | 10         | 3
            2       | 1        | 10         |
            """)
        .lines(
            """
            line_id | discount | order_discount
            1       | 2.00     | 2.00
            2       | 1.00     | 1.00
            """)
        .example("to the cent: the largest remainder takes what is left")
        // 1.00 of 10.00 is 0.333, 0.333 and 0.334: the cent left goes to the third.
        .records(
            """
            line_id | unit_price | order_discount
            1       | 3.33       | 1.00
            2       | 3.33       |
            3       | 3.34       |
            """)
        .lines(
            """
            line_id | order_discount
            1       | 0.33
            2       | 0.33
            3       | 0.34
            """)
        .example("several cents go to as many lines")
        // 10.00 of 7.00 is 1.428..., 2.857... and 5.714...: two cents for the second and the third.
        .records(
            """
            line_id | unit_price | order_discount
            1       | 1          | 10
            2       | 2          |
            3       | 4          |
            """)
        .lines(
            """
            line_id | order_discount
            1       | 1.43
            2       | 2.86
            3       | 5.71
            """)
        .example("at equal remainders the smaller line_id, as text, is first")
        .records(
            """
            line_id | order_discount
            8       | 0.01
            9       |
            10      |
            """)
        .lines(
            """
            line_id | order_discount
            8       | 0.00
            9       | 0.00
            10      | 0.01
            """)
        .example("a line of nothing takes nothing")
        .records(
            """
            line_id | unit_price | order_discount
            1       | 0          | 0.05
            2       | 3          |
            3       | 3          |
            """)
        .lines(
            """
            line_id | order_discount
            1       | 0.00
            2       | 0.03
            3       | 0.02
            """)
        .example("where all lines are of nothing the first takes it")
        .records(
            """
            line_id | unit_price | order_discount
            2       | 0          | 5
            1       | 0          |
            """)
        .lines(
            """
            line_id | order_discount | discount
            1       | 5.00           | 5.00
            2       | 0.00           | 0.00
            """)
        .example("a discount that every record repeats is one")
        .records(
            """
            line_id | order_discount
            1       | 4
            2       | 4
            """)
        .lines(
            """
            line_id | order_discount
            1       | 2.00
            2       | 2.00
            """)
        .example("of different discounts the greatest is the order's")
        .records(
            """
            line_id | order_discount
            1       | 2
            2       | 6
            3       |
            """)
        .lines(
            """
            line_id | order_discount
            1       | 2.00
            2       | 2.00
            3       | 2.00
            """)
        .example("it comes on top of a line's own")
        .records(
            """
            line_id | discount | order_discount
            1       | 1.50     | 4
            2       |          |
            """)
        .lines(
            """
            line_id | discount | order_discount
            1       | 3.50     | 2.00
            2       | 2.00     | 2.00
            """)
        .example("shares go by amounts before a line's own discount")
        .records(
            """
            line_id | discount | order_discount
            1       | 9        | 2
            2       |          |
            """)
        .lines(
            """
            line_id | order_discount
            1       | 1.00
            2       | 1.00
            """)
        .example("one sale takes all of it, even more than it cost")
        .record("line_id = 1", "order_discount = 12")
        .lines("line_id | discount | order_discount\n1 | 12.00 | 12.00")
        .example("refunds take no share and change none")
        .records(
            """
            line_id | kind   | unit_price | order_discount | refund_amount
            1       | sale   | 10         |                | 4
            2       | sale   | 10         |                |
            3       | refund | 99         |                |
            4       | refund |            | 3              | 1
            """)
        .lines(
            """
            line_id  | amount | discount | order_discount
            1        | 10.00  | 1.50     | 1.50
            1/refund | -4.00  | 0.00     | 0.00
            2        | 10.00  | 1.50     | 1.50
            3        | -99.00 | 0.00     | 0.00
            4        | -1.00  | 0.00     | 0.00
            """)
        .example("a refund of the smallest line_id leaves the first cent to a sale")
        .records(
            """
            line_id | kind   | unit_price | order_discount
            0       | refund | 0          | 0.01
            1       | sale   | 0          |
            """)
        .lines(
            """
            line_id | order_discount
            0       | 0.00
            1       | 0.01
            """)
        .example("where nothing was sold there is nothing to discount")
        .record("line_id = 1", "kind = refund", "order_discount = 3")
        .lines("line_id | discount | order_discount\n1 | 0.00 | 0.00")
        .example("no discount is none")
        .records(
            """
            line_id | order_discount | channel
            1       | 0              | web
            2       |                |
            """)
        .lines(
            """
            line_id | discount | order_discount
            1       | 0.00     | 0.00
            2       | 0.00     | 0.00
            """)
        .example("a rejected record's discount is not the order's")
        .records(
            """
            line_id | quantity | order_discount
            1       | 1        | 2
            2       | 0        | 5
            """)
        .lines("line_id | order_discount\n1 | 2.00")
        .rejected("quantity is 0")
        .example("exactly, however large amounts are")
        .records(
            """
            line_id | quantity | unit_price | order_discount
            1       | 1000     | 9000000000 | 9999999999999999.99
            2       | 1000     | 9000000000 |
            3       | 1        | 0.01       |
            """)
        .lines(
            """
            line_id | amount           | order_discount
            1       | 9000000000000.00 | 4999999999999997.22
            2       | 9000000000000.00 | 4999999999999997.22
            3       | 0.01             | 5.55
            """)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> aDiscountOfAnOrderWithoutLineIdsIsSpreadAsWell() {
    return OrderExamples.in(directory)
        .example("over records that are the same")
        .records(
            """
            product_id | order_discount
            mug        | 0.03
            mug        | 0.03
            """)
        .lines(
            """
            product_id | order_discount
            mug        | 0.02
            mug        | 0.01
            """)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> sharesAreInMinorUnitsOfTheCurrency() {
    return Stream.of("JPY", "KWD")
        .flatMap(
            currency -> {
              boolean isYen = currency.equals("JPY");
              return withLineIds()
                  .set("shop.currency", currency)
                  .example("ten over three lines, in " + currency)
                  .records(
                      """
                      line_id | order_discount
                      1       | 10
                      2       |
                      3       |
                      """)
                  .lines(
                      isYen
                          ? """
                            line_id | order_discount | currency
                            1       | 4              | JPY
                            2       | 3              | JPY
                            3       | 3              | JPY
                            """
                          : """
                            line_id | order_discount | currency
                            1       | 3.334          | KWD
                            2       | 3.333          | KWD
                            3       | 3.333          | KWD
                            """)
                  .tests();
            });
  }

  @TestFactory
  Stream<DynamicTest> moneyGoesBackOnItsOwnDay() {
    return withLineIds()
        .example("a negative quantity is a refund")
        .record("line_id = 1", "quantity = -2", "unit_price = 2.50")
        .lines(
            """
            kind   | quantity | unit_price | amount | ordered_at
            refund | -2       | 2.5        | -5.00  | 2024-05-02 10:00
            """)
        .example("a record of kind refund is a refund, whatever its signs are")
        .records(
            """
            line_id | kind   | quantity | unit_price
            1       | refund | 2        | 2.50
            2       | REFUND | -2       | 2.50
            3       | refund | 2        | -2.50
            4       | refund | -2       | -2.50
            """)
        .lines(
            """
            line_id | kind   | quantity | unit_price | amount
            1       | refund | -2       | 2.5        | -5.00
            2       | refund | -2       | 2.5        | -5.00
            3       | refund | -2       | 2.5        | -5.00
            4       | refund | -2       | 2.5        | -5.00
            """)
        .example("a refund may state its money")
        .records(
            """
            line_id | kind   | quantity | unit_price | refund_amount
            1       | refund | 1        | 10         | 7.50
            2       |        | -1       | 10         | 7.50
            3       | refund |          |            | 7.50
            4       | refund | 0        | 10         | 7.50
            5       | refund | 1        | 10         | 0
            """)
        .lines(
            """
            line_id | kind   | quantity | unit_price | amount
            1       | refund | -1       | 10         | -7.50
            2       | refund | -1       | 10         | -7.50
            3       | refund |          |            | -7.50
            4       | refund | 0        | 10         | -7.50
            5       | refund | -1       | 10         | 0.00
            """)
        .example("on the day it happened")
        .records(
            """
            line_id | kind   | ordered_at       | refunded_at
            1       | sale   | 2024-05-02 10:00 | 2024-05-31 10:00
            2       | refund | 2024-05-02 10:00 | 2024-06-01 10:00
            3       | refund | 2024-05-09 10:00 |
            """)
        .lines(
            """
            line_id | kind   | ordered_at       | order_month
            1       | sale   | 2024-05-02 10:00 | 2024-05-01
            2       | refund | 2024-06-01 10:00 | 2024-06-01
            3       | refund | 2024-05-09 10:00 | 2024-05-01
            """)
        .example("a refund's own day is enough")
        .records(
            """
            line_id | kind   | ordered_at | refunded_at
            1       | refund |            | 2024-06-01 10:00
            """)
        .lines("line_id | ordered_at\n1 | 2024-06-01 10:00")
        .example("a refund without a day is booked on the order's")
        .records(
            """
            line_id | kind   | ordered_at
            1       | sale   | 2024-05-02 10:00
            2       | refund |
            """)
        .lines(
            """
            line_id | kind   | ordered_at
            1       | sale   | 2024-05-02 10:00
            2       | refund | 2024-05-02 10:00
            """)
        .example("a refund's record keeps its shipping and tax")
        .record("line_id = 1", "kind = refund", "shipping = 4.95", "tax = 1.21")
        .lines("kind | shipping | tax\nrefund | 4.95 | 1.21")
        .example("a sale with a refund_amount is a sale and a derived refund")
        .record("line_id = 1", "quantity = 2", "discount = 1", "refund_amount = 4")
        .lines(
            """
            line_id  | kind   | is_derived | quantity | unit_price | amount | discount
            1        | sale   | false      | 2        | 10         | 20.00  | 1.00
            1/refund | refund | true       |          |            | -4.00  | 0.00
            """)
        .example("a derived refund is booked on its own day")
        .record("line_id = 1", "refund_amount = 4", "refunded_at = 2024-06-01 10:00")
        .lines(
            """
            kind   | ordered_at       | order_month
            sale   | 2024-05-02 10:00 | 2024-05-01
            refund | 2024-06-01 10:00 | 2024-06-01
            """)
        .example("shipping and tax stay with the sale")
        .record("line_id = 1", "shipping = 4.95", "tax = 1.21", "refund_amount = 4")
        .lines(
            """
            kind   | shipping | tax
            sale   | 4.95     | 1.21
            refund | 0.00     | 0.00
            """)
        .example("a derived refund is of its sale's product")
        .record(
            "line_id = 1",
            "product_id = mug",
            "product_name = Mug",
            "category = kitchen",
            "updated_at = 2024-06-02",
            "refund_amount = 4")
        .lines(
            """
            kind   | product_id | product_name | category | updated_at
            sale   | mug        | Mug          | kitchen  | 2024-06-02 00:00
            refund | mug        | Mug          | kitchen  | 2024-06-02 00:00
            """)
        .example("a derived refund is of its sale's order")
        .record(
            "line_id = 1",
            "status = paid",
            "channel = web",
            "discount_code = SPRING",
            "country = GB",
            "is_guest = true",
            "refund_amount = 4")
        .lines(
            """
            kind   | customer_id | status | channel | discount_code | country | is_guest
            sale   | c1          | paid   | web     | SPRING        | GB      | true
            refund | c1          | paid   | web     | SPRING        | GB      | true
            """)
        .example("a derived refund without a day is booked on its line's")
        .records(
            """
            line_id | ordered_at       | refund_amount
            1       | 2024-05-02 10:00 |
            2       | 2024-05-09 10:00 | 4
            """)
        .lines(
            """
            line_id  | ordered_at
            1        | 2024-05-02 10:00
            2        | 2024-05-09 10:00
            2/refund | 2024-05-09 10:00
            """)
        .example("no money back is no refund")
        .records(
            """
            line_id | refund_amount | refunded_at
            1       | 0             | 2024-06-01 10:00
            2       |               | 2024-06-01 10:00
            """)
        .lines(
            """
            line_id | kind | ordered_at
            1       | sale | 2024-05-02 10:00
            2       | sale | 2024-05-02 10:00
            """)
        .example("more may go back than was paid")
        .record("line_id = 1", "refund_amount = 30")
        .lines(
            """
            line_id  | amount
            1        | 10.00
            1/refund | -30.00
            """)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> monthsAreTheShopsLocalOnes() {
    return withLineIds()
        .set("shop.time-zone", "America/New_York")
        .example("times without an offset are local, others are as they say")
        .records(
            """
            line_id | ordered_at
            1       | 2024-05-31 23:59
            2       | 2024-06-01 00:00
            3       | 2024-06-01T03:59:00Z
            4       | 2024-06-01T04:00:00Z
            """)
        .lines(
            """
            line_id | ordered_at       | order_month
            1       | 2024-05-31 23:59 | 2024-05-01
            2       | 2024-06-01 00:00 | 2024-06-01
            3       | 2024-05-31 23:59 | 2024-05-01
            4       | 2024-06-01 00:00 | 2024-06-01
            """)
        .example("a month is of the line, not of its order")
        .record("line_id = 1", "refund_amount = 4", "refunded_at = 2024-06-01T04:00:00Z")
        .lines(
            """
            line_id  | order_month
            1        | 2024-05-01
            1/refund | 2024-06-01
            """)
        .example("a gap shifts forward, an overlap takes the earlier offset")
        .records(
            """
            line_id | ordered_at
            gap     | 2024-03-10 02:30
            overlap | 2024-11-03 01:30
            edt     | 2024-11-03T01:30:00-04:00
            """)
        .lines(
            """
            line_id | ordered_at
            gap     | 2024-03-10 03:30
            overlap | 2024-11-03 01:30
            edt     | 2024-11-03 01:30
            """)
        .tests();
  }

  @TestFactory
  @Disabled("definitions.md: a cancelled line itself does not count; ingest asks the order alone")
  Stream<DynamicTest> aCancelledLineItselfDoesNotCount() {
    return withLineIds()
        .example("cancelled in part")
        .records(
            """
            line_id | status
            1       | cancelled
            2       | paid
            3       | paid
            """)
        .lines(
            """
            line_id | is_counted
            1       | false
            2       | true
            3       | true
            """)
        .tests();
  }

  @TestFactory
  @Disabled("definitions.md: a refund never dates a sale; ingest takes the earliest of all lines")
  Stream<DynamicTest> aSaleIsNotDatedByARefund() {
    return withLineIds()
        .example("a blank time is the earliest of the sales")
        .records(
            """
            line_id | kind   | ordered_at       | refunded_at
            1       | sale   | 2024-05-09 10:00 |
            2       | sale   |                  |
            3       | refund | 2024-05-09 10:00 | 2024-05-03 10:00
            """)
        .lines(
            """
            line_id | ordered_at
            1       | 2024-05-09 10:00
            2       | 2024-05-09 10:00
            3       | 2024-05-03 10:00
            """)
        .example("a sale that has no time but its refund's")
        .record("line_id = 1", "ordered_at =", "refund_amount = 4", "refunded_at = 2024-06-01")
        .rejectedWhole(1, "ordered_at is missing on all of the order")
        .tests();
  }
}
