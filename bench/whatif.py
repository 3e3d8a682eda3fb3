#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys of what-if: milliseconds from a key to the last byte of the panel, and of processor time.

    aisle train blend STORE --cowalk 1 --companion 1
    python3 bench/whatif.py AISLE STORE PRODUCT [MODEL]
"""
import os
import sys
import time

import screen

SIZES = ((80, 24), (120, 40), (200, 60))
KEYS = 12
screen.QUIET = 0.7	# the message comes before the panel


def spent(pid):
    """Milliseconds of processor time, all threads."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/schedstat") as f:
            total += int(f.read().split()[0])
    return total / 1e6


def main():
    program, store, product = sys.argv[1:4]
    model = sys.argv[4] if len(sys.argv) > 4 else "blend"
    for columns, rows in SIZES:
        with screen.Screen([program, "explore", store, "--read-only"], columns, rows) as s:
            s.first_frame()
            line = f":show whatif --product {product} --model {model}\r"
            for c in line.encode():
                os.write(s.fd, bytes([c]))
                s.frame(time.monotonic())
            before = spent(s.pid)
            keys = screen.Keys()
            for i in range(KEYS):
                k = s.press(1, b"-" if i // 3 % 2 else b"+")
                keys.firsts += k.firsts
                keys.lasts += k.lasts
                keys.sizes += k.sizes
            print("%dx%d: %d keys, to the last byte %.1f ms (median), %.1f (p95); "
                  "%.1f ms of processor time a key, %.1f KB" % (
                      columns, rows, len(keys.lasts), keys.last(.5), keys.last(.95),
                      (spent(s.pid) - before) / KEYS, keys.bytes() / 1024))


main()
