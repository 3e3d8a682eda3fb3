#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of bench/defaults.md: configurations on parts that are kept for choosing.

    python3 bench/defaults.py --aisle build/src/aisle --data DIR [--only clicks,jewelry]

DIR has the clickstream, the jewelry orders and H&M's last week as published; a synthetic shop
is made. Each log is cut twice by time: what is tested here lies between the two dates, and what
follows the second, kept for tests of what was chosen, is never looked at.
"""
import argparse
import csv
import io
import os
import subprocess
import tempfile

K = "10,60"
PANEL = ["complementary:prior=%s,second=%s" % (p, s)
         for p in ("10", "50", "200") for s in ("0", "0.3", "1")]
HISTORY = ["%s:recency=%s" % (m, r) for m in ("itemknn", "vsknn", "ease", "covis", "walk")
           for r in ("0", "0.3", "0.5", "1")]
WALKS = ["walk:direction=%s,hops=%s,alpha=%s,beta=%s" % w for w in (
    ("directed", 2, 0.5, 0), ("directed", 8, 0.8, 0.25), ("symmetric", 2, 0.5, 0),
    ("symmetric", 8, 0.8, 0.25), ("symmetric", 8, 0.8, 0))]
REGRESSIONS = ["ease:lambda=%d" % x for x in (200, 500, 1000, 2000)]
FACTORS = ["als:confidence=%s" % x for x in ("0.5", "1", "5", "20")] + [
    "bpr:epochs=%d" % x for x in (20, 50, 150)]
BASKETS = ["co-purchase", "co-purchase:score=cosine,shrink=5", "itemknn:events=purchase"]

# name, data set, files below DIR, options of import, task, from and to, lists, operands
SETS = (
    ("clicks", "clickstream", ["clickstream/e-shop clothing 2008.csv"], "next",
     "2008-07-01..2008-08-01", 1500, HISTORY + WALKS + REGRESSIONS + FACTORS),
    ("generated", "mkechinov", None, "next", "2024-12-01..2024-12-16", 1500,
     HISTORY + WALKS + REGRESSIONS),
    ("generated", "mkechinov", None, "complement", "2024-12-01..2024-12-16", 0, PANEL),
    ("jewelry", "mkechinov-orders", ["mkechinov-jewelry/jewelry.csv"], "complement",
     "2021-05-01..2021-07-01", 0, PANEL),
    ("jewelry", "mkechinov-orders", ["mkechinov-jewelry/jewelry.csv"], "basket",
     "2021-05-01..2021-07-01", 0, BASKETS),
    ("hm", "hm", ["hm/articles.csv", "hm/transactions_train_lastweek.csv"], "complement",
     "2020-09-21..2020-09-22", 1500, PANEL),
    ("hm", "hm", ["hm/articles.csv", "hm/transactions_train_lastweek.csv"], "basket",
     "2020-09-21..2020-09-22", 1500, BASKETS),
)


def store_of(aisle, name, dataset, files, data, work):
    store = os.path.join(work, name + ".aisle")
    if os.path.exists(store):
        return store
    if files is None:
        shop = os.path.join(work, "shop")
        subprocess.run([aisle, "generate", "-q", "--output", shop, "--products", "3000",
                        "--sessions", "60000", "--seed", "7"], check=True)
        files = [shop + "/events.csv", "--products", shop + "/products.csv"]
    else:
        files = [os.path.join(data, f) for f in files]
    subprocess.run([aisle, "import", dataset, *files, "--into", store, "-q"], check=True)
    return store


def measured(aisle, store, task, between, lists, operands):
    out = subprocess.run(
        [aisle, "evaluate", store, "-q", "--task", task, "--split", "time:" + between, "-k", K,
         "--queries", str(lists), "--format", "tsv", *operands],
        check=True, stdout=subprocess.PIPE, text=True).stdout
    rows = {}
    for r in csv.DictReader(io.StringIO(out), delimiter="\t"):
        rows.setdefault((r["model"], r["parameters"]), {})[r["k"]] = r
    return rows


def print_table(title, rows):
    print("\n## %s\n\n| model | parameters | HR@10 | 95%% | HR@60 | NDCG@60 |\n"
          "|---|---|---|---|---|---|" % title)
    for (model, text), by_k in sorted(rows.items(), key=lambda x: -float(x[1]["60"]["ndcg"])):
        a, b = by_k["10"], by_k["60"]
        print("| %s | %s | %.4f | %.4f to %.4f | %.4f | %.4f |" % (
            model, text or "its defaults", float(a["hr"]), float(a["hr_low"]),
            float(a["hr_high"]), float(b["hr"]), float(b["ndcg"])), flush=True)


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--aisle", default="build/src/aisle")
    p.add_argument("--data", required=True)
    p.add_argument("--only", default="")
    o = p.parse_args()
    with tempfile.TemporaryDirectory() as work:
        for name, dataset, files, task, between, lists, operands in SETS:
            if o.only and name not in o.only.split(","):
                continue
            store = store_of(o.aisle, name, dataset, files, o.data, work)
            print_table("%s, %s, %s" % (name, task, between),
                        measured(o.aisle, store, task, between, lists, operands))


main()
