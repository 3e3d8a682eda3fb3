# SPDX-License-Identifier: GPL-3.0-or-later
"""counts_spark.py LOG... DIR [--map FILE] [--max-session N]: count a log with Spark for
`aisle import counts DIR --into STORE`. LOG: CSV files in their order. Runs by python3 in local
mode, and by spark-submit --py-files bundle.py on a cluster whose nodes share the folders."""
import argparse
import os

import bundle
from pyspark.sql import SparkSession, functions


class Engine:
    name = "spark"

    def __init__(self):
        settings = {
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.ansi.enabled": "true",
            "spark.sql.ansi.doubleQuotedIdentifiers": "true",
        }
        builder = SparkSession.builder.appName("aisle counts")
        for key, value in settings.items():
            builder = builder.config(key, value)
        self.spark = builder.getOrCreate()
        # On one machine 200 tasks for every statement cost more than they do.
        if self.spark.sparkContext.master.startswith("local"):
            self.spark.conf.set("spark.sql.shuffle.partitions",
                                str(2 * self.spark.sparkContext.defaultParallelism))
        self.spark.sparkContext.setLogLevel("ERROR")

    def make(self, name, sql):
        self.spark.sql(sql).persist().createOrReplaceTempView(name)

    def rows(self, sql):
        return [tuple(r) for r in self.spark.sql(sql).collect()]

    def put(self, name, columns, rows):
        types = columns.replace("VARCHAR", "STRING").replace("INTEGER", "INT")
        self.spark.createDataFrame(rows, types).createOrReplaceTempView(name)

    def write(self, sql, folder):
        self.spark.sql(sql).write.csv(os.path.abspath(folder), sep="\t", header=True, quote="",
                                      emptyValue="", nullValue="")


def read_log(engine, logs, columns):
    """The rows that have a time, a product, a session and a known event. Rows are numbered in
    their order: the ids of a file's rows ascend with it, and those of files follow each other."""
    raw = None
    for i, path in enumerate(logs):
        one = engine.spark.read.csv(os.path.abspath(path), header=True, quote='"', escape='"')
        one = one.withColumn("seq", functions.monotonically_increasing_id() +
                             functions.lit(i << 50))
        raw = one if raw is None else raw.unionByName(one)
    raw.createOrReplaceTempView("raw")

    def of(key):
        name = columns.get(key)
        return "COALESCE(\"%s\", '')" % name.replace('"', '""') if name else "''"

    kinds = " ".join("WHEN '%s' THEN '%s'" % k for k in bundle.EVENTS.items())
    engine.make("log", "SELECT * FROM (SELECT UNIX_MILLIS(TRY_CAST(REPLACE(%s, ' UTC', '') AS "
                "TIMESTAMP)) AS ms, seq, %s AS session, %s AS product, %s AS category, %s AS code, "
                "%s AS brand, %s AS price, CASE %s %s END AS kind FROM raw) t WHERE ms IS NOT NULL "
                "AND session <> '' AND product <> '' AND kind IS NOT NULL" % (
                    of("time"), of("session"), of("product"), of("category-id"), of("category"),
                    of("brand"), of("price"), of("event"), kinds))
    return engine.rows("SELECT (SELECT COUNT(*) FROM raw) - (SELECT COUNT(*) FROM log)")[0][0]


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
    bundle.count(engine, o.dir, o.max_session, "counted by Spark")


if __name__ == "__main__":
    main()
