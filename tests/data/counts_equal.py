# SPDX-License-Identifier: GPL-3.0-or-later
"""A store made of counts (aisle import counts) against the store made of the log itself:
every array by size and checksum, and what the panels print. The statements of
data/cluster/counts.sql run in SQLite, which is in Python, and in DuckDB where Python has it;
with AISLE_LONG=1 also in Spark where Java and PySpark are there.
Then bundles that contradict themselves, which are refused with file and row and leave the
store as it was; and a kill, which does too.
"""
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

TOP = os.environ.get("top_builddir", ".")
SRC = os.environ.get("top_srcdir", ".")
AISLE = os.path.join(TOP, "src", "aisle")
DUMP = os.path.join(TOP, "tests", "data", "dump_meta")
DATA = os.environ.get("AISLE_TEST_DATA", "")
sys.path.insert(0, os.path.join(SRC, "data", "cluster"))
sys.dont_write_bytecode = True
import bundle  # noqa: E402
import importlib.util  # noqa: E402
try:
    import duckdb  # noqa: E402
    import counts_duckdb  # noqa: E402
except ImportError:
    duckdb = None
LONG = os.environ.get("AISLE_LONG", "") == "1"
# What only a log can fill.
EVENTS = ("event/", "session/", "user/", "resume/", "product/session")
HEADER = "event_time,event_type,product_id,category_id,category_code,brand,price,user_id," \
    "user_session\n"


def run(*words, want=0):
    r = subprocess.run([AISLE, *words], capture_output=True)
    if r.returncode != want:
        raise AssertionError("%s: exit %d, not %d: %s" % (
            " ".join(words), r.returncode, want, r.stderr.decode()))
    return (r.stdout if want == 0 else r.stderr).decode()


def meta(store):
    return json.loads(subprocess.run([DUMP, store], capture_output=True, check=True).stdout)


class SQLite:
    name = "sqlite"

    def __init__(self, rows):
        self.db = sqlite3.connect(":memory:")
        self.db.execute("CREATE TABLE log (ms INTEGER, seq INTEGER, session TEXT, product TEXT, "
                        "category TEXT, code TEXT, brand TEXT, price TEXT, kind TEXT)")
        self.db.executemany("INSERT INTO log VALUES (?,?,?,?,?,?,?,?,?)", rows)

    def make(self, name, sql):
        self.db.execute("CREATE TABLE %s AS %s" % (name, sql))

    def rows(self, sql):
        return self.db.execute(sql).fetchall()

    def put(self, name, columns, rows):
        self.db.execute("CREATE TABLE %s (%s)" % (name, columns))
        self.db.executemany("INSERT INTO %s VALUES (?,?,?,?,?)" % name, rows)

    def write(self, sql, folder):
        """Two parts, to have several."""
        os.makedirs(folder)
        c = self.db.execute(sql)
        names = [d[0] for d in c.description]
        rows = c.fetchall()
        for part, some in enumerate((rows[::2], rows[1::2])):
            with open(os.path.join(folder, "part-%d.tsv" % part), "w", encoding="utf-8") as f:
                for r in [names] + some:
                    if "revenue" in names and r is not names:
                        r = list(r[:-1]) + ["%.6f" % float(r[-1])]
                    f.write("\t".join(str(x) for x in r) + "\n")


def log_rows(path):
    import csv
    import datetime
    with open(path, newline="", encoding="utf-8") as f:
        for seq, r in enumerate(csv.DictReader(f)):
            t = datetime.datetime.fromisoformat(r["event_time"][:19])
            ms = int(t.replace(tzinfo=datetime.timezone.utc).timestamp()) * 1000
            yield (ms, seq, r["user_session"], r["product_id"], r["category_id"],
                   r["category_code"], r["brand"], r["price"], bundle.EVENTS[r["event_type"]])


def awkward(path, seed):
    """Ties, codes that categories share or lack, values that change, a session over the cap."""
    r = random.Random(seed)
    codes = {1: "a.b", 2: "a.b", 3: "a.c.d", 4: "", 5: "a", 6: "", 7: "e..f.",
             8: "a.c.d.x.y.z.u.v.w"}
    with open(path, "w", encoding="utf-8") as f:
        f.write(HEADER)
        for i in range(4000):
            product, session = r.randrange(1, 60), r.randrange(400)
            category = product % 9 if r.random() < .97 else r.randrange(1, 9)
            if session == 7:
                product = r.randrange(1000, 1900)
            f.write("2020-01-%02d 00:00:%02d UTC,%s,%d,%s,%s,%s,%s,%d,s%d\n" % (
                1 + session % 28, r.randrange(4),
                r.choice(("view", "view", "view", "cart", "remove_from_cart", "purchase")),
                product, category or "", codes.get(category, ""),
                r.choice(("", "b%d" % (product % 5))),
                r.choice(("", "1", "%d.%d" % (product, r.randrange(1000)))),
                1 + session % 50, session))


def same(log, counts, what):
    a, b = meta(log), meta(counts)
    A, B = a["arrays"], b["arrays"]
    names = [n for n in sorted(set(A) | set(B)) if not n.startswith(EVENTS)]
    bad = [n for n in names if A.get(n) != B.get(n)]
    if bad:
        raise AssertionError("%s: arrays differ: %s" % (what, ", ".join(bad)))
    for key in ("first_time", "last_time", "price_scale", "revenue_scale", "max_session"):
        if a.get(key) != b.get(key):
            raise AssertionError("%s: meta %s is %r, expected %r" % (what, key, b.get(key),
                                                                   a.get(key)))
    for words in (("transitions",), ("products", "--limit", "50")):
        compare_shown(log, counts, words)
    ids = [line.split("\t")[0] for line in
           run("show", "products", log, "--format", "tsv", "--limit", "8").splitlines()[1:]]
    for p in ids:
        compare_shown(log, counts, ("similar", "--product", p))
        compare_shown(log, counts, ("complementary", "--product", p))
    return len(names)


def compare_shown(log, counts, words):
    a, b = (run("show", words[0], s, *words[1:], "--format", "tsv") for s in (log, counts))
    if a != b:
        raise AssertionError("show %s: not the same" % " ".join(words))


def check_equal(work, name, path, cap):
    log = os.path.join(work, name + ".aisle")
    run("import", "mkechinov", path, "--into", log, "--max-session", str(cap))
    engines = []
    if not name.startswith("real"):
        engines.append(("SQLite", lambda: SQLite(log_rows(path))))
    if duckdb:
        def make():
            e = counts_duckdb.Engine()
            counts_duckdb.read_log(e, [path], bundle.read_map(None))
            return e
        engines.append(("DuckDB", make))
    for engine, make in engines:
        out = os.path.join(work, "%s-%s" % (name, engine))
        bundle.count(make(), out, cap, "counted by " + engine)
        store = out + ".aisle"
        run("import", "counts", out, "--into", store)
        n = same(log, store, "%s by %s" % (name, engine))
        run("verify", store)
        result("%s counted by %s: %d arrays and the panels are those of the log" % (
            name, engine, n))


def check_spark(work, name):
    """The driver as it is called, on a log that check_equal has imported."""
    if not LONG:
        return result("Spark # SKIP AISLE_LONG=1 runs it")
    if not shutil.which("java") or not importlib.util.find_spec("pyspark"):
        return result("Spark # SKIP there is no Java or this Python has no pyspark")
    out = os.path.join(work, name + "-Spark")
    path = os.path.join(work, name + ".csv")
    driver = os.path.join(SRC, "data", "cluster", "counts_spark.py")
    subprocess.run([sys.executable, "-B", driver, path, out, "--max-session", "30"], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    run("import", "counts", out, "--into", out + ".aisle")
    n = same(os.path.join(work, name + ".aisle"), out + ".aisle", name + " by Spark")
    return result("%s counted by Spark: %d arrays and the panels are those of the log" % (name, n))


def check_map(work, name):
    """Other names of columns, by the driver as it is called."""
    if not duckdb:
        return result("DuckDB # SKIP this Python has no duckdb")
    path, out = os.path.join(work, "named.csv"), os.path.join(work, "named")
    with open(os.path.join(work, name + ".csv"), encoding="utf-8") as f:
        text = f.read()
    names = HEADER.replace("event_time", "when").replace("user_session", "visit id")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace(HEADER, names))
    with open(path + ".map", "w", encoding="utf-8") as f:
        f.write("# columns\ntime = when\nevent = event_type\nproduct = product_id\n"
                "session = visit id\ncategory-id = category_id\ncategory = category_code\n"
                "brand = brand\nprice = price\n")
    driver = os.path.join(SRC, "data", "cluster", "counts_duckdb.py")
    subprocess.run([sys.executable, "-B", driver, path, out, "--map", path + ".map",
                    "--max-session", "30"], check=True)
    run("import", "counts", out, "--into", out + ".aisle")
    same(os.path.join(work, name + ".aisle"), out + ".aisle", "named columns")
    return result("columns are told by a mapping")


def edit(folder, change):
    """Change the first data row of a table's first part."""
    path = sorted(os.path.join(folder, f) for f in os.listdir(folder))[0]
    with open(path, encoding="utf-8") as f:
        lines = f.read().splitlines()
    lines[1:2] = change(lines[1].split("\t"))
    with open(path, "w", encoding="utf-8") as f:
        f.write("".join(x + "\n" for x in lines))


def row(**at):
    def change(fields):
        for k, v in at.items():
            fields[int(k[1:])] = v
        return ["\t".join(fields)]
    return change


HOSTILE = [
    ("relation=co-view", row(c2="999999"), "part-0.tsv:2: n is greater than the margin"),
    ("relation=co-view", row(c2="0"), "part-0.tsv:2: n must be at least 1"),
    ("relation=co-view", row(c2="1e3"), "part-0.tsv:2: a count must be"),
    ("relation=co-view", row(c0="nobody"), "part-0.tsv:2: the product is not among"),
    ("relation=co-view", lambda f: ["\t".join((f[0], f[0], f[2]))], "no product is paired with"),
    ("relation=co-view", lambda f: ["\t".join(f + ["1"])], "another number of fields"),
    ("relation=co-view", lambda f: [], "pairs with a sum of"),
    ("relation=adjacent-view", lambda f: [], "pairs with a sum of"),
    ("margin/relation=co-cart", lambda f: ["\t".join((f[0], f[1], "0"))],
     "from and to of an unordered relation"),
    ("margin/relation=co-cart", row(c1="9999999", c2="9999999"), "greater than the relation's"),
    ("margin/relation=co-view", lambda f: [], "the sums of from"),
    ("margin/relation=co-cart", lambda f: ["\t".join((f[0], "80", "80"))], "the sums of from"),
    ("product", row(c1="nowhere"), "its category 'nowhere' is not among"),
    ("product", row(c4="cheap"), "price and revenue must be"),
    ("product", lambda f: ["\t".join(f)] * 2, "is there twice"),
    ("category", lambda f: ["\t".join(f)] * 2, "is there twice"),
    ("transition/basket=view", row(c3="4000000", c4="4000000"), "greater than the baskets"),
    ("transition/basket=view", row(c0="99"), "the level is beyond"),
    ("transition-margin/basket=view", row(c3="4000000"), "multi, own and own_multi"),
]


def check_hostile(work, good, store):
    before = meta(store)["uuid"]
    for i, (table, change, message) in enumerate(HOSTILE):
        bad = os.path.join(work, "bad%d" % i)
        shutil.copytree(good, bad)
        edit(os.path.join(bad, table), change)
        said = run("import", "counts", bad, "--into", store, want=1)
        if message not in said or table.split("/")[0] not in said and "product" not in said \
                and "category" not in said:
            raise AssertionError("%s: said '%s', expected '%s'" % (table, said, message))
        if meta(store)["uuid"] != before:
            raise AssertionError("%s: the store changed" % table)
        shutil.rmtree(bad)
    bad = os.path.join(work, "bad")
    shutil.copytree(good, bad)
    os.remove(os.path.join(bad, "_SUCCESS"))
    if "no finished bundle" not in run("import", "counts", bad, "--into", store, want=1):
        raise AssertionError("a bundle without _SUCCESS was not refused")
    run("import", "counts", good, "--into", store, "--append", want=2)
    run("import", "counts", good, "--into", store, "--gap", "5", want=2)
    run("train", "item2vec", store, want=1)
    result("%d hostile bundles are refused and leave the store" % (len(HOSTILE) + 1))


def check_kill(work, good, store):
    for delay in (0, .005, .01, .02, .04):
        before = meta(store)["uuid"]
        p = subprocess.Popen([AISLE, "import", "counts", good, "--into", store, "--quiet"])
        time.sleep(delay)
        p.send_signal(signal.SIGKILL)
        if p.wait() != 0 and meta(store)["uuid"] == before:
            run("verify", store)
    run("import", "counts", good, "--into", store)
    result("a kill leaves a whole store")


done = 0


def result(text):
    global done
    done += 1
    print("ok %d - %s" % (done, text), flush=True)


def main():
    real = os.path.join(DATA, "mkechinov", "2019-Oct-head.csv")
    with tempfile.TemporaryDirectory() as work:
        run("generate", "--format", "mkechinov", "--products", "300", "--sessions", "3000",
            "--days", "20", "--seed", "5", "--output", os.path.join(work, "shop"))
        check_equal(work, "shop", os.path.join(work, "shop", "events.csv"), 500)
        for seed in (1, 2):
            path = os.path.join(work, "awkward%d.csv" % seed)
            awkward(path, seed)
            check_equal(work, "awkward%d" % seed, path, 30)
        if duckdb and os.path.exists(real):
            check_equal(work, "real", real, 500)
        good = os.path.join(work, "shop-SQLite")
        check_map(work, "awkward1")
        check_spark(work, "awkward1")
        check_hostile(work, good, good + ".aisle")
        check_kill(work, good, good + ".aisle")
    print("1..%d" % done)


main()
