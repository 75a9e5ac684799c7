"""Asks engines that are not this project's Spark for the published tables, and compares their answers.

    engines.py sql QUERIES WAREHOUSE            writes what to ask Spark by JDBC, as the file QUERIES for beeline
    engines.py compare ANSWERS WAREHOUSE        compares what beeline printed with delta-rs, Polars and DuckDB
    engines.py trino SERVER WAREHOUSE           registers the tables with a Trino and compares it with the others
    engines.py ask WAREHOUSE                    asks DuckDB the documents' questions: each must have an answer

Of every published table: rows, values of each column, and the sum of each column of numbers. Then the questions of the
documents, in the documents' own SQL, by Spark and by DuckDB.
"""

import csv
import json
import math
import os
import re
import sys
import time
import urllib.error
import urllib.request
from decimal import Decimal
from pathlib import Path

import duckdb
import polars
import pyarrow
from check_tables import Warehouse
from deltalake import DeltaTable

SEPARATOR = "-- next --"

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "notebooks" / "README.md"]


def questions():
    """The documents' questions: title and SQL."""
    found = []
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        part = text.split("<!-- questions -->")[1].split("<!-- end of questions -->")[0]
        found += re.findall(r"\*\*(.+?)\*\*.*?```sql\n(.+?);\n```", part, re.DOTALL)
    if len(found) < 10:
        sys.exit(f"The documents have {len(found)} questions between their marks, and should have ten")
    return found


def columns(schema):
    """Columns of a table, and what to sum: nothing, or numbers."""
    return [(field.name, is_number(field.type)) for field in schema]


def is_number(kind):
    types = pyarrow.types
    return types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind)


def published(path):
    """Every published table at its version; runs at its newest, which is what readers look at."""
    warehouse = Warehouse(path)
    tables = {
        name: DeltaTable(Path(path) / name, version=version)
        for name, version in warehouse.versions.items()
    }
    tables["runs"] = DeltaTable(Path(path) / "runs")
    return dict(sorted(tables.items()))


def arrow_schema(table):
    return pyarrow.schema(table.schema().to_arrow())


def aggregates(table, quote):
    """SQL of one row: rows, and for each column its values and, of numbers, their sum."""
    parts = ["count(*)"]
    for name, is_summed in columns(arrow_schema(table)):
        column = f"{quote}{name}{quote}"
        parts.append(f"count({column})")
        if is_summed:
            parts.append(f"sum({column})")
    return ", ".join(parts)


def write_queries(target, warehouse):
    queries = []
    for name, table in published(warehouse).items():
        queries.append(f"SELECT {aggregates(table, '`')} FROM {name};")
    queries += [f"{sql};" for _, sql in questions()]
    lines = ["USE shop_current;"]
    for query in queries:
        # beeline ends a query at the end of a line.
        lines += [f"SELECT '{SEPARATOR}';", " ".join(query.split())]
    Path(target).write_text("\n".join(lines) + "\n", encoding="utf-8")


def answers(path):
    """What beeline printed as CSV without headings, query by query."""
    blocks = []
    # What takes long shows a progress bar on the same line.
    text = re.sub(r"\rnull *\rnull", "", Path(path).read_bytes().decode("utf-8"))
    # Where a value holds a comma, beeline puts NULs around it for quotes.
    for row in csv.reader(text.replace("\0", '"').splitlines()):
        if row == [SEPARATOR]:
            blocks.append([])
        elif blocks and row:
            blocks[-1].append(row)
    return blocks


def same(left, right):
    """Whether two engines say the same of one cell: as numbers where they are."""
    if left is None or right is None or "NULL" in (left, right):
        return left in (None, "NULL", "") and right in (None, "NULL", "")
    if isinstance(right, float):
        return math.isclose(float(left), right, rel_tol=1e-9, abs_tol=1e-9)
    if isinstance(right, (int, Decimal)):
        return Decimal(left) == right
    return str(left) == str(right)


def by_duckdb(duck, name, table):
    duck.register(name, table.to_pyarrow_dataset())
    return duck.execute(f"SELECT {aggregates(table, chr(34))} FROM {name}").fetchone()


def by_polars(table):
    frame = polars.read_delta(table)
    row = [frame.height]
    for name, is_summed in columns(arrow_schema(table)):
        column = frame.get_column(name)
        row.append(column.len() - column.null_count())
        if is_summed:
            row.append(column.sum() if column.len() > column.null_count() else None)
    return row


def compare(answered, warehouse):
    spark = answers(answered)
    tables = published(warehouse)
    asked = questions()
    if len(spark) != len(tables) + len(asked):
        sys.exit(f"Spark answered {len(spark)} queries of {len(tables) + len(asked)}: see {answered}")
    broken = []
    duck = duckdb.connect()
    cells = 0
    for (name, table), block in zip(tables.items(), spark):
        theirs = {"DuckDB": by_duckdb(duck, name, table), "Polars": by_polars(table)}
        for engine, row in theirs.items():
            cells += len(row)
            if len(block) != 1 or len(block[0]) != len(row) or not all(map(same, block[0], row)):
                broken.append(f"{name}: Spark says {block}, {engine} {row}")
    for (title, sql), block in zip(asked, spark[len(tables) :]):
        rows = duck.execute(sql).fetchall()
        if len(rows) != len(block) or not all(
            len(a) == len(b) and all(map(same, a, b)) for a, b in zip(block, rows)
        ):
            odd = next(((a, b) for a, b in zip(block, rows) if not all(map(same, a, b))), None)
            broken.append(f"{title}: Spark gives {len(block)} rows, DuckDB {len(rows)}; first difference: {odd}")
    for line in broken:
        print(f"BROKEN  {line}")
    print(
        f"{len(tables)} tables with {cells} sums, and {len(asked)} questions: Spark by JDBC, DuckDB and Polars on delta-rs "
        + (f"differ in {len(broken)} of them" if broken else "agree")
    )
    return 1 if broken else 0


def ask(warehouse):
    duck = duckdb.connect()
    for name, table in published(warehouse).items():
        duck.register(name, table.to_pyarrow_dataset())
    empty = []
    for title, sql in questions():
        rows = len(duck.execute(sql).fetchall())
        print(f"  {title:<75} {rows:>5} rows")
        if not rows:
            empty.append(title)
    for title in empty:
        print(f"BROKEN  {title}: no rows")
    return 1 if empty else 0


class Trino:
    """Trino's own protocol: a statement is posted, and its pages are fetched one after the other."""

    def __init__(self, server):
        self.server = server

    def rows(self, sql):
        page = self.fetch(urllib.request.Request(f"{self.server}/v1/statement", sql.encode(), {"X-Trino-User": "reader"}))
        rows = []
        while True:
            if "error" in page:
                raise RuntimeError(page["error"]["message"])
            rows += page.get("data", [])
            if "nextUri" not in page:
                return rows
            page = self.fetch(urllib.request.Request(page["nextUri"], headers={"X-Trino-User": "reader"}))

    @staticmethod
    def fetch(request):
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def wait(self, seconds):
        """Until a query answers: the server takes them before its workers are there."""
        for _ in range(seconds):
            try:
                return self.rows("SELECT 1")
            except (urllib.error.URLError, ConnectionError, RuntimeError) as error:
                last = error
                time.sleep(1)
        sys.exit(f"Trino does not answer after {seconds} seconds: {last}")


def ask_trino(server, warehouse):
    trino = Trino(server)
    trino.wait(120)
    trino.rows("CREATE SCHEMA delta.shop")
    duck = duckdb.connect()
    broken = []
    tables = published(warehouse)
    for name, table in tables.items():
        trino.rows(f"CALL delta.system.register_table('shop', '{name}', 'local:///warehouse/{name}')")
        sql = f'SELECT {aggregates(table, chr(34))} FROM delta.shop."{name}" FOR VERSION AS OF {table.version()}'
        (row,) = trino.rows(sql)
        for engine, other in (("DuckDB", by_duckdb(duck, name, table)), ("Polars", by_polars(table))):
            if len(row) != len(other) or not all(map(same, row, other)):
                broken.append(f"{name}: Trino says {row}, {engine} {other}")
    for line in broken:
        print(f"BROKEN  {line}")
    print(f"{len(tables)} tables: Trino, DuckDB and Polars agree on rows, values and sums" if not broken else "")
    return 1 if broken else 0


if __name__ == "__main__":
    mode, arguments = sys.argv[1:2], sys.argv[2:]
    if mode == ["sql"] and len(arguments) == 2:
        write_queries(*arguments)
    elif (mode[:1], len(arguments)) in [(["compare"], 2), (["ask"], 1), (["trino"], 2)]:
        code = {"compare": compare, "ask": ask, "trino": ask_trino}[mode[0]](*arguments)
        sys.stdout.flush()
        # Reading threads of Arrow now and then abort the interpreter at exit.
        os._exit(code)
    else:
        sys.exit(__doc__)
