#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each of the five relations counted by aisle and by DuckDB, in turns, from the same sessions.

    make -C build bench/relations
    python3 bench/relations.py --relations build/bench/relations STORE EVENTS.csv

Both sides have the events in memory, in sessions and in order (DuckDB: a table of integers,
sorted by session and place; it makes a table of each statement). Processor seconds of all
threads; aisle's are with a test of every pair and the rows. The pairs
and their sum must agree, or the run fails; so the log must have no session of more products than
--max-session. EVENTS.csv is the log of mkechinov's form that STORE was imported from.
"""
import argparse
import statistics
import subprocess
import sys
import time

import duckdb

import peers

UNORDERED = """CREATE OR REPLACE TABLE pairs AS
    WITH d AS (SELECT DISTINCT s, p FROM e WHERE k = '{kind}')
    SELECT a.p AS a, b.p AS b, count(*)::INT AS n
    FROM d a JOIN d b ON a.s = b.s AND a.p < b.p GROUP BY ALL"""
STATEMENT = {
    "co-view": UNORDERED.format(kind="view"),
    "adjacent-view": """CREATE OR REPLACE TABLE pairs AS
        SELECT a, b, count(*)::INT AS n FROM (
            SELECT lag(p) OVER (PARTITION BY s ORDER BY place) AS a, p AS b
            FROM e WHERE k = 'view') WHERE a <> b GROUP BY ALL""",
    "view-purchase": """CREATE OR REPLACE TABLE pairs AS
        WITH v AS (SELECT s, p, min(place) AS place FROM e WHERE k = 'view' GROUP BY ALL),
             b AS (SELECT s, p, max(place) AS place FROM e WHERE k = 'purchase' GROUP BY ALL)
        SELECT v.p AS a, b.p AS b, count(*)::INT AS n
        FROM v JOIN b ON v.s = b.s AND b.place > v.place AND v.p <> b.p GROUP BY ALL""",
    "co-cart": UNORDERED.format(kind="cart"),
    "co-purchase": UNORDERED.format(kind="purchase"),
}


def prepared(events, threads):
    db = duckdb.connect(config={"threads": threads})
    db.execute(f"""CREATE TABLE e AS SELECT s, p, k,
            (row_number() OVER (ORDER BY s, event_time, seq))::INT AS place FROM (
        SELECT dense_rank() OVER (ORDER BY user_session)::INT AS s,
               dense_rank() OVER (ORDER BY product_id)::INT AS p,
               event_type::ENUM('view', 'cart', 'remove_from_cart', 'purchase') AS k,
               event_time, row_number() OVER () AS seq
        FROM {peers.read_csv(events)}) ORDER BY place""")
    return db


def theirs(db, statement):
    cpu, wall = time.process_time(), time.monotonic()
    db.execute(statement)
    cpu, wall = time.process_time() - cpu, time.monotonic() - wall
    pairs, instances = db.execute("SELECT count(*), sum(n) FROM pairs").fetchone()
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
    got = {name: [] for name in STATEMENT}
    for _ in range(a.rounds):
        mine = ours(a.relations, a.store, a.threads)
        other = ours(a.other, a.store, a.threads) if a.other else mine
        for name, statement in STATEMENT.items():
            peer = theirs(db, statement)
            if peer[:2] != mine[name][:2]:
                sys.exit(f"{name}: DuckDB counts {peer[:2]}, aisle {mine[name][:2]}")
            got[name].append((*mine[name][2:], *peer[2:], other[name][2]))
    print("| relation | pairs | aisle, CPU s | DuckDB, CPU s | ratio (least..most) | by the clock |"
          + (" the other build |" if a.other else ""))
    print("|---|---|---|---|---|---|" + ("---|" if a.other else ""))
    for name, rounds in got.items():
        cpu, wall, cpu2, wall2, before = map(list, zip(*rounds))
        ratio = [x / y for x, y in zip(cpu, cpu2)]
        clock = [x / y for x, y in zip(wall, wall2)]
        median = statistics.median
        print(f"| {name} | {mine[name][0]:,} | {median(cpu):.3f} | {median(cpu2):.3f} | "
              f"{median(ratio):.3f} ({min(ratio):.3f}..{max(ratio):.3f}) | {median(clock):.3f} |"
              + (f" {median(before):.3f} |" if a.other else ""), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
