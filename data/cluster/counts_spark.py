# SPDX-License-Identifier: GPL-3.0-or-later
"""counts_spark.py LOG... DIR [--map FILE]: count a log with Spark for `aisle import counts`.
LOG: files or folders of CSV, Parquet or JSON, or a table of the catalog. Runs by python3 in local
mode, and by spark-submit --py-files bundle.py on a cluster whose nodes share the folders."""
import os

import bundle
from pyspark.sql import SparkSession, functions


class Engine:
    name = "Spark"
    like = "REGEXP_LIKE"

    def __init__(self, o=None):
        settings = {
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.ansi.enabled": "true",
            "spark.sql.ansi.doubleQuotedIdentifiers": "true",
            "spark.sql.parser.escapedStringLiterals": "true",
        }
        if o and o.memory:
            settings["spark.driver.memory"] = o.memory
        builder = SparkSession.builder.appName("aisle counts")
        for key, value in settings.items():
            builder = builder.config(key, value)
        self.spark = builder.getOrCreate()
        # On one machine 200 tasks for every statement cost more than they do.
        if self.spark.sparkContext.master.startswith("local"):
            self.spark.conf.set("spark.sql.shuffle.partitions",
                                str(4 * self.spark.sparkContext.defaultParallelism))
        self.spark.sparkContext.setLogLevel("ERROR")
        # Returns are settled in Python on the workers.
        self.spark.sparkContext.addPyFile(os.path.abspath(bundle.__file__))

    def make(self, name, sql):
        self.spark.sql(sql).persist().createOrReplaceTempView(name)

    def view(self, name, sql):
        self.spark.sql(sql).createOrReplaceTempView(name)

    def rows(self, sql):
        return [tuple(r) for r in self.spark.sql(sql).collect()]

    def put(self, name, columns, rows):
        types = columns.replace("VARCHAR", "STRING").replace("INTEGER", "INT")
        self.spark.createDataFrame(rows, types).createOrReplaceTempView(name)

    def settle(self, name, sql, of, columns):
        found = self.spark.sql(sql).rdd.map(tuple).groupBy(lambda r: r[-1]).flatMap(
            lambda group: of(list(group[1])))
        self.spark.createDataFrame(found, columns).persist().createOrReplaceTempView(name)

    def write(self, sql, folder, form):
        w = self.spark.sql(sql).write
        if form == "parquet":
            w.parquet(os.path.abspath(folder))
            return
        codec = {"tsv": "none", "tsv.gz": "gzip", "tsv.zst": "zstd"}[form]
        w.csv(os.path.abspath(folder), sep="\t", header=True, quote="", emptyValue="",
              nullValue="", compression=codec)

    # ---- reading

    def read(self, log, form):
        if not os.path.exists(log) and "/" not in log:
            return self.spark.table(log)
        files = [log]
        if os.path.isdir(log):
            files = [os.path.join(log, f) for f in sorted(os.listdir(log)) if f[0] not in "_."]
        files = [os.path.abspath(f) for f in files]
        stem = files[0].lower()
        for packed in (".gz", ".zst"):
            stem = stem[:-len(packed)] if stem.endswith(packed) else stem
        if stem.endswith((".parquet", ".pq")):
            return self.one(files, lambda f: self.spark.read.parquet(f))
        if stem.endswith((".json", ".jsonl", ".ndjson")):
            return self.one(files, lambda f: self.spark.read.json(f, primitivesAsString=True))
        names = self.spark.read.csv(files[0], header=form["header"], sep=form["separator"],
                                    quote=form["quote"], escape=form["quote"]).columns
        if not form["header"]:
            names = ["c%d" % (i + 1) for i in range(len(names))]
        # Records with another number of fields are none.
        types = ", ".join("`%s` STRING" % n.replace("`", "``") for n in names) + ", _bad STRING"
        return self.one(files, lambda f: self.spark.read.csv(
            f, header=form["header"], sep=form["separator"], quote=form["quote"],
            escape=form["quote"], schema=types, columnNameOfCorruptRecord="_bad",
            enforceSchema=True).filter("_bad IS NULL").drop("_bad"))

    def one(self, files, read):
        """Files follow each other: the numbers of a file's rows ascend with it."""
        if len(files) == 1:
            return read(files[0])
        raw = None
        for i, path in enumerate(files):
            some = self.numbered(read(path), i)
            raw = some if raw is None else raw.unionByName(some)
        return raw

    @staticmethod
    def numbered(rows, i):
        return rows.withColumn("_place", functions.monotonically_increasing_id() +
                               functions.lit(i << 48))

    def open(self, logs, form):
        raw = None
        for i, log in enumerate(logs):
            one = self.read(log, form)
            if "_place" in one.columns:
                one = one.withColumn("_place", one["_place"] + functions.lit(i << 56))
            else:
                one = self.numbered(one, i << 8)
            raw = one if raw is None else raw.unionByName(one)
        texts = []
        for name, kind in raw.dtypes:
            if name == "_place":
                texts.append("_place")
                continue
            x = "CAST(%s AS STRING)" % bundle.named(name)
            # Spark's timestamps are instants, and don't say so as texts.
            texts.append("%s%s AS %s" % (x, " || 'Z'" if kind == "timestamp" else "",
                                         bundle.named(name)))
        raw.createOrReplaceTempView("unsorted")
        self.view("source", "SELECT %s FROM unsorted" % ", ".join(texts))
        return [c for c in raw.columns if c != "_place"], "_place"

    # ---- what the dialects say differently

    @staticmethod
    def day_ms(x):
        return "UNIX_DATE(TRY_CAST(%s AS DATE)) * 86400000L" % x

    @staticmethod
    def instant(ms, zone):
        return "UNIX_MILLIS(TO_UTC_TIMESTAMP(TIMESTAMP_MILLIS(%s), '%s'))" % (ms, zone)

    @staticmethod
    def clock(ms, zone):
        return "UNIX_MILLIS(FROM_UTC_TIMESTAMP(TIMESTAMP_MILLIS(%s), '%s'))" % (ms, zone)

    @staticmethod
    def date(ms):
        return "CAST(CAST(TIMESTAMP_MILLIS(%s) AS DATE) AS STRING)" % ms

    @staticmethod
    def bytes(x):
        return "OCTET_LENGTH(%s)" % x


if __name__ == "__main__":
    bundle.main(Engine)
