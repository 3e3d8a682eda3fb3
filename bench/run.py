#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure aisle beside its peers, in one run, alternating, on the same data.

    python3 bench/run.py --aisle build/src/aisle --dir /tmp/aisle-bench

Makes a shop in DIR, then prints for every comparison the medians of both sides and the
median of the ratios of the rounds (ours / theirs), next to the target. A peer that is
not installed is named and left out. See bench/README.md.
"""
import argparse
import itertools
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import time

import peers
import screen
import words


def median(values):
    return statistics.median(values)


class Table:
    """Rows: what, ours, theirs, ratio, target."""

    def __init__(self):
        self.missed = []

    def title(self, text):
        print(f"\n## {text}")
        print("| what | aisle | peer | ratio: median (min..max) | target | |")
        print("|---|---|---|---|---|---|")

    def row(self, what, ours, theirs, ratios, target, unit):
        r = median(ratios)
        met = target is None or r <= target
        if not met:
            self.missed.append(f"{what}: ratio {r:.2f}, target {target}")
        print(f"| {what} | {median(ours):.3f} {unit} | {median(theirs):.3f} {unit} | "
              f"{r:.3f} ({min(ratios):.3f}..{max(ratios):.3f}) | "
              f"{f'<= {target}' if target else ''} | "
              f"{'' if not target else 'met' if met else 'MISSED'} |", flush=True)

    def bound(self, what, value, target, unit):
        met = value <= target
        if not met:
            self.missed.append(f"{what}: {value:.2f} {unit}, target {target} {unit}")
        print(f"| {what} | {value:.2f} {unit} | | | <= {target:g} {unit} | "
              f"{'met' if met else 'MISSED'} |", flush=True)


def run(argv, stdin=None):
    """Seconds and the peaks of resident and of anonymous memory (MiB) of a command."""
    start = time.monotonic()
    child = subprocess.Popen(argv, stdin=stdin, stdout=subprocess.DEVNULL)
    peak = peers.Anonymous(child.pid)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.monotonic() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{' '.join(argv)}: exit code {child.returncode}")
    return seconds, usage.ru_maxrss / 1024, peak.stop()


def info(aisle, store):
    text = subprocess.run([aisle, "info", store, "--format", "json"], check=True,
                          stdout=subprocess.PIPE).stdout
    return json.loads(text)


def find(tree, name):
    """The first value under a key, anywhere in a JSON tree."""
    if isinstance(tree, dict):
        if name in tree:
            return tree[name]
        tree = list(tree.values())
    if isinstance(tree, list):
        for part in tree:
            value = find(part, name)
            if value is not None:
                return value
    return None


def environment(args):
    def first(command):
        try:
            out = subprocess.run(command, stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, text=True).stdout
            return out.strip().splitlines()[0] if out.strip() else "?"
        except OSError:
            return "not installed"

    cpu = "?"
    with open("/proc/cpuinfo") as f:
        for line in f:
            if line.startswith("model name"):
                cpu = line.split(":")[1].strip()
                break
    with open("/proc/meminfo") as f:
        ram = int(f.readline().split()[1]) / 1048576
    print("## Environment")
    print(f"- {cpu}, {os.cpu_count()} processors, {ram:.0f} GiB, "
          f"{platform.system()} {platform.release()}, "
          f"load {os.getloadavg()[0]:.2f} at the start")
    print(f"- {first([args.aisle, '--version'])}; threads {args.threads}; "
          f"{args.rounds} rounds, alternating")
    print(f"- Python {platform.python_version()}; {peers.versions()}; "
          f"{first(['less', '--version'])}; {first(['htop', '--version'])}")
    unset = [v for v in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE") if os.environ.pop(v, None)]
    print(f"- unset: {', '.join(unset) or 'nothing'} "
          "(OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE slow a peer's BLAS down)")


def make_shop(args, quiet=False):
    shop = os.path.join(args.dir, f"shop-{args.products}-{args.sessions}")
    events = os.path.join(shop, "events.csv")
    if not quiet:
        print("\n## Shop")
    if not os.path.exists(events):
        seconds, _, _ = run([args.aisle, "generate", "-q", "--output", shop, "--format",
                          "mkechinov", "--products", str(args.products), "--sessions",
                          str(args.sessions), "--seed", "1", "--days", "90",
                          "--threads", str(args.threads)])
        size = sum(e.stat().st_size for e in os.scandir(shop))
        if not quiet:
            print(f"- made in {seconds:.2f} s, {size / seconds / 1e6:.0f} MB/s "
                  "(three files, synced; target 150 MB/s)")
    with open(events, "rb") as f:
        rows = sum(block.count(b"\n") for block in iter(lambda: f.read(1 << 24), b"")) - 1
    if quiet:
        return events, rows
    print(f"- {args.products:,} products, {args.sessions:,} sessions, {rows:,} events, "
          f"{os.path.getsize(events) / 1e6:,.0f} MB; read once before the first round")
    return events, rows


def aisle_import(args, events, store):
    shutil.rmtree(store, ignore_errors=True)
    return run([args.aisle, "import", "-q", "mkechinov", events, "--into", store,
                "--threads", str(args.threads)])


COUNTING = ("co-view", "adjacent-view", "view-purchase", "co-cart", "co-purchase",
            "transitions", "totals", "orders", "product-sessions")


def bench_import(args, table, events, rows, store):
    whole, ours, theirs, memory, their_memory = [], [], [], [], []
    for i in range(args.rounds):
        for side in ("aisle", "duckdb") if i % 2 == 0 else ("duckdb", "aisle"):
            if side == "aisle":
                seconds, _, peak = aisle_import(args, events, store)
                steps = find(info(args.aisle, store), "steps")
                counted = sum(steps.get(k, 0) for k in COUNTING)
                whole.append(seconds)
                ours.append(seconds - counted)
                memory.append(peak)
            elif peers.have("duckdb"):
                seconds, peak = peers.duckdb_import(events, args.dir, args.threads)
                theirs.append(seconds)
                their_memory.append(peak)
    table.title("Import: CSV to a typed, indexed, synced store (DuckDB: to a table, synced)")
    if theirs:
        table.row("import without counting", ours, theirs,
                  [a / b for a, b in zip(ours, theirs)], 1.0, "s")
        table.row("import with five relations and transitions", whole, theirs,
                  [a / b for a, b in zip(whole, theirs)], None, "s")
        table.row("peak of anonymous memory, counting included", memory, their_memory,
                  [a / b for a, b in zip(memory, their_memory)], None, "MiB")
    size = os.path.getsize(events)
    print(f"\naisle reads {size / median(ours) / 1e6:.0f} MB/s; its peak is "
          f"{median(memory) * 1048576 / rows:.0f} bytes per event, ids and pair counts "
          "included (target: 40 and the ids)")


def bench_counting(args, table, events, store):
    table.title("Counting co-view: products viewed in one session, all pairs")
    names = {"scipy A^T A": peers.scipy_count, "DuckDB self join": peers.duckdb_count}
    if not peers.have("scipy") or not peers.have("duckdb"):
        print("| scipy or DuckDB | | not installed | | | |")
        return
    ours, tests, writing, theirs = [], [], [], {name: [] for name in names}
    for _ in range(args.rounds):
        aisle_import(args, events, store)
        meta = info(args.aisle, store)
        seconds = find(meta, "counting")["co-view"]
        relation = find(meta, "relations")["co-view"]
        ours.append(seconds["count"])
        tests.append(seconds["test"])
        writing.append(find(meta, "steps")["co-view"] - sum(seconds.values()))
        for name, count in names.items():
            spent, pairs, instances = count(events, args.dir, args.threads)
            if (pairs, instances) != (relation["pairs"], relation["instances"]):
                sys.exit(f"{name} counts {pairs} pairs, {instances} in all; aisle "
                         f"{relation['pairs']}, {relation['instances']}")
            theirs[name].append(spent)
    for name, spent in theirs.items():
        table.row(f"beside {name}, {pairs:,} pairs", ours, spent,
                  [a / b for a, b in zip(ours, spent)], 0.15, "s")
    print("\nPeers start from distinct (session, product) pairs in memory, aisle from the "
          "sessions' events. Pairs and their sum agree on all sides. Not in aisle's time: "
          f"{median(tests):.3f} s of tests (a q-value for every pair) and "
          f"{median(writing):.3f} s of writing.")


VD_ROWS = 100000  # it keeps all that it opens in memory


def bench_explorer(args, table, events, store):
    sizes = ((80, 24, 1.0), (120, 40, 2.5), (200, 60, 4.0))
    head = os.path.join(args.dir, "head.csv")
    with open(events, "rb") as f, open(head, "wb") as out:
        out.writelines(itertools.islice(f, VD_ROWS))
    programs = {"less": ["less", events], "htop": ["htop", "-d", "600"], "vd": ["vd", head]}
    first = {name: [] for name in ("aisle", *programs)}
    keys = {}

    def start(name, columns, rows):
        argv = programs.get(name) or [args.aisle, "explore", store, "--read-only"]
        return screen.Screen(argv, columns, rows)

    for _ in range(args.rounds * 2):
        for name in first:
            if name != "aisle" and not shutil.which(name):
                continue
            with start(name, 120, 40) as s:
                first[name].append(s.first_frame())
    table.title("The explorer beside less, htop and VisiData, which opens the first "
                f"{VD_ROWS:,} lines (pseudo-terminal, 120x40)")
    for name in programs:
        if first[name]:
            table.row(f"first frame beside {name}", first["aisle"], first[name],
                      [a / b for a, b in zip(first["aisle"], first[name])], None, "ms")
    table.bound("first frame, median", median(first["aisle"]), 30, "ms")
    for columns, rows, kilobytes in sizes:
        with start("aisle", columns, rows) as s:
            s.first_frame()
            keys[rows] = s.press(args.keys)
            k = keys[rows]
            where = f"{columns}x{rows}"
            if k.silent:
                sys.exit(f"{k.silent} of {args.keys} keys changed nothing at {where}")
            table.bound(f"key to first bytes, p99, {where}", k.first(0.99), 8, "ms")
            table.bound(f"key to last bytes (panels), p95, {where}", k.last(0.95), 50, "ms")
            table.bound(f"bytes per key, {where}", k.bytes() / 1024, kilobytes, "KB")
            if rows == 40:
                table.bound("wake-ups in 2 s of idling", s.wakeups(2), 0, "")
                table.bound("private memory", s.private_memory(),
                            16 + 24 * args.products / 1048576, "MiB")
    for name in programs:
        if not first[name]:
            print(f"| {name} | | not installed | | | |")
            continue
        with start(name, 120, 40) as s:
            s.first_frame()
            k = s.press(args.keys)
            print(f"| {name}: key to first bytes p50, p99; to last p95; bytes | | "
                  f"{k.first(0.5):.2f}, {k.first(0.99):.2f}; {k.last(0.95):.2f} ms; "
                  f"{k.bytes():.0f} | | | |")
    print(f"\naisle at 120x40: key to first bytes p50 {keys[40].first(0.5):.2f} ms; "
          f"{args.keys} keys; a frame ends when nothing comes for {screen.QUIET * 1000:.0f} ms")


def bench_live(args, table, store):
    """Panels of one product under a filter, by bench/live (`make bench/live`)."""
    live = os.path.join(os.path.dirname(args.aisle), "..", "bench", "live")
    table.title("Live filters: a panel counted from its product's sessions")
    if not os.path.exists(live):
        print("| bench/live | | not built | | | |")
        return
    for threads in sorted({1, args.threads}):
        out = subprocess.run([live, store, "date>=2024-10-05", str(args.live_sessions),
                              str(threads), "101"], check=True, stdout=subprocess.PIPE,
                             text=True).stdout.splitlines()
        for line in out[1:]:
            name, sessions, events, wall, cpu, _ = line.split()
            what = f"{name}, {int(sessions):,} sessions, {threads} threads"
            table.bound(f"{what}, median", float(wall), 20, "ms")
            table.bound(f"{what}: CPU time per event", float(cpu) * 1e6 / int(events), 5,
                        "ns")


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def bench_size(args):
    """Shops of one kind, each ten times the one before; the log comes through a pipe."""
    print("\n## Size: import through a pipe, --memory " + args.memory)
    print("\n| events | MB | s | without counting, s | CPU us/event | MB/s | DuckDB, s | "
          "ratio | SQLite, s | co-view, s | scipy, s | ratio | peak, MiB | B/event | "
          "store, MB |\n" + "|---:" * 15 + "|")
    for millions in args.sizes:
        shop = argparse.Namespace(**{**vars(args), "products": 10000 * millions,
                                     "sessions": 175000 * millions})
        shop.products = min(shop.products, 1000000)
        events, rows = make_shop(shop, quiet=True)
        store, mb = os.path.join(args.dir, "size.aisle"), os.path.getsize(events) / 1e6
        shutil.rmtree(store, ignore_errors=True)
        theirs = None
        if peers.have("duckdb") and millions <= args.duckdb_most:
            theirs, _ = peers.duckdb_import(events, args.dir, args.threads)
        lite = peers.sqlite_import(events, args.dir) if millions == 10 else None
        scipy = None
        if peers.have("scipy") and peers.have("duckdb") and millions <= 10:
            scipy = peers.scipy_count(events, args.dir, args.threads)[0]
        cpu = cpu_seconds()
        with subprocess.Popen(["cat", events], stdout=subprocess.PIPE) as log:
            seconds, _, peak = run([args.aisle, "import", "-q", "mkechinov", "-", "--into",
                                    store, "--memory", args.memory, "--threads",
                                    str(args.threads)], stdin=log.stdout)
        cpu = cpu_seconds() - cpu
        steps = find(info(args.aisle, store), "steps")
        plain = seconds - sum(steps.get(k, 0) for k in COUNTING)
        counted = find(info(args.aisle, store), "counting")["co-view"]["count"]
        size = sum(e.stat().st_size for e in os.scandir(store)) / 1e6
        print(f"| {rows:,} | {mb:,.0f} | {seconds:.1f} | {plain:.1f} | "
              f"{cpu / rows * 1e6:.2f} | {mb / plain:.0f} | "
              + (f"{theirs:.1f} | {plain / theirs:.2f}" if theirs else " | ") + " | "
              + (f"{lite:.1f}" if lite else "") + f" | {counted:.2f} | "
              + (f"{scipy:.2f} | {counted / scipy:.3f}" if scipy else " | ") +
              f" | {peak:,.0f} | {peak * 1048576 / rows:.0f} | {size:,.0f} |", flush=True)
        shutil.rmtree(store)


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--aisle", default="build/src/aisle")
    p.add_argument("--dir", required=True, help="a folder for shop, stores and peers' files")
    p.add_argument("--products", type=int, default=100000)
    p.add_argument("--sessions", type=int, default=500000)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--keys", type=int, default=200)
    p.add_argument("--only", choices=("import", "counting", "explorer", "live", "size", "words"),
                   action="append")
    p.add_argument("--sizes", type=int, nargs="+", default=[1, 10],
                   help="of --only size: millions of events; 100 need 22 GB of disk")
    p.add_argument("--memory", default="8G", help="of --only size")
    p.add_argument("--duckdb-most", type=int, default=10,
                   help="of --only size: above so many millions DuckDB is left out")
    p.add_argument("--live-sessions", type=int, default=100000,
                   help="of the product whose panels are counted live")
    args = p.parse_args()
    args.aisle = os.path.abspath(args.aisle)
    only = args.only or ["import", "counting", "explorer", "live", "words"]
    os.makedirs(args.dir, exist_ok=True)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    environment(args)
    if "size" in only:
        bench_size(args)
    if only == ["size"]:
        return
    table = Table()
    events, rows = make_shop(args)
    store = os.path.join(args.dir, "bench.aisle")
    if "import" in only:
        bench_import(args, table, events, rows, store)
    if "counting" in only:
        bench_counting(args, table, events, store)
    if ("explorer" in only or "live" in only) and not os.path.exists(store):
        aisle_import(args, events, store)
    if "explorer" in only:
        bench_explorer(args, table, events, store)
    if "live" in only:
        bench_live(args, table, store)
    if "words" in only:
        words.bench(args, table, events)
    print("\n## What falls short")
    print("\n".join(f"- {m}" for m in table.missed) or "- nothing")


if __name__ == "__main__":
    main()
