#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Complements of pairs and of products that were held back, recounted from lists.

Draws the held pairs (and products) itself, writes the log without them, has aisle learn from that
log alone, exports every product's list, and counts hits in the lists; aisle evaluate, which cuts
the whole log in memory, must say the same. Popularity is ranked here. The same for a graph that
was never a log: its pairs are files of edges.
"""
import csv
import json
import math
import os
import subprocess
import sys
import tempfile
from collections import defaultdict

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from asking import AISLE, check, finish, run, table     # noqa: E402
sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "tests"))
from smaller import sized     # noqa: E402

SHARE, SEED, KEY = .2, 1, 0x686f6c646261636b
K = (1, 3, 10, 60)
MODELS = ("cowalk", "transition", "companion")
ONES = (1 << 64) - 1


def siphash(data):
    """SipHash-2-4 under the key (SEED, KEY)."""
    def turn(x, n):
        return (x << n | x >> 64 - n) & ONES

    v = [SEED ^ 0x736f6d6570736575, KEY ^ 0x646f72616e646f6d,
         SEED ^ 0x6c7967656e657261, KEY ^ 0x7465646279746573]

    def rounds(n):
        for _ in range(n):
            v[0] = v[0] + v[1] & ONES
            v[1] = turn(v[1], 13) ^ v[0]
            v[0] = turn(v[0], 32)
            v[2] = v[2] + v[3] & ONES
            v[3] = turn(v[3], 16) ^ v[2]
            v[0] = v[0] + v[3] & ONES
            v[3] = turn(v[3], 21) ^ v[0]
            v[2] = v[2] + v[1] & ONES
            v[1] = turn(v[1], 17) ^ v[2]
            v[2] = turn(v[2], 32)

    tail = len(data) % 8
    words = [int.from_bytes(data[i:i + 8], "little") for i in range(0, len(data) - tail, 8)]
    words.append(int.from_bytes(data[len(data) - tail:], "little") | (len(data) & 255) << 56)
    for m in words:
        v[3] ^= m
        rounds(2)
        v[0] ^= m
    v[2] ^= 255
    rounds(4)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


def drawn(text):
    return (siphash(text.encode()) >> 11) * 2.0 ** -53 < SHARE


def measure(score, queries, candidates, category):
    """HR per k and categories' share; queries: (asked about, targets, may not stand)."""
    hits, three, cases = [0.0] * len(K), 0.0, 0
    for a, targets, out in queries:
        values = score(a)
        left = [p for p in candidates if p not in out and p != a]
        of = defaultdict(lambda: -math.inf)
        for p in left:
            of[category[p]] = max(of[category[p]], values.get(p, -math.inf))
        for t in targets:
            mine = values.get(t, -math.inf)
            better = sum(values.get(p, -math.inf) > mine for p in left)
            tied = sum(values.get(p, -math.inf) == mine for p in left)
            for i, k in enumerate(K):
                hits[i] += min(1, max(0, (k - better) / tied))
            best = of[category[t]]
            above, equal = sum(x > best for x in of.values()), list(of.values()).count(best)
            three += min(1, max(0, (3 - above) / equal))
            cases += 1
    return [h / cases for h in hits], three / cases, cases


def lists(store, model):
    out = defaultdict(dict)
    run("train", model, store, "-q")
    path = store + ".csv"
    run("export", "lists", store, "--of", "products", "--model", model, "--top", "1000",
        "-o", path)
    with open(path, newline="") as f:
        for r in csv.DictReader(f):
            if r["source"] not in ("popular", "random"):
                out[r["for"]][r["product"]] = float(r["score"])
    os.remove(path)
    return lambda a: out[a]


def compare(store, split, scores, queries, candidates, category):
    doc = table("evaluate", store, "-q", "--task", "complement", "--split", split, "--seed",
                str(SEED), "--k", ",".join(map(str, K)), "--queries", "0", *MODELS)
    rows = {(r["model"], int(r["k"])): r for r in doc}
    bad = []
    for name, score in scores.items():
        hits, three, cases = measure(score, queries, candidates, category)
        for k, x in zip(K, hits):
            row = rows[name, k]
            for what, mine, its in (("hr", x, row["hr"]), ("cat", three, row["category_hit3"])):
                if abs(float(its) - mine) > 5e-4:
                    bad.append("%s %s@%d: %s, the oracle has %.6f" % (name, what, k, its, mine))
        print("# %s %s: %d pairs, %s, categories %.3f" % (
            split, name, cases, " ".join("%.3f" % x for x in hits), three))
    return bad


def write(path, header, rows):
    with open(path, "w", newline="") as f:
        w = csv.writer(f)
        w.writerow(header)
        w.writerows(rows)


def held_links(work, header, log, at):
    """The log with baskets cut, and the pairs that are asked about, from both sides."""
    sessions = defaultdict(list)
    for r in log:
        sessions[r[at["user_session"]]].append(r)
    out, held, linked = [], defaultdict(set), defaultdict(set)
    product, kind = at["product_id"], at["event_type"]
    for name, rows in sessions.items():
        bought = sorted({r[product] for r in rows if r[kind] == "purchase"})
        pairs = [(a, b) for a in bought for b in bought if a < b]
        away = {x for x in pairs if drawn("\t".join(x))}
        for a, b in pairs:
            to = held if (a, b) in away else linked
            to[a].add(b)
            to[b].add(a)
        if not away:
            out += rows
            continue
        lone = [(a,) for a in bought
                if not any(a in x for x in pairs if x not in away)]
        rest = [r for r in rows if r[kind] == "view" or r[product] not in bought]
        pieces = [rest] + [[r for r in rows if r[kind] != "view" and r[product] in x]
                           for x in [x for x in pairs if x not in away] + lone]
        for i, piece in enumerate(pieces):
            for r in piece:
                r = list(r)
                r[at["user_session"]] += "-%d" % i
                out.append(r)
    write(work + "/links.csv", header, out)
    return [(a, sorted(t), linked[a]) for a, t in sorted(held.items())]


def held_products(work, header, log, at):
    product, kind = at["product_id"], at["event_type"]
    away = {p for p in {r[product] for r in log} if drawn(p)}
    write(work + "/products.csv", header, [r for r in log if r[product] not in away])
    last = {r[product]: r for r in log}
    write(work + "/facts.csv", ("product_id", "category_id", "category", "brand"),
          [(p, last[p][at["category_id"]], last[p][at["category_code"]], last[p][at["brand"]])
           for p in sorted(away)])
    known = {r[product] for r in log} - away
    baskets, queries = defaultdict(set), []
    for r in log:
        if r[kind] == "purchase":
            baskets[r[at["user_session"]]].add(r[product])
    for b in baskets.values():
        queries += [(a, sorted(b & known), ()) for a in sorted(b & away) if b & known]
    return queries, known


def pairs_of(log, at, kind):
    """How many sessions have both, of pairs in order."""
    of = defaultdict(set)
    for r in log:
        if r[at["event_type"]] == kind:
            of[r[at["user_session"]]].add(r[at["product_id"]])
    n = defaultdict(int)
    for x in of.values():
        for a in x:
            for b in x:
                n[a, b] += a < b
    return {x: w for x, w in n.items() if w}


def import_graph(store, views, buys):
    files = []
    for name, n in (("similar", views), ("complement", buys)):
        path = "%s.%s.csv" % (store, name)
        write(path, ("a", "b", "weight"), [x + (w,) for x, w in sorted(n.items())])
        files.append(name + "=" + path)
    run("import", "edges", *files, "--products", os.path.dirname(store) + "/all.csv", "--into",
        store, "-q")


def check_graph(work, log, at, category):
    views, buys = pairs_of(log, at, "view"), pairs_of(log, at, "purchase")
    import_graph(work + "/graph.aisle", views, buys)
    for split, out in (("links:%g", lambda x, of: of is buys and drawn("\t".join(x))),
                       ("products:%g", lambda x, of: drawn(x[0]) or drawn(x[1]))):
        left = [{x: w for x, w in of.items() if not out(x, of)} for of in (views, buys)]
        part = work + "/graph-%s.aisle" % split[0]
        import_graph(part, *left)
        sold, met, held, linked = defaultdict(int), set(), defaultdict(set), defaultdict(set)
        for x, w in left[1].items():
            for p in x:
                sold[p] += w
        for x in list(left[0]) + list(left[1]):
            met |= set(x)
        for x in buys:
            for a, b in (x, x[::-1]):
                (linked if x in left[1] else held)[a].add(b)
        cold = split[0] == "p"
        queries = [(a, sorted(t & met), () if cold else linked[a]) for a, t in sorted(held.items())
                   if t & met and (a in met) != cold]
        scores = {m: lists(part, m) for m in MODELS}
        scores["popular"] = lambda a: sold
        check("a graph, " + split % SHARE, compare(
            work + "/graph.aisle", split % SHARE, scores, queries, sorted(met), category))


def main():
    with tempfile.TemporaryDirectory() as work:
        run("generate", "-o", work + "/g", "--products", "250", "--sessions", sized("9000", "4000"),
            "--seed", "5")
        path = work + "/g/" + next(f for f in os.listdir(work + "/g")
                                   if f not in ("truth.csv", "products.csv"))
        with open(path, newline="") as f:
            header, *log = csv.reader(f)
        at = {x: i for i, x in enumerate(header)}
        product = at["product_id"]
        category = {r[product]: r[at["category_id"]] for r in log}
        whole, part = work + "/whole.aisle", work + "/part.aisle"
        run("import", "mkechinov", path, "--into", whole, "-q")

        queries = held_links(work, header, log, at)
        run("import", "mkechinov", work + "/links.csv", "--into", part, "-q")
        sold = defaultdict(int)
        with open(work + "/links.csv", newline="") as f:
            for r in csv.DictReader(f):
                sold[r["product_id"]] += r["event_type"] == "purchase"
        scores = {m: lists(part, m) for m in MODELS}
        scores["popular"] = lambda a: sold
        check("links that are held back", compare(
            whole, "links:%g" % SHARE, scores, queries, sorted(category), category))

        queries, known = held_products(work, header, log, at)
        run("import", "mkechinov", work + "/products.csv", "--products", work + "/facts.csv",
            "--into", work + "/cold.aisle", "-q")
        scores = {m: lists(work + "/cold.aisle", m) for m in MODELS}
        check("products that nothing is learnt of", compare(
            whole, "products:%g" % SHARE, scores, queries, sorted(known), category))
        last = {r[product]: r for r in log}
        write(work + "/all.csv", ("product_id", "category_id", "category", "brand"),
              [(p, r[at["category_id"]], r[at["category_code"]], r[at["brand"]])
               for p, r in sorted(last.items())])
        check_graph(work, log, at, category)
    finish()


main()
