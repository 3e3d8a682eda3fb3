# SPDX-License-Identifier: GPL-3.0-or-later
"""counts_duckdb.py LOG... DIR [--map FILE] [--max-session N]: count a log with DuckDB for
`aisle import counts DIR --into STORE`. LOG: CSV files in their order."""
import argparse
import os

import bundle
import duckdb


class Engine:
    name = "duckdb"

    def __init__(self):
        self.db = duckdb.connect()
        self.db.execute("SET preserve_insertion_order = true")

    def make(self, name, sql):
        self.db.execute("CREATE TEMP TABLE %s AS %s" % (name, sql))

    def rows(self, sql):
        return self.db.execute(sql).fetchall()

    def put(self, name, columns, rows):
        self.db.execute("CREATE TEMP TABLE %s (%s)" % (name, columns))
        if rows:
            self.db.executemany("INSERT INTO %s VALUES (%s)" % (
                name, ", ".join("?" * len(rows[0]))), rows)

    def write(self, sql, folder):
        os.makedirs(folder)
        path = os.path.join(folder, "part-0.tsv").replace("'", "''")
        self.db.execute("COPY (%s) TO '%s' (FORMAT csv, HEADER, DELIMITER '\t', QUOTE '', "
                        "ESCAPE '')" % (sql, path))


def read_log(engine, logs, columns):
    """The rows that have a time, a product, a session and a known event."""
    files = ", ".join("'%s'" % p.replace("'", "''") for p in logs)
    engine.db.execute("CREATE TEMP TABLE raw AS SELECT *, ROW_NUMBER() OVER () AS seq FROM "
                      "read_csv([%s], header = true, delim = ',', quote = '\"', "
                      "all_varchar = true, null_padding = true, strict_mode = false)" % files)

    def of(key):
        name = columns.get(key)
        return "COALESCE(\"%s\", '')" % name.replace('"', '""') if name else "''"

    kinds = " ".join("WHEN '%s' THEN '%s'" % k for k in bundle.EVENTS.items())
    engine.db.execute(
        "CREATE TEMP TABLE log AS SELECT * FROM (SELECT EPOCH_MS(TRY_CAST(REPLACE(%s, ' UTC', '') "
        "AS TIMESTAMP)) AS ms, seq, %s AS session, %s AS product, %s AS category, %s AS code, "
        "%s AS brand, %s AS price, CASE %s %s END AS kind FROM raw) t WHERE ms IS NOT NULL AND "
        "session <> '' AND product <> '' AND kind IS NOT NULL" % (
            of("time"), of("session"), of("product"), of("category-id"), of("category"),
            of("brand"), of("price"), of("event"), kinds))
    lost = engine.rows("SELECT (SELECT COUNT(*) FROM raw) - (SELECT COUNT(*) FROM log)")[0][0]
    engine.db.execute("DROP TABLE raw")
    return lost


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("log", nargs="+")
    parser.add_argument("dir")
    parser.add_argument("--map")
    parser.add_argument("--max-session", type=int, default=500)
    o = parser.parse_args()
    engine = Engine()
    lost = read_log(engine, o.log, bundle.read_map(o.map))
    if lost:
        print("%d rows without a time, product, session or known event are left out" % lost)
    bundle.count(engine, o.dir, o.max_session, "counted by DuckDB")


if __name__ == "__main__":
    main()
