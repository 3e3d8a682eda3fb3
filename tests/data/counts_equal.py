# SPDX-License-Identifier: GPL-3.0-or-later
"""A store made of counts (aisle import counts) against the store made of the log itself:
every array by size and checksum, and what the panels print. The statements of
data/cluster/counts.sql run in SQLite, which is in Python, and by their driver in DuckDB where
Python has it; with AISLE_LONG=1 also in Spark where Java and PySpark are there. Logs with ties,
values that change, returns, a shop's zone, sessions cut by a gap, paths without ids and records
that are wrong; as CSV, Parquet and JSON, one file and several.
Then bundles that contradict themselves, which are refused with file and row and leave the
store as it was; a kill, which does too; little memory, and the most frequent pairs alone.
"""
import argparse
import csv
import datetime
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
sys.path.insert(0, os.path.join(SRC, "tests"))
sys.path.insert(0, os.path.join(SRC, "data", "cluster"))
sys.dont_write_bytecode = True
import bundle  # noqa: E402
from smaller import part, sized  # noqa: E402
import importlib.util  # noqa: E402
DUCKDB = importlib.util.find_spec("duckdb") is not None
LONG = os.environ.get("AISLE_LONG", "") == "1"
# What only a log can fill, and what a store of counts keeps for a bundle that is added.
OF_EVENTS = ("counted/", "event/", "session/", "user/", "resume/", "product/session")
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
    name = "SQLite"

    def __init__(self, rows):
        self.db = sqlite3.connect(":memory:")
        self.db.execute("CREATE TABLE raw (ms INTEGER, seq INTEGER, session TEXT, buyer TEXT, "
                        "product TEXT, category TEXT, code TEXT, brand TEXT, name TEXT, family "
                        "TEXT, price TEXT, quantity INTEGER, kind TEXT, cancels INTEGER)")
        self.db.executemany("INSERT INTO raw VALUES (?,?,?,'',?,?,?,?,'','',?,1,?,0)", rows)

    def make(self, name, sql):
        self.db.execute("CREATE TABLE %s AS %s" % (name, sql))

    def rows(self, sql):
        return self.db.execute(sql).fetchall()

    def put(self, name, columns, rows):
        self.db.execute("CREATE TABLE %s (%s)" % (name, columns))
        self.db.executemany("INSERT INTO %s VALUES (?,?,?,?,?)" % name, rows)

    def write(self, sql, folder, form):
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
    with open(path, newline="", encoding="utf-8") as f:
        for seq, r in enumerate(csv.DictReader(f)):
            t = datetime.datetime.fromisoformat(r["event_time"][:19])
            ms = int(t.replace(tzinfo=datetime.timezone.utc).timestamp()) * 1000
            kind = r["event_type"].replace("remove_from_cart", "remove")
            category = r["category_id"] or r["category_code"] and bundle.MARK + r["category_code"]
            yield (ms, seq, r["user_session"], r["product_id"], category,
                   r["category_code"] if r["category_id"] else "", r["brand"], r["price"], kind)


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
    names = [n for n in sorted(set(A) | set(B)) if not n.startswith(OF_EVENTS)]
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
           run("show", "products", log, "--format", "tsv", "--limit",
               sized("8", "3")).splitlines()[1:]]
    for p in ids:
        compare_shown(log, counts, ("similar", "--product", p))
        compare_shown(log, counts, ("complementary", "--product", p))
    for p, q in zip(ids, ids[1:]):
        compare_shown(log, counts, ("basket", "--product", p, "--product", q))
    for panel in ("similar", "complementary"):
        compare_lists(log, counts, panel)
    return len(names)


def compare_lists(log, counts, panel):
    """The panel of every product: the same bytes."""
    lists = []
    for store in (log, counts):
        out = store + ".lists.csv"
        run("export", "lists", store, "--of", "products", "--panel", panel, "--top", "30",
            "-o", out)
        with open(out, "rb") as f:
            lists.append(f.read())
        os.unlink(out)
    if lists[0] != lists[1] or lists[0].count(b"\n") < 10:
        raise AssertionError("lists of %s: not the same" % panel)


def compare_shown(log, counts, words):
    a, b = (run("show", words[0], s, *words[1:], "--format", "tsv") for s in (log, counts))
    if a != b:
        raise AssertionError("show %s: not the same" % " ".join(words))


def options(cap):
    return argparse.Namespace(max_session=cap, form="tsv", title="", sessions=False, timings=False)


def drive(engine, *words):
    """A driver as it is called; what it prints."""
    driver = os.path.join(SRC, "data", "cluster", "counts_%s.py" % engine)
    r = subprocess.run([sys.executable, "-B", driver, *words], capture_output=True, text=True)
    if r.returncode:
        raise AssertionError("%s: %s" % (" ".join(words), r.stderr[-2000:]))
    return r.stdout


def engines():
    """The drivers that this machine can run."""
    if DUCKDB:
        yield "duckdb"
    if LONG and shutil.which("java") and importlib.util.find_spec("pyspark"):
        yield "spark"


def check_equal(work, name, path, cap):
    log = os.path.join(work, name + ".aisle")
    run("import", "mkechinov", path, "--into", log, "--max-session", str(cap))
    if not name.startswith("real"):
        out = os.path.join(work, name + "-SQLite")
        bundle.count(SQLite(log_rows(path)), out, options(cap))
        check_store(log, out, name + " counted by SQLite")
    for engine in engines():
        out = os.path.join(work, "%s-%s" % (name, engine))
        drive(engine, path, out, "--max-session", str(cap))
        check_store(log, out, "%s counted by %s" % (name, engine))


def check_store(log, out, what):
    run("import", "counts", out, "--into", out + ".aisle")
    n = same(log, out + ".aisle", what)
    run("verify", out + ".aisle")
    result("%s: %d arrays and the panels are those of the log" % (what, n))


# ---- logs that a mapping describes

def shop_rows(seed, r=None):
    """Orders and visits with what their makers do wrong, as lists of texts."""
    r = r or random.Random(seed)
    for i in range(5000):
        product, user = r.randrange(60), r.randrange(150)
        day, second = 1 + user % 27, r.randrange(0, 86400, 7)
        when = "2020-%02d-%02d %02d:%02d:%02d" % (
            10 if i % 3 else 3, 25 if day < 5 else day + 2 if i % 3 else 29, second // 3600,
            second // 60 % 60, second % 60)
        when = r.choice((when, when, when + ".25", when[:16], when.replace(" ", "T") + "Z",
                         when + "+02:00"))
        kind = r.choice(("view", "page view", "Add-To-Cart", "buy", "buy", "buy", "remove"))
        pieces = r.choice(("", "1", "2", "3.0"))
        if kind == "buy" and r.random() < .2:
            pieces = r.choice(("-1", "-2", "(1)", "3-"))
        row = [when, kind, "p%d" % product, "u%d" % user, "o%d" % (user * 3 + i % 3),
               r.choice(("Home > Kitchen > Pans", "Home > Kitchen", "Toys",
                         " Home >  > Garden")) if product % 5 else "", "Brand %d" % (product % 4),
               "%d.%02d" % (product, r.randrange(100)), pieces, "Name %d" % (product + i // 2500)]
        spoilt = r.random()
        if spoilt < .06:
            at, value = r.choice(((0, "2020-02-30 10:00:00"), (0, "yesterday"), (1, "sneeze"),
                                  (2, ""), (2, "NULL"), (7, "cheap"), (7, "-3"), (8, "many"),
                                  (0, "2020-10-10 24:00:00"), (7, "n/a"), (7, "NaN")))
            row[at] = value
        yield row


COLUMNS = ["When", "what", "sku", "customer", "order", "path", "brand", "price", "pieces", "label"]
MAPPING = """# a shop's log
time = when
event = what
product = sku
%s
category = path
category-separator = >
brand = brand
price = price
quantity = pieces
name = label
time-zone = %s
max-rejects = 1
"""


def write_csv(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as f:
        csv.writer(f).writerows([COLUMNS] + rows)


def check_mapped(work, name, who, zone, seed):
    rows = list(shop_rows(seed))
    paths = [os.path.join(work, "%s-%d.csv" % (name, i)) for i in range(2)]
    write_csv(paths[0], rows[:2000])
    write_csv(paths[1], rows[2000:])
    mapping, log = os.path.join(work, name + ".aislemap"), os.path.join(work, name + ".aisle")
    with open(mapping, "w", encoding="utf-8") as f:
        f.write(MAPPING % (who, zone))
    run("import", "csv", *paths, "--map", mapping, "--into", log, "--max-session", "20")
    with open(mapping, "w", encoding="utf-8") as f:
        f.write((MAPPING % (who, zone)).replace("max-rejects = 1\n", ""))
    for engine in engines():
        out = os.path.join(work, "%s-%s" % (name, engine))
        drive(engine, *paths, out, "--map", mapping, "--max-session", "20", "--form",
              "parquet" if seed % 2 else "tsv.gz")
        check_store(log, out, "%s (%s, %s) by %s" % (name, who.replace("\n", ", "), zone, engine))


FORMS = """
import json, sys
import duckdb
path, out = sys.argv[1:]
d = duckdb.connect()
log = "read_csv('%s', all_varchar = true)" % path
d.execute("COPY (SELECT * FROM %s) TO '%s.parquet' (FORMAT parquet)" % (log, out))
d.execute("COPY (SELECT * FROM %s) TO '%s.json' (FORMAT json)" % (log, out))
"""


def check_forms(work, name):
    """The same log as Parquet, JSON, a folder of parts; the bundle in every form."""
    if not DUCKDB:
        return result("forms of logs # SKIP this Python has no duckdb")
    path, log = os.path.join(work, name + ".csv"), os.path.join(work, name + ".aisle")
    subprocess.run([sys.executable, "-c", FORMS, path, os.path.join(work, "form")], check=True)
    folder = os.path.join(work, "parts")
    os.makedirs(folder)
    with open(path, encoding="utf-8") as f:
        lines = f.readlines()
    for i in range(3):
        with open(os.path.join(folder, "part-%d.csv" % i), "w", encoding="utf-8") as f:
            f.writelines(lines[:1] + lines[1 + i * 1400:1 + (i + 1) * 1400])
    open(os.path.join(folder, "_SUCCESS"), "w", encoding="utf-8").close()
    for engine in engines():
        packed = "tsv.zst" if engine == "duckdb" else "tsv.gz"
        for i, (source, form) in enumerate((("form.parquet", "tsv"), ("form.json", "parquet"),
                                            ("parts", packed))):
            out = os.path.join(work, "form-%s-%d" % (engine, i))
            drive(engine, os.path.join(work, source), out, "--max-session", "30", "--form", form)
            check_store(log, out, "%s as %s by %s" % (source, form, engine))
    return None


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
    ("product", row(c6="cheap"), "price and revenue must be"),
    ("product", lambda f: ["\t".join(f)] * 2, "is there twice"),
    ("product", row(c2="some.where"), "a category or a path, not both"),
    ("category", lambda f: ["\t".join(f)] * 2, "is there twice"),
    ("category", row(c0="", c1=""), "needs an id or a path"),
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
    if "doesn't name its sessions" not in run("import", "counts", good, "--into", store,
                                              "--append", want=1):
        raise AssertionError("counts were added without names of sessions")
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


def check_memory(good, store):
    """What goes through a temporary file ends up the same."""
    run("import", "counts", good, "--into", store + ".little", "--memory", "64K")
    same(store, store + ".little", "little memory")
    result("64 KiB for pairs give the same store")


def kept_pairs(good, name, top, directed):
    """By the definition: each product keeps its most frequent pairs, equal counts by the other
    one's number; a pair stays where either keeps it. Numbers are the store's."""
    pairs, ways = [], {}
    folder = os.path.join(good, "relation=" + name)
    for part in sorted(os.listdir(folder)):
        with open(os.path.join(folder, part), encoding="utf-8") as f:
            for line in f.read().splitlines()[1:]:
                a, b, n = line.split("\t")
                pairs.append((a, b, int(n)))
    for a, b, n in pairs:
        ways.setdefault((a, "out"), []).append((n, b))
        ways.setdefault((b, "in" if directed else "out"), []).append((n, a))
    return pairs, ways


def check_models(log, counts):
    """Models that learn from one relation say the same where the counts came from elsewhere."""
    best = [line.split("\t")[0] for line in
            run("show", "products", log, "--format", "tsv", "--limit", "3").splitlines()[1:]]
    for words in (["walk"], ["walk", "--direction", "symmetric"], ["covis", "--count", "adjacent"],
                  ["covis", "--count", "set", "--direction", "symmetric", "--events", "cart"],
                  ["rules", "--count", "adjacent"], ["co-purchase"], ["blend", "--walk", "1", "--co-purchase", "2"]):
        for store in (log, counts):
            run("train", *words, store, "--as", "equal", "--quiet")
        for p in best:
            said = run("show", "similar", log, "--product", p, "--model", "equal", "--format",
                       "tsv")
            if said.count("\n") < 3:
                raise AssertionError("%s says nothing" % " ".join(words))
            compare_shown(log, counts, ("similar", "--product", p, "--model", "equal"))
    for words in (["item2vec"], ["covis", "--count", "window"], ["covis", "--half-life", "9"],
                  ["blend"], ["blend", "--walk", "1", "--weights", "fitted"]):
        if "sessions" not in run("train", *words, counts, want=1):
            raise AssertionError("%s doesn't say what it lacks" % " ".join(words))
    for words in (["covis"], ["companion", "--epochs", "1"], ["product2vec", "--epochs", "1"]):
        run("train", *words, counts, "--as", "learnt", "--quiet")
        if run("show", "similar", counts, "--product", best[0], "--model", "learnt", "--format",
               "tsv").count("\n") < 3:
            raise AssertionError("%s says nothing" % words[0])
    for words, said in (
            (("show", "products", counts, "--where", "date>=2024-01-01"), "no events to filter"),
            (("export", "sessions", counts, "-o", "-"), "no sessions to write"),
            (("evaluate", counts), "no events to hold back")):
        if said not in run(*words, want=1):
            raise AssertionError("%s doesn't say '%s'" % (" ".join(words), said))
    if "has no sessions" not in run("show", "sessions", counts):
        raise AssertionError("show sessions says nothing of why")
    result("walk, covis, rules, co-purchase, companion, product2vec and blends learn from counts")


READ = {
    "duckdb": """
import sys, duckdb
for r in duckdb.sql("SELECT %s FROM '%s/*.parquet'" % (sys.argv[2], sys.argv[1])).fetchall():
    print(*r, sep="\\t")
""",
    "spark": """
import sys
from pyspark.sql import SparkSession
for r in SparkSession.builder.getOrCreate().read.parquet(sys.argv[1]).selectExpr(
        *sys.argv[2].split(", ")).collect():
    print(*r, sep="\\t")
""",
}


def check_parts(work, store):
    """Files in parts are the one file cut; engines read Parquet back."""
    run("train", "companion", store, "--epochs", "1", "--quiet")
    for what, words, columns in (
            ("pairs", ("--relation", "co-view"), "a, b, n"),
            ("lists", ("--of", "products", "--top", "4"), "for, rank, product"),
            ("lists", ("--panel", "similar", "--top", "3"), "for, rank, product"),
            ("vectors", ("--model", "companion"), "product")):
        path = os.path.join(work, "out-" + what + words[1])
        if what != "vectors":
            run("export", what, store, "-o", path + ".tsv", *words)
            with open(path + ".tsv", encoding="utf-8") as f:
                lines = f.read().splitlines()
            run("export", what, store, "-o", path + "-parts.tsv", "--parts", "3", *words)
            parts = sorted(os.listdir(path + "-parts.tsv"))
            if parts != ["_SUCCESS"] + ["part-%05d.tsv" % i for i in range(3)]:
                raise AssertionError("--parts: %s" % parts)
            got = []
            for part in parts[1:]:
                with open(os.path.join(path + "-parts.tsv", part), encoding="utf-8") as f:
                    some = f.read().splitlines()
                if some[0] != lines[0] or len(some) < 2:
                    raise AssertionError("--parts: %s begins with %s" % (part, some[0]))
                got += some[1:]
            if got != lines[1:]:
                raise AssertionError("--parts: %s aren't the file" % what)
            at = [lines[0].split("\t").index(c) for c in columns.split(", ")]
            want = sorted("\t".join(line.split("\t")[i] for i in at) for line in lines[1:])
        else:
            want = sorted(line.split("\t")[0] for line in run(
                "export", "products", store, "-o", "-", "--format", "tsv").splitlines()[1:])
        run("export", what, store, "-o", path, "--parts", "4", *words)
        for engine in engines():
            quoted = columns.replace("for", '"for"' if engine == "duckdb" else "`for`")
            r = subprocess.run([sys.executable, "-c", READ[engine], path, quoted],
                               capture_output=True, text=True)
            if sorted(r.stdout.splitlines()) != want:
                raise AssertionError("%s reads other %s: %s" % (engine, what, r.stderr[-600:]))
    run("export", "pairs", store, "-o", path, "--parts", "2", want=5)
    run("export", "products", store, "-o", path + "x", "--parts", "2", want=2)
    result("lists, pairs and vectors in parts%s" % "".join(", read by " + e for e in engines()))


def check_append(work):
    """Bundles of days, one added to the other, against the store of the whole log."""
    if not DUCKDB:
        return result("bundles that are added # SKIP this Python has no duckdb")
    whole, folder = os.path.join(work, "days.csv"), os.path.join(work, "days")
    r = random.Random(9)
    days = [[], [], []]
    for i in range(6000):
        day, session = i * 3 // 6000, i // 5
        product = r.randrange(1, 80 + 20 * day)
        # codes that several ids share from the first day on, and ones that come later
        category = 1 + product % (7 if day == 0 else 9)
        if product <= 80:
            category = 1 + product % 7
        days[day].append("2020-01-%02d 10:00:%02d UTC,%s,%d,%d,%s,%s,%d.5,%d,s%d\n" % (
            1 + day, i % 60, r.choice(("view", "view", "view", "cart", "purchase")), product,
            category, {1: "a.b", 2: "a.b", 3: "a.c.d", 5: "a", 8: "n.o.p"}.get(category, ""),
            "b%d" % (product % 5), product + day, 1 + session % 50, session))
    os.makedirs(folder)
    parts = []
    for day, lines in enumerate(days):
        # every code's ids on every day, or their place in the tree would be another one
        for c, code in ((1, "a.b"), (2, "a.b"), (3, "a.c.d"), (5, "a")):
            lines.append("2020-01-%02d 11:00:00 UTC,view,%d,%d,%s,,1,77,x%d-%d\n" % (
                1 + day, 8000 + c, c, code, day, c))
        parts.append(os.path.join(folder, "day%d.csv" % day))
        with open(parts[-1], "w", encoding="utf-8") as f:
            f.writelines([HEADER] + lines)
    with open(whole, "w", encoding="utf-8") as f:
        f.writelines([HEADER] + [line for d in days for line in d])
    log = os.path.join(work, "days-log.aisle")
    run("import", "mkechinov", whole, "--into", log, "--max-session", "30")
    store = os.path.join(work, "added.aisle")
    for day, part in enumerate(parts):
        out = os.path.join(folder, "bundle%d" % day)
        drive("duckdb", part, out, "--max-session", "30", "--sessions", "--form",
              "parquet" if day == 1 else "tsv")
        run("import", "counts", out, "--into", store, *(["--append"] if day else []))
        run("verify", store)
    n = same(log, store, "three days added up")
    counted = meta(store)["counted"]
    if counted["bundles"] != 3 or counted["events"] != sum(map(len, days)):
        raise AssertionError("three days added up: meta says %s" % counted)
    before = meta(store)["uuid"]
    one = os.path.join(folder, "bundle1")
    said = run("import", "counts", one, "--into", store, "--append", want=1)
    if "sessions are in both" not in said or meta(store)["uuid"] != before:
        raise AssertionError("a bundle that is there already: %s" % said)

    def refused(name, path, text, *more):
        out = os.path.join(folder, name)
        drive("duckdb", path, out, *more)
        said = run("import", "counts", out, "--into", store, "--append", want=1)
        if text not in said or meta(store)["uuid"] != before:
            raise AssertionError("%s: said '%s', expected '%s'" % (name, said, text))
    refused("silent", parts[0], "doesn't name its sessions", "--max-session", "30")
    refused("cap", parts[0], "max_session of both", "--sessions")
    moved = os.path.join(folder, "moved.csv")
    row = "2020-01-09 11:00:00 UTC,view,%d,%d,%s,,1,77,y%d\n"
    with open(moved, "w", encoding="utf-8") as f:
        f.write(HEADER + row % (1, 7, "", 1))
    refused("moved", moved, "its category is another one", "--sessions", "--max-session", "30")
    with open(moved, "w", encoding="utf-8") as f:
        f.write(HEADER + row % (8001, 1, "a.b", 1))
    refused("depth", moved, "depth is another one", "--sessions", "--max-session", "30")
    with open(moved, "w", encoding="utf-8") as f:
        f.write(HEADER + row % (9001, 77, "a.c.d", 1))
    refused("shared", moved, "another place in the tree", "--sessions", "--max-session", "30")
    result("bundles of three days added up: %d arrays are those of the log; what can't be added "
           "is refused" % n)


def check_top(good, store, top=5):
    cut = store + ".top"
    said = run("import", "counts", good, "--into", cut, "--top", str(top))
    run("verify", cut)
    counted = meta(cut)["counted"]
    order = {line.split("\t")[0]: i for i, line in enumerate(
        run("export", "products", store, "-o", "-", "--format", "tsv").splitlines()[1:])}
    for name, directed in (("co-view", False), ("view-purchase", True)):
        pairs, ways = kept_pairs(good, name, top, directed)
        for k, some in ways.items():
            ways[k] = {b for n, b in sorted(some, key=lambda x: (-x[0], order[x[1]]))[:top]}
        want = {(a, b, n) for a, b, n in pairs if b in ways[a, "out"] or
                a in ways[b, "in" if directed else "out"]}
        lines = run("export", "pairs", cut, "-o", "-", "--relation", name, "--format",
                    "tsv").splitlines()
        at = [lines[0].split("\t").index(c) for c in ("a", "b", "n")]
        have = set()
        for line in lines[1:]:
            f = line.split("\t")
            a, b = f[at[0]], f[at[1]]
            have.add((a, b, int(f[at[2]])))
        if not directed:
            have = {(min(a, b), max(a, b), n) for a, b, n in have}
            want = {(min(a, b), max(a, b), n) for a, b, n in want}
        if have != want:
            raise AssertionError("--top: %s has %d pairs, expected %d" % (name, len(have),
                                                                       len(want)))
        told = counted["cut"][name]
        lost = sum(n for _, _, n in pairs) - sum(n for _, _, n in want)
        if (told["kept"], told["cut"], told["cut_instances"]) != (
                len(want), len(pairs) - len(want), lost):
            raise AssertionError("--top: %s says %s" % (name, told))
    if "--top cut" not in said:
        raise AssertionError("--top doesn't say what it cut off")
    result("--top %d keeps what each product has most" % top)


def main():
    real = os.path.join(DATA, "mkechinov", "2019-Oct-head.csv")
    for engine in ("duckdb", "spark"):
        if engine not in engines():
            result("%s # SKIP %s" % (engine, "this Python has no duckdb" if engine == "duckdb" else
                                     "AISLE_LONG=1 runs it where Java and pyspark are"))
    with tempfile.TemporaryDirectory() as work:
        run("generate", "--format", "mkechinov", "--products", sized("300", "100"),
            "--sessions", sized("3000", "1000"), "--days", "20", "--seed", "5",
            "--output", os.path.join(work, "shop"))
        check_equal(work, "shop", os.path.join(work, "shop", "events.csv"), 500)
        for seed in (1, 2):
            path = os.path.join(work, "awkward%d.csv" % seed)
            awkward(path, seed)
            check_equal(work, "awkward%d" % seed, path, 30)
        if os.path.exists(real):
            check_equal(work, "real", part(real, work, lambda line: line.split(",")[-1]), 500)
        check_mapped(work, "order", "session = order\nuser = customer", "Europe/Berlin", 1)
        check_mapped(work, "gap", "user = customer\ngap = 45", "America/New_York", 2)
        check_mapped(work, "daily", "session = customer+@day\nuser = customer\n"
                     "event.purchase = buy\nevent.view = view|page view\nevent.ignore = *",
                     "UTC", 3)
        check_mapped(work, "taken", "session = order\ncancelled = O1|o2\nuser = customer\n"
                     "event.purchase = buy|view|page view|add to cart|remove", "Asia/Kolkata", 4)
        check_forms(work, "awkward1")
        good = os.path.join(work, "shop-SQLite")
        check_memory(good, good + ".aisle")
        check_models(os.path.join(work, "shop.aisle"), good + ".aisle")
        check_parts(work, good + ".aisle")
        check_append(work)
        check_top(good, good + ".aisle")
        check_hostile(work, good, good + ".aisle")
        check_kill(work, good, good + ".aisle")
    print("1..%d" % done)


main()
