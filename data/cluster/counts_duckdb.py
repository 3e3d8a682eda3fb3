# SPDX-License-Identifier: GPL-3.0-or-later
"""counts_duckdb.py LOG... DIR [--map FILE]: count a log with DuckDB for `aisle import counts`.
LOG: files or folders of CSV, Parquet or JSON, or BASE.duckdb:TABLE."""
import os

import bundle
import duckdb


class Engine:
    name = "DuckDB"
    like = "REGEXP_MATCHES"

    def __init__(self, o=None):
        self.db = duckdb.connect()
        self.db.execute("SET preserve_insertion_order = true")
        self.db.execute("SET TimeZone = 'UTC'")
        if o and o.memory:
            self.db.execute("SET memory_limit = '%s'" % o.memory)
        if o:
            # What doesn't fit goes beside the bundle.
            self.db.execute("SET temp_directory = '%s.tmp'" % o.dir.replace("'", "''"))

    def make(self, name, sql):
        self.db.execute("CREATE TEMP TABLE %s AS %s" % (name, sql))

    def view(self, name, sql):
        self.db.execute("CREATE TEMP VIEW %s AS %s" % (name, sql))

    def rows(self, sql):
        return self.db.execute(sql).fetchall()

    def put(self, name, columns, rows):
        self.db.execute("CREATE TEMP TABLE %s (%s)" % (name, columns))
        for at in range(0, len(rows), 1000):
            some = rows[at:at + 1000]
            self.db.execute("INSERT INTO %s VALUES %s" % (name, ", ".join(
                "(" + ", ".join("?" * len(some[0])) + ")" for _ in some)),
                [x for r in some for x in r])

    def settle(self, name, sql, of, columns):
        cursor = self.db.execute(sql + " ORDER BY product")
        found, group = [], []
        for r in iter(cursor.fetchone, None):
            if group and group[-1][-1] != r[-1]:
                found += of(group)
                group = []
            group.append(r)
        self.put(name, columns, found + (of(group) if group else []))

    def write(self, sql, folder, form):
        os.makedirs(os.path.dirname(folder), exist_ok=True)
        how = "FORMAT parquet, COMPRESSION zstd" if form == "parquet" else \
            "FORMAT csv, HEADER, DELIMITER '\t', QUOTE '', ESCAPE ''" + \
            {"tsv": "", "tsv.gz": ", COMPRESSION gzip", "tsv.zst": ", COMPRESSION zstd"}[form]
        os.makedirs(folder)
        self.db.execute("COPY (%s) TO '%s' (%s)" % (
            sql, os.path.join(folder, "part-0." + form).replace("'", "''"), how))

    # ---- reading

    @staticmethod
    def files(log):
        """Those of a folder by their names, as aisle takes them."""
        if not os.path.isdir(log):
            return [log]
        return [os.path.join(log, f) for f in sorted(os.listdir(log)) if f[0] not in "_."]

    def reader(self, log, form):
        """FROM what, and whether its rows have a place of their own."""
        base, _, table = log.partition(":")
        if table and base.endswith(".duckdb"):
            self.db.execute("ATTACH '%s' AS base (READ_ONLY)" % base.replace("'", "''"))
            return "base.%s" % table
        files = self.files(log)
        if not files:
            bundle.fail("%s: an empty folder" % log)
        some = "[%s]" % ", ".join(bundle.quoted(f) for f in files)
        stem = files[0].lower()
        for packed in (".gz", ".zst"):
            stem = stem[:-len(packed)] if stem.endswith(packed) else stem
        if stem.endswith((".parquet", ".pq")):
            return "read_parquet(%s)" % some
        if stem.endswith((".json", ".jsonl", ".ndjson")):
            return "read_json(%s, maximum_depth = 2)" % some
        # Records with another number of fields are none.
        return ("read_csv(%s, header = %s, delim = %s, quote = %s, escape = %s, all_varchar = "
                "true, null_padding = false, strict_mode = true, ignore_errors = true, "
                "auto_detect = %s%s)" % (
                    some, "true" if form["header"] else "false", bundle.quoted(form["separator"]),
                    bundle.quoted(form["quote"]), bundle.quoted(form["quote"]), "false",
                    ", columns = {%s}" % ", ".join("%s: 'VARCHAR'" % bundle.quoted(c)
                                                    for c in self.header(files[0], form))))

    def header(self, path, form):
        """Names of the columns of a CSV file."""
        one = "read_csv(%s, header = false, delim = %s, quote = %s, escape = %s, all_varchar = " \
            "true, sample_size = 1)" % tuple(map(bundle.quoted, (
                path, form["separator"], form["quote"], form["quote"])))
        row = self.db.execute("SELECT * FROM %s LIMIT 1" % one).fetchone()
        return [str(x) for x in row] if form["header"] else [
            "c%d" % (i + 1) for i in range(len(row))]

    def open(self, logs, form):
        """Rows in the order of the files: they are kept as they are read, and numbered."""
        names = None
        for i, log in enumerate(logs):
            what = self.reader(log, form)
            columns = [(r[0], r[1]) for r in self.db.execute("DESCRIBE SELECT * FROM %s"
                                                             % what).fetchall()]
            names = names or [c for c, _ in columns]
            texts = ", ".join("CAST(%s AS VARCHAR) AS %s" % (bundle.named(c), bundle.named(c))
                              for c, _ in columns)
            sql = "SELECT %s FROM %s" % (texts, what)
            if i == 0:
                self.db.execute("CREATE TEMP TABLE source AS " + sql)
            else:
                self.db.execute("INSERT INTO source BY NAME " + sql)
        return names, "rowid"

    # ---- what the dialects say differently

    @staticmethod
    def day_ms(x):
        return "EPOCH_MS(CAST(TRY_CAST(%s AS DATE) AS TIMESTAMP))" % x

    @staticmethod
    def instant(ms, zone):
        """The first of both where an hour comes twice, which is what an hour earlier and an
        hour on leads to."""
        at = "EPOCH_MS(MAKE_TIMESTAMP_MS(CAST(%s AS BIGINT)) AT TIME ZONE '" + \
            zone.replace("'", "''") + "')"
        return "LEAST(%s, %s + 3600000)" % (at % ms, at % ("%s - 3600000" % ms))

    @staticmethod
    def clock(ms, zone):
        return "EPOCH_MS(TO_TIMESTAMP(%s / 1000.0) AT TIME ZONE '%s')" % (
            ms, zone.replace("'", "''"))

    @staticmethod
    def date(ms):
        return "CAST(CAST(MAKE_TIMESTAMP_MS(CAST(%s AS BIGINT)) AS DATE) AS VARCHAR)" % ms

    @staticmethod
    def bytes(x):
        return "STRLEN(%s)" % x


if __name__ == "__main__":
    bundle.main(Engine)
