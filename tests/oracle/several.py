# SPDX-License-Identifier: GPL-3.0-or-later
"""Products in several categories, counted by a script that reads the log itself: which
categories a product has, filters, totals of categories, pairs of a category, transitions at
every level, whole and under filters of products and of events; appended stores."""
import csv
import itertools
import json
import os
import random
import subprocess
import tempfile

from asking import check, finish, run, table

try:
    import pyarrow as pa
    import pyarrow.parquet as pq
except ImportError:
    pa = None

DUMP = os.path.join(os.environ.get("top_builddir", "."), "tests", "data", "dump_meta")
DAY = "2024-03-%02d %02d:%02d:00"
HALF = "2024-03-11"
PATHS = ["a", "a.b", "a.b.c", "a.d", "e", "e.f", "e.f.g", "h", "h.i", "k"]
ALL = ["view", "view", "cart", "purchase"]
# how the log names categories: what it tells, and whose baskets are counted
FORMS = {"list": (ALL, "purchase"), "columns": (["view"], "view"),
         "ids": (["cart"], "cart"), "every": (ALL, "purchase")}


def prefixes(path):
    parts = path.split(".")
    return [".".join(parts[:i + 1]) for i in range(len(parts))]


class Log:
    """Rows of (when, kind, product, session, [categories]); what holds is kept as aisle should."""

    def __init__(self, rng, every, kinds):
        self.rows, self.every = [], every
        now = {p: self.draw(rng) for p in ["p%02d" % i for i in range(40)]}
        for s in range(300):
            day, hour = 1 + s // 15, rng.randrange(24)
            for minute in range(rng.randrange(1, 9)):
                p = "p%02d" % min(int(rng.expovariate(0.1)), 39)
                if rng.random() < 0.05:
                    now[p] = self.draw(rng)
                kind = rng.choice(kinds)
                said = now[p] if rng.random() < 0.9 else []
                self.rows.append((DAY % (day, hour, minute), kind, p, "s%03d" % s, said))
        rng.shuffle(self.rows)
        self.settle()

    @staticmethod
    def draw(rng):
        return rng.sample(PATHS, rng.choice([0, 1, 1, 2, 3, 4]))

    def settle(self):
        """The latest record wins, of one moment the last in the file (of all: the first)."""
        self.places = {}
        latest = {}
        for at, (when, _, p, _, said) in enumerate(self.rows):
            self.places.setdefault(p, [])
            key = (when, -at if self.every else at)
            if not said:
                continue
            if p not in latest or key > latest[p][0]:
                latest[p] = (key, said)
        for p, (_, said) in latest.items():
            self.places[p] = list(said)
        if self.every:
            for _, _, p, _, said in self.rows:
                self.places[p] += [c for c in said if c not in self.places[p]]
        self.within = {p: {a for c in cs for a in prefixes(c)} for p, cs in self.places.items()}
        self.nodes = sorted({a for *_, said in self.rows for c in said for a in prefixes(c)})

    def write(self, path, form, rows=None):
        with open(path, "w", newline="") as f:
            w = csv.writer(f)
            w.writerow(["when", "what", "sku", "visit", "first", "ids", "second", "third"])
            for when, kind, p, s, said in self.rows if rows is None else rows:
                cells = ["", "", "", ""]
                if form == "columns":
                    for i, c in enumerate(said[:2]):
                        cells[[0, 2][i]] = c
                    cells[3] = " ; ".join(said[2:])
                elif form == "ids":
                    cells[0] = " ; ".join(said)
                    cells[1] = ";".join("id-" + c for c in said)
                else:
                    cells[0] = ";".join(said)
                w.writerow([when, kind, p, s] + cells)

    @staticmethod
    def map(form):
        words = "time=when,event=what,product=sku,session=visit,category=first,category-list=;"
        if form == "columns":
            words += ",more-categories=second+third"
        if form == "ids":
            words += ",category-id=ids"
        if form == "every":
            words += ",every-category=yes"
        return words


def seen(log, form, store, path):
    with open(path, "w") as f:
        f.write(run("export", "products", store, "-o", "-", "--format", "csv"))
    faults, said = [], 0
    for row in csv.DictReader(open(path)):
        want = log.places[row["product"]]
        more = [c for c in row.get("more_categories", "").split("|") if c]
        if row["category"] != (want[0] if want else "") or more != sorted(want[1:]):
            faults.append("%s is in %s and %s, expected %s" % (row["product"], row["category"],
                                                             more, want))
        said += len(want) > 1
    info = json.loads(run("info", store, "--format", "json"))
    if info["counts"].get("products_in_several_categories", 0) != said or not said:
        faults.append("info: %s in several, expected %d" % (info["counts"], said))
    return faults


def totals(log, store, words=(), let=lambda row: True):
    faults = []
    rows = {r["path"]: r for r in table("show", "categories", store, *words)}
    for c in log.nodes:
        mine = [r for r in log.rows if c in log.within[r[2]] and let(r)]
        count = {k: sum(r[1] == k for r in mine) for k in ("view", "cart", "purchase")}
        row = rows.get(c)
        if row is None:
            if any(count.values()):
                faults.append("%s is missing" % c)
            continue
        have = [int(row[k] or 0) for k in ("views", "carts", "purchases")]
        if have != list(count.values()):
            faults.append("%s has %s, expected %s" % (c, have, count))
        if not words and int(row["products"]) != sum(c in w for w in log.within.values()):
            faults.append("%s has %s products" % (c, row["products"]))
    return faults


def listed(store, *words):
    return sorted(r["product"] for r in table("show", "products", store, *words))


def filters(log, store):
    faults = []
    for c in log.nodes:
        want = sorted(p for p, w in log.within.items() if c in w)
        asked = (["--where", "category='%s'" % c], ["--category", c],
                 ["--category", c, "--sort", "views"])
        for words in asked:
            if listed(store, *words) != want:
                faults.append("%s: %s, expected %s" % (words, listed(store, *words), want))
        if listed(store, "--where", "category!='%s'" % c) != sorted(set(log.within) - set(want)):
            faults.append("category!='%s'" % c)
    for word in ("b", "g", "e"):
        want = sorted(p for p, cs in log.places.items() if any(word in c for c in cs))
        if listed(store, "--where", "category like %s" % word) != want:
            faults.append("category like %s: expected %s" % (word, want))
    none = sorted(p for p, cs in log.places.items() if not cs)
    if listed(store, "--where", "category=none") != none:
        faults.append("category=none: %s, expected %s" % (
            listed(store, "--where", "category=none"), none))
    return faults


def pairs(log, store):
    """Every pair of co-view with a product of the category, once."""
    sessions, faults = {}, []
    for _, kind, p, s, _ in log.rows:
        if kind == "view":
            sessions.setdefault(s, set()).add(p)
    count = {}
    for products in sessions.values():
        for pair in itertools.combinations(sorted(products), 2):
            count[pair] = count.get(pair, 0) + 1
    for c in log.nodes:
        want = {x: n for x, n in count.items() if any(c in log.within[p] for p in x)}
        shown = table("show", "pairs", store, "--category", c, "--relation", "co-view")
        have = {tuple(sorted((r["a"], r["b"]))): int(r["n"]) for r in shown}
        if have != want or len(shown) != len(want):
            faults.append("%s: %d pairs, %d rows, expected %d" % (c, len(have), len(shown),
                                                                   len(want)))
        text = run("export", "pairs", store, "-o", "-", "--category", c, "--relation", "co-view",
                   "--format", "csv")
        rows = list(csv.DictReader(text.splitlines()))
        have = {tuple(sorted((r["a"], r["b"]))): int(r["n"]) for r in rows}
        if have != want or len(rows) != len(want):
            faults.append("%s: %d pairs exported, expected %d" % (c, len(rows), len(want)))
    return faults


def mapped(log, p, level):
    return {".".join(c.split(".")[:level + 1]) for c in log.places[p]}


def transitions(log, store, kind, words=(), let=lambda row: True):
    baskets, faults = {}, []
    for row in log.rows:
        if row[1] == kind and log.places[row[2]] and let(row):
            baskets.setdefault(row[3], set()).add(row[2])
    for level, multi in itertools.product(range(3), (False, True)):
        n, pairs, margin, total = {}, {}, {}, 0
        for products in baskets.values():
            if multi and len(products) < 2:
                continue
            total += 1
            of = {p: mapped(log, p, level) for p in products}
            for c in set().union(*of.values()):
                margin[c] = margin.get(c, 0) + 1
            met = {}
            for x, y in itertools.permutations(sorted(products), 2):
                for a in of[x]:
                    for b in of[y]:
                        met[a, b] = met.get((a, b), 0) + 1
            for (a, b), k in met.items():
                n[a, b] = n.get((a, b), 0) + 1
                pairs[a, b] = pairs.get((a, b), 0) + (k // 2 if a == b else k)
        have = {(r["from_path"], r["to_path"]): r for r in table(
            "show", "transitions", store, "--level", str(level), "--baskets",
            "multi" if multi else "all", *words)}
        if set(have) != set(n):
            faults.append("level %d: rows %s" % (level, sorted(set(have) ^ set(n))[:5]))
            continue
        for (a, b), r in have.items():
            want = [n[a, b], margin[a], margin[b], total]
            if [int(r[k]) for k in ("n", "n_a", "n_b", "n_all")] != want:
                faults.append("level %d, multi %d: %s to %s is %s, expected %s" % (
                    level, multi, a, b, [r[k] for k in ("n", "n_a", "n_b", "n_all")], want))
            share = pairs[a, b] / sum(pairs[x] for x in pairs if x[0] == a)
            if abs(float(r["share"]) - share) > 1e-9:
                faults.append("level %d: share of %s to %s is %s, expected %g" % (
                    level, a, b, r["share"], share))
    return faults


def same_arrays(one, other):
    a, b = (json.loads(subprocess.run([DUMP, s], capture_output=True, check=True).stdout)
            for s in (one, other))
    return ["array %s differs" % n for n in sorted(set(a["arrays"]) | set(b["arrays"]))
            if a["arrays"].get(n) != b["arrays"].get(n)]


def import_all(log, form, folder, cuts):
    store = os.path.join(folder, "%s-%d.aisle" % (form, cuts))
    n = len(log.rows)
    for i in range(cuts):
        path = os.path.join(folder, "%s-%d-%d.csv" % (form, cuts, i))
        log.write(path, form, log.rows[n * i // cuts:n * (i + 1) // cuts])
        words = ("--append",) if i else ("--map", log.map(form))
        run("import", "csv", path, "--into", store, *words)
    return store


def lists(log, folder, tail):
    """A list of categories in JSON or Parquet says what the cell of a CSV says."""
    rows = [dict(zip(("when", "what", "sku", "visit", "first"), r)) for r in log.rows]
    path = os.path.join(folder, "list." + tail)
    if tail == "parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    else:
        with open(path, "w") as f:
            lines = map(json.dumps, rows)
            f.write("[%s]" % ",\n".join(lines) if tail == "json" else "\n".join(lines))
    store = path + ".aisle"
    run("import", "csv", path, "--map", log.map("list").replace("list=;", "list=|"),
        "--into", store)
    return seen(log, "list", store, os.path.join(folder, "p.csv")) + same_arrays(
        store, os.path.join(folder, "list-1.aisle"))


def numbers(folder):
    """Attributes of which every value is a number are exported as numbers, codes as texts."""
    path, store = os.path.join(folder, "n.csv"), os.path.join(folder, "n.aisle")
    with open(path, "w") as f:
        f.write("when,sku,visit,watt,size,code\n")
        for i, row in enumerate([("9.5", "42", "007"), ("12", "", "8"), ("0.25", "-3", "9")]):
            f.write("2024-01-01 00:00:0%d,p%d,v,%s\n" % (i, i, ",".join(row)))
    run("import", "csv", path, "--map", "time=when,product=sku,session=visit,kind=view,"
        "attribute.watt=watt,attribute.size=size,attribute.code=code", "--into", store)
    text = run("export", "products", store, "-o", "-", "--format", "jsonl")
    have = [[json.loads(line)[k] for k in ("watt", "size", "code")] for line in text.splitlines()]
    want = [[9.5, 42, "007"], [12, None, "8"], [0.25, -3, "9"]]
    return [] if have == want else ["%s, expected %s" % (have, want)]


def main():
    with tempfile.TemporaryDirectory() as folder:
        for seed, (form, (kinds, basket)) in enumerate(FORMS.items()):
            log = Log(random.Random(seed), form == "every", kinds)
            store = import_all(log, form, folder, 1)
            check(form + ": categories of products", seen(log, form, store,
                                                         os.path.join(folder, "p.csv")))
            check(form + ": the store is whole", [] if "is whole" in run("verify", store)
                  else ["verify"])
            check(form + ": totals", totals(log, store))
            check(form + ": totals of some events", totals(
                log, store, ("--where", "date<%s" % HALF), lambda r: r[0] < HALF))
            check(form + ": totals of some products", totals(
                log, store, ("--where", "category='e.f'"), lambda r: "e.f" in log.within[r[2]]))
            check(form + ": filters", filters(log, store))
            if "view" in kinds:
                check(form + ": pairs of a category", pairs(log, store))
            check("%s: transitions of %ss" % (form, basket), transitions(log, store, basket))
            check(form + ": transitions of some events", transitions(
                log, store, basket, ("--where", "date<%s" % HALF), lambda r: r[0] < HALF))
            check(form + ": appended in three parts is one import", same_arrays(
                import_all(log, form, folder, 3), store))
            for tail in ("jsonl", "json", "parquet") if form == "list" else ():
                if tail == "parquet" and not pa:
                    check("lists of parquet # SKIP without pyarrow", [])
                else:
                    check("lists of " + tail, lists(log, folder, tail))
        check("numbers as attributes", numbers(folder))
    finish()


main()
