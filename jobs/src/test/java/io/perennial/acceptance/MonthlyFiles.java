package io.perennial.acceptance;

import io.perennial.pipeline.Steps;
import java.nio.file.Path;

/** A lake with one file per month and mapped line ids, the start of tests of later runs. */
final class MonthlyFiles {

  static final String HEADER =
      "order_id,line_id,customer_id,ordered_at,quantity,unit_price,order_discount,status,channel,"
          + "email,email_consent\n";

  static final String JANUARY =
      HEADER
          + "1,a,anna,2024-01-10 10:00:00,2,10.00,3.00,paid,web,anna@x.example,true\n"
          + "1,b,,2024-01-10 10:00:00,1,5.00,,,,,\n"
          + "2,a,ben,2024-01-20 10:00:00,1,5.50,,paid,app,ben@x.example,true\n";

  static final String FEBRUARY =
      HEADER
          + "3,a,anna,2024-02-03 10:00:00,1,7.25,,paid,web,,false\n"
          + "4,a,cleo,2024-02-05 10:00:00,1,8.00,,paid,web,cleo@x.example,\n"
          + "5,a,cleo,2999-02-05 10:00:00,1,8.00,,paid,web,cleo@rejected.example,true\n";

  static final String MARCH =
      HEADER + "6,a,ben,2024-03-01 10:00:00,1,9.00,,paid,app,ben@y.example,\n";

  private MonthlyFiles() {}

  /** A shop with the files of January and February, and the steps up to customer months. */
  static Shop shop(Path folder) {
    return Shop.in(folder)
        .mapping("line", HEADER)
        .withSteps(Steps.LAKE_STEPS)
        .write("january.csv", JANUARY)
        .write("february.csv", FEBRUARY);
  }
}
