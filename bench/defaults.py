#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of bench/defaults.md: configurations on parts that are kept for choosing.

    python3 bench/defaults.py --aisle build/src/aisle --data DIR [--only clicks,jewelry]
        [--group recency,walks]

DIR has the clickstream, the jewelry orders and H&M's last week as published; a synthetic shop
is made. Each log is cut twice by time: what is tested here lies between the two dates, and what
follows the second, kept for tests of what was chosen, is never looked at. Customers' sequences
are made of what is before the second date, and their last product is tested.
"""
import argparse
import csv
import io
import os
import subprocess
import sys
import tempfile

K = "10,60"
RECENCY = ("0", "0.3", "0.5", "0.8", "1")
LISTS = 1000        # test sessions of one evaluation


def each(model, name, values):
    return ["%s:%s=%s" % (model, name, v) for v in values]


def crossed(model, a, b):
    return ["%s:%s=%s,%s=%s" % (model, a[0], x, b[0], y) for x in a[1] for y in b[1]]


DENSE = [o for m in ("ease", "slist") for o in each(m, "recency", RECENCY)]
GROUPS = {
    "recency": [o for m in ("itemknn", "vsknn", "stan", "vstan", "covis", "als", "item2vec")
                for o in each(m, "recency", RECENCY)],
    "dense": DENSE + each("ease", "lambda", (200, 500, 1000, 2000)) +
    each("slist", "lambda", (20, 100, 500)),
    "sessions": crossed("vsknn", ("weighting", ("share", "square", "log", "same")),
                        ("idf", ("0", "1", "5"))),
    "walks": ["walk:direction=%s,hops=%s,alpha=%s,beta=%s" % w for w in (
        ("directed", 2, 0.5, 0), ("directed", 2, 0.5, 0.25), ("directed", 8, 0.8, 0.25),
        ("symmetric", 2, 0.5, 0), ("symmetric", 4, 0.8, 0.25), ("symmetric", 8, 0.8, 0),
        ("symmetric", 8, 0.8, 0.25))],
    "factors": crossed("als", ("confidence", ("0.5", "1", "5", "20")),
                       ("asked", ("fold", "near"))) + each("bpr", "epochs", (20, 50, 150)),
    "vectors": ["item2vec", "item2vec:vectors=in",
                "inout:events=auto,window=5,epochs=5,sample=0.001,recency=0"],
    "panel": ["complementary:prior=%s,second=1" % p for p in ("2", "4", "6", "8", "16")] +
             ["complementary:prior=6,second=%s" % s for s in ("0", "0.3")],
    "basket": ["basket:divide=%s,second=0,prior=0" % d for d in ("0", "0.1", "0.25", "0.5")] +
              ["basket:second=%s,prior=%s" % b for b in (
                  ("1", "0"), ("0", "2"), ("0.1", "2"), ("0.3", "2"), ("1", "2"), ("0", "6"),
                  ("1", "6"))],
}
HISTORIES = ("recency", "sessions", "walks", "factors", "vectors")

CLICKS = "clickstream/e-shop clothing 2008.csv"
ORDERS = "mkechinov-jewelry/jewelry.csv"
SALES = "hm/transactions_train_lastweek.csv"
SHOP = "2024-12-01..2024-12-16"
# name, how its store is made, task, split, groups, most test sessions
SETS = (
    ("clicks", ("clickstream", CLICKS), "next", "time:2008-07-01..2008-08-01",
     HISTORIES + ("dense",), LISTS),
    ("generated", None, "next", "time:" + SHOP, HISTORIES + ("dense",), LISTS),
    ("hm customers", ("customers", SALES, "2020-09-22", {"t_dat": 0, "customer_id": 1,
                                                         "article_id": 2}),
     "next", "last:1", HISTORIES, LISTS),
    ("jewelry customers", ("customers", ORDERS, "2021-07-01", {"t_dat": 0, "customer_id": 8,
                                                               "article_id": 2}),
     "next", "last:1", HISTORIES + ("dense",), LISTS),
    ("jewelry", ("mkechinov-orders", ORDERS), "complement", "time:2021-05-01..2021-07-01",
     ("panel",), 0),
    ("generated", None, "complement", "time:" + SHOP, ("panel",), 2000),
    ("hm", ("hm", "hm/articles.csv", SALES), "complement", "time:2020-09-21..2020-09-22",
     ("panel",), 800),
    ("jewelry", ("mkechinov-orders", ORDERS), "basket", "time:2021-05-01..2021-07-01",
     ("basket",), 0),
    ("generated", None, "basket", "time:" + SHOP, ("basket",), 2000),
    ("hm", ("hm", "hm/articles.csv", SALES), "basket", "time:2020-09-21..2020-09-22",
     ("basket",), 700),
)


def customers(path, until, columns, out):
    """What each customer bought before `until`, as a log whose sessions are customers."""
    with open(path, newline="") as f, open(out, "w", newline="") as g:
        to = csv.writer(g)
        to.writerow(columns)
        for row in csv.reader(f):
            if len(row) <= max(columns.values()):
                continue
            line = [row[i] for i in columns.values()]
            if line[0][:4].isdigit() and line[0] < until and line[1]:
                to.writerow([line[0][:19].replace(" UTC", "")] + line[1:])


def store_of(o, name, made, work):
    store = os.path.join(work, name.replace(" ", "-") + ".aisle")
    if os.path.exists(store):
        return store
    if made is None:
        shop = os.path.join(work, "shop")
        subprocess.run([o.aisle, "generate", "-q", "--output", shop, "--products", "3000",
                        "--sessions", "60000", "--seed", "7"], check=True)
        what = ["mkechinov", shop + "/events.csv", "--products", shop + "/products.csv"]
    elif made[0] == "customers":
        log = store + ".csv"
        customers(os.path.join(o.data, made[1]), made[2], made[3], log)
        what = ["csv", log, "--map",
                "time=t_dat,product=article_id,session=customer_id,kind=purchase"]
    else:
        what = [made[0]] + [os.path.join(o.data, f) for f in made[1:]]
    subprocess.run([o.aisle, "import", *what, "--into", store, "-q"], check=True)
    return store


def measured(o, store, task, split, lists, operands):
    out = subprocess.run(
        [o.aisle, "evaluate", store, "-q", "--task", task, "--split", split, "-k", K,
         "--queries", str(lists), "--format", "tsv", *operands],
        check=True, stdout=subprocess.PIPE, text=True).stdout
    rows = {}
    for r in csv.DictReader(io.StringIO(out), delimiter="\t"):
        rows.setdefault((r["model"], r["parameters"]), {})[r["k"]] = r
    return rows


def print_table(title, rows):
    print("\n### %s\n\n| model | parameters | HR@10 | 95%% | HR@60 | NDCG@60 |\n"
          "|---|---|---|---|---|---|" % title)
    for (model, text), by_k in sorted(rows.items(), key=lambda x: -float(x[1]["60"]["ndcg"])):
        a, b = by_k["10"], by_k["60"]
        if not model.startswith("random"):
            print("| %s | %s | %.4f | %.4f to %.4f | %.4f | %.4f |" % (
                model, text or "its defaults", float(a["hr"]), float(a["hr_low"]),
                float(a["hr_high"]), float(b["hr"]), float(b["ndcg"])))
    sys.stdout.flush()


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--aisle", default="build/src/aisle")
    p.add_argument("--data", required=True)
    p.add_argument("--only", default="")
    p.add_argument("--group", default="")
    o = p.parse_args()
    with tempfile.TemporaryDirectory() as work:
        for name, made, task, split, groups, lists in SETS:
            for group in groups:
                if (o.only and name not in o.only.split(",")) or \
                   (o.group and group not in o.group.split(",")):
                    continue
                store = store_of(o, name, made, work)
                print_table("%s: %s, %s, %s" % (group, name, task, split),
                            measured(o, store, task, split, lists, GROUPS[group]))


if __name__ == "__main__":
    main()
