# SPDX-License-Identifier: GPL-3.0-or-later
"""Do the panels find what was planted in a synthetic shop?

Precision at 5 of both panels against the generator's truth file, for products drawn
in proportion to their views (what visitors look at): at least 10 times that of the
most popular products, and 60% of an oracle that knows the truth.
"""
import csv
import os
import random
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "tests"))
from smaller import sized  # noqa: E402

AISLE = os.path.join(os.environ.get("top_builddir", "."), "src", "aisle")
PRODUCTS, SESSIONS, QUERIES, K = sized(5000, 2000), sized(150000, 40000), sized(150, 50), 5


def aisle(*words):
    return subprocess.run([AISLE, *words], check=True, capture_output=True,
                          text=True).stdout


def table(*words):
    return list(csv.DictReader(aisle("show", *words, "--format", "tsv").splitlines(),
                               delimiter="\t", quoting=csv.QUOTE_NONE))


def read_truth(path, relation):
    truth = {}
    with open(path, newline="", encoding="utf-8") as f:
        for row in csv.DictReader(f):
            if row["kind"] == "product" and row["relation"] == relation:
                truth.setdefault(row["a"], set()).add(row["b"])
                truth.setdefault(row["b"], set()).add(row["a"])
    return truth


def measure(store, kind, truth, products, popularity):
    """Hits of the panel, of popularity and of the oracle."""
    known = [p for p in products if p["product"] in truth]
    queries = random.Random(1).choices([p["product"] for p in known],
                                       [int(p["views"]) for p in known], k=QUERIES)
    ranked = [p["product"] for p in
              sorted(products, key=lambda p: -int(p[popularity]))]
    panel = popular = oracle = 0
    for a in queries:
        rows = table(kind, store, "--product", a, "--limit", str(K), "--columns", "product")
        panel += sum(r["product"] in truth[a] for r in rows)
        popular += sum(b in truth[a] for b in [b for b in ranked if b != a][:K])
        oracle += min(K, len(truth[a]))
    return panel, popular, oracle


def main():
    n = 0
    with tempfile.TemporaryDirectory() as folder:
        shop, store = os.path.join(folder, "shop"), os.path.join(folder, "shop.aisle")
        aisle("generate", "--format", "mkechinov", "--products", str(PRODUCTS),
              "--sessions", str(SESSIONS), "--days", "90", "--seed", "11", "--output", shop)
        aisle("import", "-q", "mkechinov", os.path.join(shop, "events.csv"), "--products",
              os.path.join(shop, "products.csv"), "--into", store)
        products = table("products", store, "--columns", "product,views,purchases")
        for kind, relation, popularity in (("similar", "substitute", "views"),
                                           ("complementary", "complement", "purchases")):
            truth = read_truth(os.path.join(shop, "truth.csv"), relation)
            panel, popular, oracle = measure(store, kind, truth, products, popularity)
            print(f"# {kind}: precision@{K} {panel / QUERIES / K:.3f}, popularity "
                  f"{popular / QUERIES / K:.4f}, oracle {oracle / QUERIES / K:.3f}")
            for ok, name in ((panel >= 10 * popular, "10 times popularity"),
                             (panel >= 0.6 * oracle, "60% of the oracle")):
                n += 1
                print(f"{'ok' if ok else 'not ok'} {n} - {kind}: {name}")
    print(f"1..{n}")


main()
