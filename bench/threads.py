#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a second thread is worth: a command with one thread and with two, in turns, by the clock.

    python3 bench/threads.py [--rounds N] AISLE COMMAND ARGUMENT...

Prints medians of seconds, the median of the rounds' ratios (one thread / two) with their range,
and what it took of processor time.
"""
import argparse
import os
import statistics
import subprocess
import time


def run(argv, threads):
    """Seconds by the clock and of the processors."""
    before, since = os.times(), time.monotonic()
    subprocess.run(argv + ["-q", "--threads", str(threads)], check=True,
                   stdout=subprocess.DEVNULL)
    clock, after = time.monotonic() - since, os.times()
    return clock, (after.children_user + after.children_system -
                   before.children_user - before.children_system)


def main():
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("argv", nargs=argparse.REMAINDER)
    o = p.parse_args()
    took = {1: [], 2: []}
    for i in range(o.rounds):
        for threads in (1, 2) if i % 2 == 0 else (2, 1):
            took[threads].append(run(o.argv, threads))
    ratios = [one[0] / two[0] for one, two in zip(took[1], took[2])]
    print("%s: %.2f s, two threads %.2f s: %.2f (%.2f..%.2f); processor time %.2f and %.2f s" % (
        " ".join(o.argv[1:]), statistics.median(t[0] for t in took[1]),
        statistics.median(t[0] for t in took[2]), statistics.median(ratios), min(ratios),
        max(ratios), statistics.median(t[1] for t in took[1]),
        statistics.median(t[1] for t in took[2])))


main()
