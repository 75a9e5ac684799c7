package io.perennial.bench;

import java.util.List;

/** The columns of the lake that order_lines needs. */
final class LakeColumns {

  static final List<String> COLUMNS =
      List.of(
          "order_id",
          "line_id",
          "customer_id",
          "ordered_at",
          "kind",
          "status",
          "product_id",
          "product_name",
          "category",
          "quantity",
          "unit_price",
          "discount",
          "order_discount",
          "shipping",
          "tax",
          "currency",
          "refunded_at",
          "updated_at",
          "is_test",
          "is_guest",
          "channel",
          "discount_code",
          "country");

  private LakeColumns() {}
}
