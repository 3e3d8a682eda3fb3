#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an import takes: the peak of anonymous memory per event, and how it keeps to --memory.

    python3 bench/memory.py --aisle build/src/aisle EVENTS.csv --dir DIR --memory 256M 64M

Imports the log (of mkechinov's form) without a bound first, then with each; RssAnon is looked at
every 4 ms. Memory depends little on the machine's load; processor seconds are all threads'. The
store files must be of one size. --other: another build's without a bound, before it.
"""
import argparse
import os
import resource
import shutil
import subprocess
import sys
import time

import peers


def run(aisle, events, store, memory):
    shutil.rmtree(store, ignore_errors=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    child = subprocess.Popen([aisle, "import", "-q", "mkechinov", events, "--into", store,
                              *(["--memory", memory] if memory else [])])
    peak = peers.Anonymous(child.pid)
    start = time.monotonic()
    if child.wait() != 0:
        sys.exit(f"exit code {child.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    size = sum(e.stat().st_size for e in os.scandir(store) if e.name.startswith("catalog"))
    shutil.rmtree(store)
    return peak.stop(), cpu, time.monotonic() - start, size


def main():
    p = argparse.ArgumentParser()
    p.add_argument("events")
    p.add_argument("--aisle", default="build/src/aisle")
    p.add_argument("--other")
    p.add_argument("--dir", required=True)
    p.add_argument("--memory", nargs="*", default=[])
    a = p.parse_args()
    os.makedirs(a.dir, exist_ok=True)
    with open(a.events, "rb") as f:
        events = sum(block.count(b"\n") for block in iter(lambda: f.read(1 << 24), b"")) - 1
    sizes = set()
    print(f"{events:,} events\n| build | --memory | MiB | bytes per event | CPU s | s |")
    print("|---|---|---|---|---|---|")
    for aisle, memory in ([(a.other, None)] if a.other else []) + [
            (a.aisle, m) for m in (None, *a.memory)]:
        peak, cpu, seconds, size = run(aisle, a.events, os.path.join(a.dir, "memory.aisle"),
                                       memory)
        sizes.add(size)
        print(f"| {aisle} | {memory or ''} | {peak:,.0f} | {peak * 1048576 / events:.1f} | "
              f"{cpu:.1f} | {seconds:.1f} |", flush=True)
    return 0 if len(sizes) == 1 else "the stores are of several sizes"


if __name__ == "__main__":
    sys.exit(main())
