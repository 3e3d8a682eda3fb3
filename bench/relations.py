#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each of the five relations counted by aisle and by DuckDB, in turns, from the same sessions.

    make -C build bench/relations
    python3 bench/relations.py --relations build/bench/relations STORE EVENTS.csv

Both sides have the events in memory, in sessions and in order (DuckDB: a table of integers,
sorted by session and place; it makes a table of each statement, and needs not keep an order that
nobody asks for). aisle counts pairs and margins, tests every pair and puts rows in order, those of
unordered pairs both ways. DuckDB is asked twice: for the table of pairs alone, and for the same
work as far as SQL has it: margins, G2 of each pair (aisle also has its p, exact where counts are
few, and q) and the rows in order. Processor seconds of all threads. The pairs and their sum must
agree, or the run fails; so the log must have no session of more products than --max-session.
EVENTS.csv is the log of mkechinov's form that STORE was imported from.
"""
import argparse
import statistics
import subprocess
import sys
import time

import duckdb

import peers

# What is counted, its margins and how many baskets there are, by relation.
UNORDERED = """d AS MATERIALIZED (SELECT DISTINCT s, p FROM e WHERE k = '{kind}'),
    c AS (SELECT a.p AS a, b.p AS b, count(*)::INT AS n
        FROM d a JOIN d b ON a.s = b.s AND a.p < b.p GROUP BY ALL),
    f AS MATERIALIZED (SELECT p, count(*)::DOUBLE AS m FROM d GROUP BY p),
    t AS (SELECT p, m FROM f),
    u AS (SELECT count(DISTINCT s)::DOUBLE AS u FROM d)"""
COUNTED = {
    "co-view": UNORDERED.format(kind="view"),
    "adjacent-view": """d AS MATERIALIZED (SELECT a, b FROM (
            SELECT lag(p) OVER (PARTITION BY s ORDER BY place) AS a, p AS b
            FROM e WHERE k = 'view') WHERE a <> b),
        c AS (SELECT a, b, count(*)::INT AS n FROM d GROUP BY ALL),
        f AS (SELECT a AS p, count(*)::DOUBLE AS m FROM d GROUP BY ALL),
        t AS (SELECT b AS p, count(*)::DOUBLE AS m FROM d GROUP BY ALL),
        u AS (SELECT count(*)::DOUBLE AS u FROM d)""",
    "view-purchase": """v AS MATERIALIZED (
            SELECT s, p, min(place) AS place FROM e WHERE k = 'view' GROUP BY ALL),
        b AS MATERIALIZED (
            SELECT s, p, max(place) AS place FROM e WHERE k = 'purchase' GROUP BY ALL),
        c AS (SELECT v.p AS a, b.p AS b, count(*)::INT AS n
            FROM v JOIN b ON v.s = b.s AND b.place > v.place AND v.p <> b.p GROUP BY ALL),
        f AS (SELECT p, count(*)::DOUBLE AS m FROM v GROUP BY p),
        t AS (SELECT p, count(*)::DOUBLE AS m FROM b GROUP BY p),
        u AS (SELECT count(DISTINCT s)::DOUBLE AS u FROM e WHERE k IN ('view', 'purchase'))""",
    "co-cart": UNORDERED.format(kind="cart"),
    "co-purchase": UNORDERED.format(kind="purchase"),
}
DIRECTED = ("adjacent-view", "view-purchase")
# A table's cells and what chance lets expect there.
CELLS = (("n", "x * y / u"), ("x - n", "x * (u - y) / u"), ("y - n", "(u - x) * y / u"),
         ("u - x - y + n", "(u - x) * (u - y) / u"))


def alone(name):
    return f"CREATE OR REPLACE TABLE pairs AS WITH {COUNTED[name]} SELECT a, b, n FROM c"


def same(name):
    g2 = " + ".join(f"CASE WHEN {o} > 0 THEN ({o}) * ln(({o}) / ({m})) ELSE 0 END"
                    for o, m in CELLS)
    mirrored = "" if name in DIRECTED else "UNION ALL SELECT b, a, n, g FROM g"
    return f"""CREATE OR REPLACE TABLE pairs AS WITH {COUNTED[name]},
        g AS MATERIALIZED (SELECT a, b, n, 2 * ({g2}) AS g FROM (
            SELECT a, b, n, f.m AS x, t.m AS y, u
            FROM c JOIN f ON f.p = a JOIN t ON t.p = b, u))
        SELECT * FROM (SELECT a, b, n, g FROM g {mirrored}) ORDER BY a, b"""


def prepared(events, threads):
    db = duckdb.connect(config={"threads": threads, "preserve_insertion_order": "false"})
    db.execute(f"""CREATE TABLE e AS SELECT s, p, k,
            (row_number() OVER (ORDER BY s, event_time, seq))::INT AS place FROM (
        SELECT dense_rank() OVER (ORDER BY user_session)::INT AS s,
               dense_rank() OVER (ORDER BY product_id)::INT AS p,
               event_type::ENUM('view', 'cart', 'remove_from_cart', 'purchase') AS k,
               event_time, row_number() OVER () AS seq
        FROM {peers.read_csv(events)}) ORDER BY place""")
    return db


def theirs(db, name, statement):
    cpu, wall = time.process_time(), time.monotonic()
    db.execute(statement)
    cpu, wall = time.process_time() - cpu, time.monotonic() - wall
    once = "" if name in DIRECTED else "WHERE a < b"
    pairs, instances = db.execute(f"SELECT count(*), sum(n) FROM pairs {once}").fetchone()
    return pairs, int(instances or 0), cpu, wall


def ours(program, store, threads):
    out = subprocess.run([program, store, str(threads)], check=True, text=True,
                         stdout=subprocess.PIPE).stdout
    rows = {}
    for name, pairs, instances, cpu, wall in map(str.split, out.splitlines()):
        rows[name] = int(pairs), int(instances), float(cpu), float(wall)
    return rows


def main():
    p = argparse.ArgumentParser()
    p.add_argument("store")
    p.add_argument("events")
    p.add_argument("--relations", default="build/bench/relations")
    p.add_argument("--other", help="another build's, in turns with it")
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--rounds", type=int, default=3)
    a = p.parse_args()
    db = prepared(a.events, a.threads)
    got = {name: [] for name in COUNTED}
    for _ in range(a.rounds):
        mine = ours(a.relations, a.store, a.threads)
        other = ours(a.other, a.store, a.threads) if a.other else mine
        for name in COUNTED:
            bare, full = (theirs(db, name, f(name)) for f in (alone, same))
            for peer in (bare, full):
                if peer[:2] != mine[name][:2]:
                    sys.exit(f"{name}: DuckDB counts {peer[:2]}, aisle {mine[name][:2]}")
            got[name].append((*mine[name][2:], *full[2:], bare[2], other[name][2]))
    print("| relation | pairs | aisle, CPU s | DuckDB, the same work, CPU s | ratio (least..most) "
          "| by the clock | DuckDB, pairs alone | ratio |"
          + (" the other build |" if a.other else ""))
    print("|---|---|---|---|---|---|---|---|" + ("---|" if a.other else ""))
    median = statistics.median
    for name, rounds in got.items():
        cpu, wall, cpu2, wall2, bare, before = map(list, zip(*rounds))
        ratio, clock, few = ([x / y for x, y in zip(p, q)]
                             for p, q in ((cpu, cpu2), (wall, wall2), (cpu, bare)))
        print(f"| {name} | {mine[name][0]:,} | {median(cpu):.3f} | {median(cpu2):.3f} | "
              f"{median(ratio):.3f} ({min(ratio):.3f}..{max(ratio):.3f}) | {median(clock):.3f} | "
              f"{median(bare):.3f} | {median(few):.3f} |"
              + (f" {median(before):.3f} |" if a.other else ""), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
