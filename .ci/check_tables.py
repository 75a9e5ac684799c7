"""Reads the tables of a warehouse without Spark and checks that they agree.

    check_tables.py figures WAREHOUSE          the figures of a warehouse, one table against the other
    check_tables.py equal WAREHOUSE WAREHOUSE  two warehouses of the same lake at the same as_of, row for row

A table is read as any engine should: at the version that the current run published.
"""

import math
import re
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pyarrow
from deltalake import DeltaTable, QueryBuilder

# What a first run must publish, each with at least one row.
PUBLISHED = [
    "order_lines", "orders", "rejects", "ingested_files", "customers", "customer_days",
    "customer_months", "cohort_matrix", "cohort_averages", "retention_summary",
    "repurchase_curve", "rfm", "churn_scores", "churn_models", "churn_backtest", "churn_calibration",
    "contacts", "loyalty", "product_rules", "recommendations", "recommendation_backtest", "customer_affinities",
    "customer_profile", "audience_members", "audience_suppressions", "audience_exports",
]  # fmt: skip

# Learned figures are the same within rounding, for any partitioning; by what their rows are found again.
LEARNED = {
    "churn_scores": ["as_of", "customer_id"],
    "customer_profile": ["as_of", "customer_id"],
    "churn_models": ["model_id"],
    "churn_backtest": ["as_of", "model_kind", "origin"],
    "churn_calibration": ["as_of", "model_kind", "origin", "bin"],
}

# Whom rules choose by learned figures: one customer may stand on either side of a bound. What is counted, by what.
CHOSEN = {
    "audience_members": ["as_of", "audience", "arm"],
    "audience_suppressions": ["as_of", "audience", "step"],
    "audience_exports": ["as_of", "audience", "platform"],
}

# What the runs before have left, which a first run has none of.
HISTORY = ["rfm_transitions"]

# What names the run that wrote a row, and differs between two runs of the same lake.
BOOKKEEPING = {"ingest_id", "run_id"}


def read(path, version=None, columns=()):
    """The rows of a Delta table as dictionaries; all columns if none is named."""
    chosen = ", ".join(f'"{column}"' for column in columns) or "*"
    table = DeltaTable(path, version=version)
    # Not to_pyarrow_table: its reading threads now and then abort the interpreter at exit.
    result = QueryBuilder().register("t", table).execute(f"SELECT {chosen} FROM t")
    return pyarrow.table(result).to_pylist()


class Warehouse:
    """The tables that the current run of a warehouse published."""

    def __init__(self, path):
        self.path = Path(path)
        self.runs = read(self.path / "runs")
        published = [run for run in self.runs if run["state"] == "published"]
        if not published:
            states = [run["state"] for run in self.runs]
            sys.exit(f"{path}: no run is published; the states in runs are {states}")
        self.current = max(published, key=lambda run: (run["as_of"], run["started"]))
        self.versions = dict(self.current["tables"])

    def rows(self, name, *columns):
        return read(self.path / name, self.versions[name], columns)

    def snapshot(self, name, *columns):
        """The rows of a snapshot table that belong to the current run's as_of."""
        rows = self.rows(name, "as_of", *columns)
        return [row for row in rows if row["as_of"] == self.current["as_of"]]

    def current_rows(self, name):
        """The rows of a table that are the current run's: of its as_of, where the table has one."""
        rows = self.rows(name)
        return [row for row in rows if row.get("as_of", self.current["as_of"]) == self.current["as_of"]]


class Checks:
    """Collects what does not hold, so that one run shows all of it."""

    def __init__(self):
        self.count = 0
        self.broken = []

    def equal(self, what, left, right):
        self.count += 1
        if left != right:
            self.broken.append(f"{what}: {left} is not {right}")

    def holds(self, what, condition):
        self.count += 1
        if not condition:
            self.broken.append(what)

    def end(self, subject):
        for line in self.broken:
            print(f"BROKEN  {line}")
        print(f"{subject}: {self.count - len(self.broken)} of {self.count} checks hold")
        sys.exit(1 if self.broken else 0)


def total(rows, column):
    return sum((row[column] for row in rows if row[column] is not None), Decimal(0))


def falsehoods(value, name):
    """Every False within a nested value, by its path."""
    if value is False:
        return [name]
    if isinstance(value, dict):
        return [found for key, item in value.items() for found in falsehoods(item, f"{name}.{key}")]
    if isinstance(value, (list, tuple)):
        return [found for i, item in enumerate(value) for found in falsehoods(item, f"{name}[{i}]")]
    return []


def check_figures(path):
    checks = Checks()
    warehouse = Warehouse(path)
    current = warehouse.current
    as_of = current["as_of"]

    last = max(warehouse.runs, key=lambda run: run["started"])
    checks.equal("state of the last run", last["state"], "published")
    checks.holds("the current run has a reconciliation", current["reconciliation"])
    checks.equal("reconciliation", falsehoods(current["reconciliation"], "reconciliation"), [])

    checks.equal("tables not published", sorted(set(PUBLISHED) - warehouse.versions.keys()), [])
    for name, version in sorted(warehouse.versions.items()):
        rows = len(warehouse.rows(name))
        print(f"  {name:<20} {rows:>9,} rows, version {version}")
        checks.holds(f"{name} has no rows", rows > 0 or name not in PUBLISHED)
    if not warehouse.versions.keys() >= set(PUBLISHED):
        checks.end(path)

    # Every record of the lake is accounted for.
    outcomes = ["accepted", "duplicates", "superseded", "rejected", "erased"]
    files = warehouse.rows("ingested_files", "path", "records", "net", *outcomes)
    for file in files:
        parts = sum(file[outcome] for outcome in outcomes)
        checks.equal(f"records of {file['path']}", file["records"], parts)
    rejects = warehouse.rows("rejects", "source_file")
    checks.equal("rejected records and rows of rejects", total(files, "rejected"), len(rejects))

    # Net of the lines = customers' days + anonymous + uncounted, and days = months.
    lines = warehouse.rows(
        "order_lines", "order_id", "customer_id", "is_counted", "amount", "discount"
    )

    def net(chosen):
        return total(chosen, "amount") - total(chosen, "discount")

    named = [line for line in lines if line["is_counted"] and line["customer_id"] is not None]
    sums = ["orders", "units", "gross", "discount", "refund", "net"]
    days = warehouse.rows("customer_days", "customer_id", "day", *sums)
    months = warehouse.rows("customer_months", "customer_id", "month", "month_index", *sums)
    checks.equal("net of ingested_files and order_lines", total(files, "net"), net(lines))
    checks.equal("net of order_lines and customer_days", net(named), total(days, "net"))
    for column in sums:
        checks.equal(
            f"{column} of customer_days and customer_months",
            total(days, column),
            total(months, column),
        )
    orders = warehouse.rows("orders", "order_id", "customer_id", "is_valid", "net")
    valid = [order for order in orders if order["is_valid"] and order["customer_id"] is not None]
    checks.equal("valid orders and customer_days", len(valid), total(days, "orders"))
    order_ids = {line["order_id"] for line in lines}
    checks.equal("orders and order_lines", {order["order_id"] for order in orders}, order_ids)

    # The matrix: with what precedes a cohort and customers without one, it is all days before as_of.
    known = [day for day in days if day["day"] < as_of]
    outside = [m for m in months if m["month_index"] is None or m["month_index"] < 0]
    cells = warehouse.snapshot(
        "cohort_matrix", "dimension", "dimension_value", "cohort_month", "month_index",
        "cohort_size", "active_customers", "orders", "gross", "discount", "refund", "net",
    )  # fmt: skip
    everyone = [cell for cell in cells if cell["dimension"] == "all"]
    whole_months = all(day["day"] < as_of for day in days)
    for column in ["orders", "gross", "discount", "refund", "net"]:
        if whole_months:
            checks.equal(
                f"{column} of cohort_matrix with what no cohort holds, and customer_days",
                total(everyone, column) + total(outside, column),
                total(known, column),
            )
        for dimension in sorted({cell["dimension"] for cell in cells} - {"all"}):
            parts = [cell for cell in cells if cell["dimension"] == dimension]
            checks.equal(
                f"{column} of cohort_matrix by {dimension} and of all",
                total(parts, column),
                total(everyone, column),
            )
    first = [cell for cell in everyone if cell["month_index"] == 0]
    active = {day["customer_id"] for day in known if day["orders"] > 0}
    checks.equal("sizes of all cohorts and customers", total(first, "cohort_size"), len(active))
    for cell in cells:
        checks.holds(
            f"more active customers than the cohort has: {cell}",
            0 <= cell["active_customers"] <= cell["cohort_size"],
        )

    # RFM, over all history.
    scored = warehouse.snapshot("rfm", "customer_id", "frequency", "monetary")
    checks.equal("customers of rfm", {row["customer_id"] for row in scored}, active)
    checks.equal("rows of rfm and customers", len(scored), len(active))
    checks.equal("frequency and orders", total(scored, "frequency"), total(known, "orders"))
    theirs = [day for day in known if day["customer_id"] in active]
    checks.equal("monetary and net", total(scored, "monetary"), total(theirs, "net"))
    check_churn(checks, warehouse, known)
    check_audiences(checks, warehouse)
    checks.end(path)


def check_churn(checks, warehouse, known):
    """Scores are of whom the model is for, and add up from the model's row."""
    models = {model["model_id"]: model for model in warehouse.rows("churn_models")}
    scores = warehouse.snapshot(
        "churn_scores", "customer_id", "churn_probability", "log_odds", "model_id",
        "contribution_1", "contribution_2", "contribution_3", "contribution_others",
    )  # fmt: skip
    as_of = warehouse.current["as_of"]
    used = {row["model_id"] for row in scores}
    checks.equal("models that scored", len(used), 1)
    model = models[used.pop()]
    lookback = model["lookback_days"]
    recent = {
        day["customer_id"]
        for day in known
        if day["orders"] > 0 and (lookback is None or (as_of - day["day"]).days <= lookback)
    }
    checks.equal("customers of churn_scores", {row["customer_id"] for row in scores}, recent)
    for row in scores:
        added = sum(row[f"contribution_{part}"] for part in (1, 2, 3, "others"))
        checks.holds(
            f"contributions that do not add up: {row}",
            abs(model["intercept"] + added - row["log_odds"]) < 1e-9
            and abs(1 / (1 + math.exp(-row["log_odds"])) - row["churn_probability"]) < 1e-9,
        )


def check_audiences(checks, warehouse):
    """Every shipped audience has members, and the waterfall ends with them."""
    shipped = re.findall(r"^ +name = ([a-z0-9-]+)$", Path("conf/audiences.conf").read_text(), re.M)
    checks.holds("conf/audiences.conf names no audience", shipped)
    members = warehouse.snapshot("audience_members", "audience", "customer_id", "arm")
    steps = warehouse.snapshot(
        "audience_suppressions", "audience", "step_order", "step", "customers_in", "customers_out"
    )
    profiles = warehouse.snapshot("customer_profile", "customer_id")
    for audience in shipped:
        arms = Counter(member["arm"] for member in members if member["audience"] == audience)
        waterfall = sorted(
            (step for step in steps if step["audience"] == audience),
            key=lambda step: step["step_order"],
        )
        checks.holds(f"audience {audience} has nobody to address", arms["target"] > 0)
        checks.equal(f"candidates of {audience}", waterfall[0]["customers_in"], len(profiles))
        for before, after in zip(waterfall, waterfall[1:]):
            left = before["customers_in"] - before["customers_out"]
            checks.equal(f"{audience}: who comes to {after['step']}", after["customers_in"], left)
        left = waterfall[-1]["customers_in"] - waterfall[-1]["customers_out"]
        checks.equal(f"{audience}: who is left, and the target", left, arms["target"])
    unknown = {member["audience"] for member in members} - set(shipped)
    checks.equal("audiences that nobody configured", unknown, set())


def hashable(value):
    if isinstance(value, dict):
        return tuple(sorted((key, hashable(item)) for key, item in value.items()))
    if isinstance(value, (list, tuple)):
        return tuple(hashable(item) for item in value)
    return value


def alike(left, right):
    """Equal, numbers within what sums in another order may make of them."""
    if isinstance(left, float) and isinstance(right, float):
        return math.isclose(left, right, rel_tol=1e-6, abs_tol=1e-6)
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return abs(left - right) <= Decimal("0.01")
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(alike, left, right))
    return left == right


def check_learned(checks, name, left_rows, right_rows):
    left, right = (
        {tuple(row[column] for column in LEARNED[name]): row for row in rows}
        for rows in (left_rows, right_rows)
    )
    print(f"  {name:<20} {len(left):>9,} rows and {len(right):>9,}")
    checks.equal(f"keys of {name}", set(left), set(right))
    for key in left.keys() & right.keys():
        for column in left[key].keys() - BOOKKEEPING:
            checks.holds(
                f"{name} {key}: {column} is {left[key][column]} and {right[key][column]}",
                alike(left[key][column], right[key][column]),
            )


def check_chosen(checks, name, left_rows, right_rows):
    left, right = (
        Counter(tuple(row[column] for column in CHOSEN[name]) for row in rows)
        for rows in (left_rows, right_rows)
    )
    print(f"  {name:<20} {left.total():>9,} rows and {right.total():>9,}")
    for key in left.keys() | right.keys():
        checks.holds(
            f"{name} {key}: {left[key]} and {right[key]} rows",
            abs(left[key] - right[key]) <= 1 + max(left[key], right[key]) // 100,
        )


def check_equal(left_path, right_path):
    checks = Checks()
    left, right = Warehouse(left_path), Warehouse(right_path)
    checks.equal("as_of", left.current["as_of"], right.current["as_of"])
    checks.equal("published tables", sorted(left.versions), sorted(right.versions))
    for name in sorted((left.versions.keys() & right.versions.keys()) - set(HISTORY)):
        both = [warehouse.current_rows(name) for warehouse in (left, right)]
        if name in LEARNED:
            check_learned(checks, name, *both)
            continue
        if name in CHOSEN:
            check_chosen(checks, name, *both)
            continue
        counts = []
        for rows in both:
            counts.append(
                Counter(
                    hashable({key: row[key] for key in row if key not in BOOKKEEPING})
                    for row in rows
                )
            )
        only_left, only_right = counts[0] - counts[1], counts[1] - counts[0]
        print(f"  {name:<20} {counts[0].total():>9,} rows and {counts[1].total():>9,}")
        for path, only in ((left_path, only_left), (right_path, only_right)):
            example = next(iter(only), None)
            checks.holds(f"{name}: {only.total()} rows only in {path}, such as {example}", not only)
    checks.end(f"{left_path} and {right_path}")


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "figures":
        check_figures(sys.argv[2])
    elif len(sys.argv) == 4 and sys.argv[1] == "equal":
        check_equal(sys.argv[2], sys.argv[3])
    else:
        sys.exit(__doc__)
