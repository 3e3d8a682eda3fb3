#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Complements that a synthetic shop planted, found again by each ranking.

    aisle generate -o DIR ... && aisle import mkechinov DIR/events.csv --products DIR/products.csv \\
        --into STORE && aisle train companion STORE
    python3 bench/planted.py --aisle build/src/aisle --store STORE --truth DIR/truth.csv \\
        companion panel co-purchase

A ranking is the name of a trained model, `panel`, or a relation. Asked are products that were
bought fewer than five times, and products without any event, --queries of each drawn by --seed,
which have at least one planted complement. Printed: precision@10 against planted complements
(which of the ten are; unfilled places count as wrong) and how many of the ten are planted
substitutes; beside them the most popular products of the product's own category, and, knowing
the truth, those of the categories that hold its planted complements, in turns.
"""
import argparse
import collections
import csv
import json
import random
import subprocess


def rows(text):
    lines = text.splitlines()
    names = lines[0].split("\t") if lines else []
    return [dict(zip(names, line.split("\t"))) for line in lines[1:]]


def run(a, *words):
    p = subprocess.run([a.aisle, *words], capture_output=True, text=True)
    return p.stdout if p.returncode == 0 else ""


def ranked(a, name, product):
    if name in ("co-purchase", "co-view", "co-cart", "view-purchase"):
        found = rows(run(a, "show", "pairs", a.store, "-p", product, "-r", name, "-s", "n",
                         "-n", "11", "-f", "tsv"))
        return [r["b"] if r["a"] == product else r["a"] for r in found][:10]
    model = [] if name == "panel" else ["--model", name]
    return [r["product"] for r in rows(run(a, "show", "complementary", a.store, "-p", product, "-n",
                                           "10", "-f", "tsv", *model))]


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--aisle", required=True)
    p.add_argument("--store", required=True)
    p.add_argument("--truth", required=True)
    p.add_argument("--queries", type=int, default=200)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("ranking", nargs="+")
    a = p.parse_args()
    right, alike = collections.defaultdict(set), collections.defaultdict(set)
    with open(a.truth) as f:
        for r in csv.DictReader(f):
            if r["kind"] == "category":
                continue
            to = right if r["relation"] == "complement" else alike
            to[r["a"]].add(r["b"])
            to[r["b"]].add(r["a"])
    shop = rows(run(a, "show", "products", a.store, "-f", "tsv"))
    bought = {r["product"]: int(r["purchases"] or 0) for r in shop}
    events = {r["product"]: sum(int(r[k] or 0) for k in ("views", "carts", "purchases"))
              for r in shop}
    category = {r["product"]: r["category"] for r in shop}
    best = collections.defaultdict(list)
    for r in sorted(shop, key=lambda r: -bought[r["product"]]):
        if len(best[r["category"]]) < 10:
            best[r["category"]].append(r["product"])
    asked = {
        "bought fewer than 5 times": [x for x in bought
                                      if 0 < events[x] and bought[x] < 5 and right[x]],
        "without any event": [x for x in bought if events[x] == 0 and right[x]],
    }
    for what, queries in asked.items():
        random.Random(a.seed).shuffle(queries)
        queries = queries[:a.queries]
        if not queries:
            continue
        found = {n: [ranked(a, n, x) for x in queries] for n in a.ranking}
        found["popular in own category"] = [
            [y for y in best[category[x]] + [""] if y != x][:10] for x in queries]
        turns = []
        for x in queries:
            to = sorted({category[y] for y in right[x]})
            turns.append([y for i in range(10) for c in to for y in best[c][i:i + 1]
                          if y != x][:10])
        found["popular in planted categories"] = turns
        for name, lists in found.items():
            hits = sum(len(right[x] & set(r)) for x, r in zip(queries, lists))
            same = sum(len(alike[x] & set(r)) for x, r in zip(queries, lists))
            listed = sum(map(len, lists))
            print(json.dumps({
                "queries": what, "n": len(queries), "ranking": name,
                "precision@10": round(hits / 10 / len(queries), 4),
                "substitutes": round(same / max(1, listed), 4),
                "listed": listed}), flush=True)


main()
