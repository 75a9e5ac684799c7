package io.perennial.bench;

import io.perennial.config.SegmentScheme;
import io.perennial.config.SegmentScheme.Axis;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The tables in optimized DuckDB SQL: a narrow first pass finds the orders that need window
 * functions, local time comes from a table of hours instead of a conversion per row, categories are
 * bits, and RFM scores come from boundary values.
 *
 * @param lake directory of the Parquet lake
 * @param out output directory of the tables
 * @param zone the shop's time zone; its offsets must change on whole hours UTC
 * @param partitioned whether order_lines is partitioned by month, as in Perennial
 */
record DuckDbSql(String lake, String out, String zone, boolean partitioned, SegmentScheme scheme) {

  private static final int LEVELS = 5;

  /** The statements that create each table. */
  Map<String, List<String>> tables() {
    Map<String, List<String>> tables = new LinkedHashMap<>();
    tables.put("order_lines", List.of(hours(), usable(), conflictingOrders(), orderLines()));
    tables.put("orders", List.of(categories(), orders()));
    tables.put("customer_days", List.of(customerDays()));
    tables.put("customer_months", List.of(customerMonths()));
    tables.put("cohort_matrix", List.of(asOf(), cohortMatrix()));
    tables.put("rfm", List.of(rfmValues(), rfm()));
    return tables;
  }

  /** Statements that create a view for each table. */
  List<String> views() {
    return tables().keySet().stream()
        .map(
            table -> "CREATE OR REPLACE VIEW " + table + " AS SELECT * FROM " + writtenFiles(table))
        .toList();
  }

  String scan() {
    return "SELECT "
        + LakeColumns.COLUMNS.stream()
            .map(column -> "bit_xor(hash(" + column + "))")
            .collect(Collectors.joining(", "))
        + " FROM "
        + lakeFiles();
  }

  private String lakeFiles() {
    return "read_parquet('" + lake + "/*.parquet', filename = true)";
  }

  private String writtenFiles(String table) {
    return partitioned && table.equals("order_lines")
        ? "read_parquet('" + out + "/order_lines/*/*.parquet', hive_partitioning = true)"
        : "read_parquet('" + out + "/" + table + ".parquet')";
  }

  private String copy(String table, String query) {
    String target =
        partitioned && table.equals("order_lines")
            ? "/order_lines' (FORMAT parquet, PARTITION_BY (order_month))"
            : "/" + table + ".parquet' (FORMAT parquet)";
    return "COPY (" + query + ") TO '" + out + target;
  }

  /** Local time of every full hour between the first and last timestamp of the lake. */
  private String hours() {
    return """
        CREATE TEMP TABLE hours AS
        SELECT hour, local::DATE AS day, date_trunc('month', local)::DATE AS month FROM (
          SELECT hour, timezone('%s', to_timestamp(hour * 3600)) AS local FROM (
            SELECT unnest(generate_series(
              min(epoch_us(least(ordered_at, refunded_at))) // 3600000000,
              max(epoch_us(greatest(ordered_at, refunded_at))) // 3600000000)) AS hour
            FROM %s))"""
        .formatted(zone, lakeFiles());
  }

  private static String joinHours() {
    return "JOIN hours ON epoch_us(ordered_at) // 3600000000 = hour";
  }

  /** Valid records with trimmed text and signed quantities. */
  private String usable() {
    return """
        CREATE TEMP VIEW usable AS
        SELECT * REPLACE (
          CASE WHEN is_refund THEN coalesce(refunded_at, ordered_at) ELSE ordered_at END
            AS ordered_at,
          CASE WHEN is_refund THEN -abs(quantity) ELSE quantity END AS quantity,
          CASE WHEN is_refund THEN 0 ELSE coalesce(discount, 0) END AS discount,
          coalesce(shipping, 0) AS shipping, coalesce(tax, 0) AS tax),
          CASE WHEN is_refund THEN 'refund' ELSE 'sale' END AS kind,
          hash(order_id) AS order_hash,
          (CASE WHEN is_refund THEN -abs(quantity) ELSE quantity END * abs(unit_price))
            ::DECIMAL(18, 2) AS amount
        FROM (
          SELECT nullif(trim(order_id), '') AS order_id, nullif(trim(line_id), '') AS line_id,
            nullif(trim(customer_id), '') AS customer_id, ordered_at,
            coalesce(lower(trim(kind)) = 'refund', false) AS is_called_refund,
            is_called_refund OR coalesce(quantity < 0, false) AS is_refund,
            lower(nullif(trim(kind), '')) AS raw_kind,
            nullif(trim(product_id), '') AS product_id,
            nullif(trim(product_name), '') AS product_name,
            nullif(trim(category), '') AS category, quantity::DECIMAL(8, 0) AS quantity,
            unit_price, discount, order_discount, shipping, tax,
            nullif(trim(status), '') AS status, is_test, is_guest,
            nullif(trim(channel), '') AS channel, nullif(trim(discount_code), '') AS discount_code,
            nullif(trim(country), '') AS country, upper(nullif(trim(currency), '')) AS raw_currency,
            refunded_at, updated_at, filename[%d:] AS source_file
          FROM %s)
        WHERE order_id IS NOT NULL AND length(order_id) <= 256
          AND coalesce(length(line_id) <= 256, true) AND coalesce(length(customer_id) <= 256, true)
          AND coalesce(length(product_id) <= 256, true)
          AND coalesce(%s, true) AND coalesce(%s, true)
          AND quantity <> 0 AND unit_price IS NOT NULL AND (unit_price >= 0 OR is_called_refund)
          AND coalesce(raw_kind IN ('sale', 'refund'), true)
          AND coalesce(discount >= 0, true) AND coalesce(order_discount >= 0, true)
          AND NOT (is_refund AND coalesce(discount > 0, false))
          AND coalesce(raw_currency = 'USD', true)"""
        .formatted(lake.length() + 2, lakeFiles(), dated("ordered_at"), dated("refunded_at"));
  }

  private String dated(String column) {
    return column
        + " >= TIMESTAMPTZ '1990-01-01 00:00:00 "
        + zone
        + "' AND "
        + column
        + " < TIMESTAMPTZ '2100-01-02 00:00:00 "
        + zone
        + "'";
  }

  /** Orders with possible duplicate lines, conflicting attributes, a missing time or a discount. */
  private String conflictingOrders() {
    return """
        CREATE TEMP TABLE intricate AS
        SELECT order_hash FROM usable GROUP BY order_hash
        HAVING count(*) > bit_count(bit_or(1::UBIGINT << (
            coalesce(try_cast(line_id AS BIGINT), (hash(line_id) >> 1)::BIGINT) & 63)::UBIGINT))
          OR min(hash(customer_id, status, is_test, is_guest, channel, discount_code, country))
            <> max(hash(customer_id, status, is_test, is_guest, channel, discount_code, country))
          OR max(order_discount) > 0 OR bool_or(ordered_at IS NULL)""";
  }

  private String orderLines() {
    return copy(
        "order_lines",
        """
        WITH picked AS (
          SELECT *, row_number() OVER (PARTITION BY order_id, line_id
            ORDER BY updated_at DESC NULLS LAST, source_file DESC) AS choice
          FROM usable SEMI JOIN intricate USING (order_hash)),
        filled AS (
          SELECT * REPLACE (
            min(customer_id) OVER o AS customer_id,
            coalesce(ordered_at, min(ordered_at) OVER o) AS ordered_at,
            coalesce(status, min(status) OVER o) AS status,
            coalesce(bool_or(is_test) OVER o, false) AS is_test,
            coalesce(bool_or(is_guest) OVER o, false) AS is_guest, min(channel) OVER o AS channel,
            min(discount_code) OVER o AS discount_code, min(country) OVER o AS country),
            min(customer_id) OVER o <> max(customer_id) OVER o AS is_disputed,
            min(ordered_at) OVER o IS NULL AS is_timeless,
            bool_or(kind = 'sale') OVER o AS any_sale,
            (coalesce(max(order_discount) OVER o, 0) * 100)::BIGINT AS total_discount,
            coalesce(sum((amount * 100)::BIGINT) FILTER (kind = 'sale') OVER o, 0)::BIGINT
              AS sale_total
          FROM picked WHERE choice = 1 WINDOW o AS (PARTITION BY order_id)),
        shared AS (
          SELECT *,
            NOT is_test AND bool_or((kind = 'sale' OR NOT any_sale)
              AND coalesce(lower(status) <> 'cancelled', true)) OVER (PARTITION BY order_id)
              AS is_counted,
            CASE WHEN kind = 'sale' AND sale_total > 0
              THEN (total_discount::HUGEINT * (amount * 100)::BIGINT // sale_total)::BIGINT
              ELSE 0 END AS whole_share,
            CASE WHEN kind = 'sale' AND sale_total > 0
              THEN total_discount::HUGEINT * (amount * 100)::BIGINT %% sale_total
              ELSE 0 END AS remainder
          FROM filled WHERE NOT coalesce(is_disputed, false) AND NOT is_timeless),
        turned AS (
          SELECT *,
            total_discount - sum(whole_share) OVER (PARTITION BY order_id) AS left_over,
            row_number() OVER (PARTITION BY order_id, kind ORDER BY remainder DESC, line_id) AS turn
          FROM shared),
        lines AS (
          SELECT *, CASE WHEN kind <> 'sale' THEN 0
            WHEN sale_total > 0 THEN whole_share + (turn <= left_over)::BIGINT
            WHEN turn = 1 THEN left_over ELSE 0 END::DECIMAL(15, 0) * 0.01 AS share
          FROM turned
          UNION ALL BY NAME
          SELECT * REPLACE (coalesce(is_test, false) AS is_test,
            coalesce(is_guest, false) AS is_guest),
            NOT coalesce(is_test, false) AND coalesce(lower(status) <> 'cancelled', true)
              AS is_counted,
            0::DECIMAL(18, 2) AS share
          FROM usable ANTI JOIN intricate USING (order_hash))
        SELECT order_id, line_id, customer_id, ordered_at, month AS order_month, kind, product_id,
          category, is_counted, quantity::DECIMAL(18, 3) AS quantity,
          abs(unit_price)::DECIMAL(18, 6) AS unit_price, amount,
          (discount + share)::DECIMAL(18, 2) AS discount, 'USD' AS currency, channel,
          discount_code, country, product_name, share::DECIMAL(18, 2) AS order_discount,
          shipping::DECIMAL(18, 2) AS shipping, tax::DECIMAL(18, 2) AS tax, status, is_test,
          is_guest, updated_at, false AS is_derived, source_file, 'duckdb' AS ingest_id
        FROM lines %s"""
            .formatted(joinHours()));
  }

  private String categories() {
    return "CREATE TYPE category AS ENUM (SELECT DISTINCT category FROM "
        + writtenFiles("order_lines")
        + " WHERE category IS NOT NULL ORDER BY 1)";
  }

  private String orders() {
    return copy(
        "orders",
        """
        WITH grouped AS (
          SELECT order_id, any_value(customer_id) AS customer_id,
            coalesce(min(ordered_at) FILTER (kind = 'sale'), min(ordered_at)) AS ordered_at,
            any_value(is_guest) AS is_guest, count(*) AS lines,
            coalesce(sum(quantity) FILTER (is_counted AND kind = 'sale'), 0) AS units,
            coalesce(sum(amount) FILTER (is_counted AND kind = 'sale'), 0) AS gross,
            coalesce(sum(discount) FILTER (is_counted), 0) AS discount,
            coalesce(-sum(amount) FILTER (is_counted AND kind = 'refund'), 0) AS refunded,
            coalesce(sum(shipping) FILTER (is_counted), 0) AS shipping,
            coalesce(sum(tax) FILTER (is_counted), 0) AS tax,
            min(epoch_us(ordered_at) // 1000000 * 268435456 + coalesce(code, 268435455))
              FILTER (kind = 'sale') & 268435455 AS first_code,
            bit_count(bit_or(1::UBIGINT << code::UBIGINT) FILTER (is_counted AND kind = 'sale'))
              AS categories,
            any_value(channel) AS channel, any_value(discount_code) AS discount_code,
            any_value(country) AS country,
            count(*) FILTER (is_counted AND kind = 'sale') AS counted_sale_lines
          FROM (SELECT *, enum_code(category::category)::BIGINT AS code FROM %s)
          GROUP BY order_id)
        SELECT order_id, customer_id, ordered_at, month AS order_month, gross > 0 AS is_valid,
          is_guest, lines, units::DECIMAL(18, 3) AS units, gross::DECIMAL(18, 2) AS gross,
          discount::DECIMAL(18, 2) AS discount, refunded::DECIMAL(18, 2) AS refunded,
          (gross - discount - refunded)::DECIMAL(18, 2) AS net,
          shipping::DECIMAL(18, 2) AS shipping, tax::DECIMAL(18, 2) AS tax,
          enum_range(NULL::category)[first_code + 1] AS first_category,
          coalesce(categories, 0)::BIGINT AS categories, channel, discount_code, country,
          counted_sale_lines
        FROM grouped %s"""
            .formatted(writtenFiles("order_lines"), joinHours()));
  }

  private String customerDays() {
    return copy(
        "customer_days",
        """
        SELECT customer_id, day, sum(orders)::BIGINT AS orders,
          sum(units)::DECIMAL(18, 3) AS units, sum(gross)::DECIMAL(18, 2) AS gross,
          sum(discount)::DECIMAL(18, 2) AS discount, sum(refund)::DECIMAL(18, 2) AS refund,
          (sum(gross) - sum(discount) - sum(refund))::DECIMAL(18, 2) AS net,
          sum(discounted_orders)::BIGINT AS discounted_orders,
          sum(categories)::BIGINT AS categories, min(valid_at) AS first_order_at,
          max(valid_at) AS last_order_at
        FROM (
          SELECT customer_id, day, is_valid::BIGINT AS orders, units, gross, discount,
            0::DECIMAL(18, 2) AS refund, (is_valid AND discount > 0)::BIGINT AS discounted_orders,
            categories, CASE WHEN is_valid THEN ordered_at END AS valid_at
          FROM %s %s WHERE customer_id IS NOT NULL AND counted_sale_lines > 0
          UNION ALL
          SELECT customer_id, day, 0, 0, 0, 0, -amount, 0, 0, NULL
          FROM %s %s WHERE kind = 'refund' AND is_counted AND customer_id IS NOT NULL)
        GROUP BY customer_id, day"""
            .formatted(
                writtenFiles("orders"), joinHours(), writtenFiles("order_lines"), joinHours()));
  }

  private String customerMonths() {
    return copy(
        "customer_months",
        """
        WITH months AS (%s),
        cohorts AS (
          SELECT customer_id, date_trunc('month', min(month))::DATE AS cohort_month
          FROM months WHERE orders > 0 GROUP BY customer_id)
        SELECT customer_id, month, cohort_month,
          datediff('month', cohort_month, month)::INTEGER AS month_index, orders, units, gross,
          discount, refund, net, discounted_orders, first_order_at, last_order_at
        FROM months LEFT JOIN cohorts USING (customer_id)"""
            .formatted(months("true")));
  }

  private String months(String condition) {
    return """
        SELECT customer_id, date_trunc('month', day)::DATE AS month,
          sum(orders)::BIGINT AS orders, sum(units)::DECIMAL(18, 3) AS units,
          sum(gross)::DECIMAL(18, 2) AS gross, sum(discount)::DECIMAL(18, 2) AS discount,
          sum(refund)::DECIMAL(18, 2) AS refund, sum(net)::DECIMAL(18, 2) AS net,
          sum(discounted_orders)::BIGINT AS discounted_orders,
          min(first_order_at) AS first_order_at, max(last_order_at) AS last_order_at
        FROM %s WHERE %s GROUP BY customer_id, month"""
        .formatted(writtenFiles("customer_days"), condition);
  }

  /** The day after the newest valid order. */
  private String asOf() {
    return "SET VARIABLE as_of = (SELECT max(day) + 1 FROM "
        + writtenFiles("customer_days")
        + " WHERE orders > 0)";
  }

  private String cohortMatrix() {
    String begun =
        months("day >= date_trunc('month', getvariable('as_of')) AND day < getvariable('as_of')");
    return copy(
        "cohort_matrix",
        """
        WITH cohorts AS (
          SELECT customer_id, any_value(cohort_month) AS cohort_month
          FROM %1$s WHERE month_index = 0 GROUP BY customer_id),
        known AS (
          SELECT customer_id, cohort_month, month_index, orders, gross, discount, refund
          FROM %1$s WHERE month < date_trunc('month', getvariable('as_of')) AND month_index >= 0
          UNION ALL
          SELECT customer_id, cohort_month, datediff('month', cohort_month, month)::INTEGER
            AS month_index, orders, gross, discount, refund
          FROM (%2$s) JOIN cohorts USING (customer_id) WHERE month >= cohort_month),
        observed AS (
          SELECT cohort_month, month_index, count(*) FILTER (orders > 0) AS active,
            sum(orders)::BIGINT AS orders, sum(gross)::DECIMAL(18, 2) AS gross,
            sum(discount)::DECIMAL(18, 2) AS discount, sum(refund)::DECIMAL(18, 2) AS refund
          FROM known GROUP BY ALL),
        lasts AS (
          SELECT cohort_month, month_index, count(*) AS last_active FROM (
            SELECT customer_id, any_value(cohort_month) AS cohort_month,
              max(month_index) AS month_index
            FROM known WHERE orders > 0 GROUP BY customer_id)
          GROUP BY ALL),
        cells AS (
          SELECT cohort_month, unnest(generate_series(0,
            datediff('month', cohort_month, getvariable('as_of') - 1)))::INTEGER AS month_index
          FROM observed WHERE month_index = 0),
        sums AS (
          SELECT cohort_month, month_index, coalesce(active, 0) AS active,
            coalesce(orders, 0) AS orders, coalesce(gross, 0) AS gross,
            coalesce(discount, 0) AS discount, coalesce(refund, 0) AS refund,
            coalesce(gross - discount - refund, 0)::DECIMAL(18, 2) AS net,
            max(active) FILTER (month_index = 0) OVER (PARTITION BY cohort_month) AS n,
            sum(coalesce(last_active, 0)) OVER (PARTITION BY cohort_month ORDER BY month_index
              ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)::BIGINT AS rolling
          FROM cells LEFT JOIN observed USING (cohort_month, month_index)
            LEFT JOIN lasts USING (cohort_month, month_index)),
        grown AS (
          SELECT *, sum(net) OVER c::DECIMAL(18, 2) AS cumulative_net,
            max(net) FILTER (month_index = 0) OVER (PARTITION BY cohort_month) AS first_net,
            active / n AS p, rolling / n AS r
          FROM sums WINDOW c AS (PARTITION BY cohort_month ORDER BY month_index))
        SELECT getvariable('as_of') AS as_of, 'all' AS dimension, 'all' AS dimension_value,
          cohort_month, month_index,
          CASE WHEN cohort_month + to_months(month_index + 1) <= getvariable('as_of')
            THEN 'complete' ELSE 'partial' END AS state,
          n AS cohort_size, active AS active_customers, rolling AS rolling_active_customers, orders,
          gross, discount, refund, net, cumulative_net, p AS retention_rate,
          %3$s AS retention_low, %4$s AS retention_high, r AS rolling_retention_rate,
          %5$s AS rolling_retention_low, %6$s AS rolling_retention_high,
          CASE WHEN first_net > 0 THEN net::DOUBLE / first_net::DOUBLE END
            AS revenue_retention_rate,
          CASE WHEN orders > 0 THEN (gross - discount)::DOUBLE / orders END AS aov,
          CASE WHEN active > 0 THEN orders / active END AS orders_per_customer,
          cumulative_net::DOUBLE / n AS ltv
        FROM grown"""
            .formatted(
                writtenFiles("customer_months"),
                begun,
                wilson("p", "greatest(0.0::DOUBLE", "-"),
                wilson("p", "least(1.0::DOUBLE", "+"),
                wilson("r", "greatest(0.0::DOUBLE", "-"),
                wilson("r", "least(1.0::DOUBLE", "+")));
  }

  /** One bound of the Wilson interval of a share of n. */
  private static String wilson(String share, String bounded, String sign) {
    String z = "1.959963984540054::DOUBLE";
    return "%s, (%s + %s ^ 2 / 2 / n %s %s * sqrt(%s * (1 - %s) / n + %s ^ 2 / 4 / n / n)) / (1 + %s ^ 2 / n))"
        .formatted(bounded, share, z, sign, z, share, share, z, z);
  }

  private String rfmValues() {
    return """
        CREATE TEMP TABLE rfm_values AS
        SELECT customer_id,
          (getvariable('as_of') - max(day) FILTER (orders > 0))::INTEGER AS recency_days,
          sum(orders)::BIGINT AS frequency, sum(net)::DECIMAL(18, 2) AS monetary
        FROM %s WHERE day < getvariable('as_of')
        GROUP BY customer_id HAVING sum(orders) > 0"""
        .formatted(writtenFiles("customer_days"));
  }

  private String rfm() {
    List<String> scores = new ArrayList<>();
    for (String metric : List.of("r", "f", "m")) {
      StringBuilder score = new StringBuilder("1");
      for (int level = 2; level <= LEVELS; level++) {
        score
            .append(" + coalesce(")
            .append(value(metric))
            .append(" >= (SELECT ")
            .append(metric)
            .append(level)
            .append(" FROM boundaries), false)::INTEGER");
      }
      scores.add("(" + score + ") AS " + metric + "_score");
    }
    return copy(
        "rfm",
        """
        WITH histogram AS (%s),
        ranked AS (
          SELECT metric, value, 1 + (%d * (2 * (sum(equal) OVER below - equal) + equal))
            // (2 * sum(equal) OVER (PARTITION BY metric)) AS score
          FROM histogram WINDOW below AS (PARTITION BY metric ORDER BY value)),
        boundaries AS (SELECT %s FROM ranked),
        scored AS (SELECT *, %s FROM rfm_values)
        SELECT getvariable('as_of') AS as_of, customer_id, recency_days, frequency, monetary,
          r_score, f_score, m_score, concat(r_score, f_score, m_score) AS rfm_cell,
          %s AS segment
        FROM scored"""
            .formatted(
                List.of("r", "f", "m").stream()
                    .map(
                        metric ->
                            "SELECT '%s' AS metric, %s AS value, count(*) AS equal FROM rfm_values GROUP BY value"
                                .formatted(metric, value(metric)))
                    .collect(Collectors.joining(" UNION ALL ")),
                LEVELS,
                boundaries(),
                String.join(", ", scores),
                segments()));
  }

  private static String value(String metric) {
    return switch (metric) {
      case "r" -> "(-recency_days)::BIGINT";
      case "f" -> "frequency";
      default -> "(monetary * 100)::BIGINT";
    };
  }

  /** The smallest value with at least a score. */
  private static String boundaries() {
    List<String> columns = new ArrayList<>();
    for (String metric : List.of("r", "f", "m")) {
      for (int level = 2; level <= LEVELS; level++) {
        columns.add(
            "min(value) FILTER (metric = '%s' AND score >= %d) AS %s%d"
                .formatted(metric, level, metric, level));
      }
    }
    return String.join(", ", columns);
  }

  private String segments() {
    Map<Axis, String> axes =
        Map.of(
            Axis.R, "r_score",
            Axis.F, "f_score",
            Axis.M, "m_score",
            Axis.FM, "(f_score + m_score + 1) // 2");
    return scheme.segments().stream()
        .map(
            segment ->
                "WHEN "
                    + segment.allowed().entrySet().stream()
                        .map(
                            rule ->
                                axes.get(rule.getKey())
                                    + rule.getValue().stream()
                                        .map(String::valueOf)
                                        .collect(Collectors.joining(", ", " IN (", ")")))
                        .collect(Collectors.joining(" AND "))
                    + " THEN '"
                    + segment.name().replace("'", "''")
                    + "'")
        .collect(Collectors.joining(" ", "CASE ", " END"));
  }
}
