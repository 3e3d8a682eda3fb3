#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far the explorer lags behind a held key on a slow line.

    python3 bench/slow.py --aisle build/src/aisle STORE --other OLD/src/aisle

The line takes all that is written at once, as ssh does, and lets it out at baud / 10 bytes a
second; the terminal answers a question when it gets it. j is held for --seconds at 30 keys a
second; the lag is the time from the last key to the last byte that arrives. Prints the bytes of
all that, too. With --other both builds take turns.
"""
import argparse
import os
import select
import statistics
import sys
import time

import screen


class Line(screen.Screen):
    """The same in a pseudo-terminal behind a line."""

    def __init__(self, argv, columns, rows, baud):
        super().__init__(argv, columns, rows)
        self.rate, self.queue, self.free, self.sent = baud / 10, [], 0.0, 0

    def run(self, until, quiet=None):
        """Pass bytes on until then, or until nothing is under way for `quiet` seconds; the
        time of the last byte."""
        last = time.monotonic()
        while True:
            now = time.monotonic()
            while self.queue and self.queue[0][0] <= now:
                at, data = self.queue.pop(0)
                last = at
                self.reply(data)
                self.tail = data[-8:]
            if now >= until or (quiet and not self.queue and now - last > quiet):
                return last
            wait = min(until, self.queue[0][0] if self.queue else until) - now
            if select.select([self.fd], [], [], max(0, min(wait, 0.05)))[0]:
                data = os.read(self.fd, 1 << 16)
                self.sent += len(data)
                for i in range(0, len(data), 16):
                    part = data[i:i + 16]
                    self.free = max(self.free, time.monotonic()) + len(part) / self.rate
                    self.queue.append((self.free, part))


def hold(aisle, store, baud, a):
    with Line([aisle, "explore", store, "--read-only"], a.columns, a.rows, baud) as s:
        s.run(time.monotonic() + 120, 3.0)
        s.sent = 0
        start = time.monotonic()
        for i in range(int(a.seconds * 30)):
            s.run(start + i / 30)
            os.write(s.fd, b"j")
        key = time.monotonic()
        last = s.run(key + 60, 3.0)
        return last - key, s.sent


def main():
    p = argparse.ArgumentParser()
    p.add_argument("store")
    p.add_argument("--aisle", default="build/src/aisle")
    p.add_argument("--other")
    p.add_argument("--columns", type=int, default=120)
    p.add_argument("--rows", type=int, default=40)
    p.add_argument("--seconds", type=float, default=3)
    p.add_argument("--rounds", type=int, default=3)
    a = p.parse_args()
    sides = [a.aisle] + ([a.other] if a.other else [])
    for baud in (9600, 56000):
        got = {side: [] for side in sides}
        for i in range(a.rounds):
            for side in sides if i % 2 == 0 else sides[::-1]:
                got[side].append(hold(side, a.store, baud, a))
        for side in sides:
            lag, size = (statistics.median(x[i] for x in got[side]) for i in (0, 1))
            print(f"{baud} baud, {a.columns}x{a.rows}, {side}: lag {lag:.2f} s, "
                  f"{size / 1024:.1f} KB", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
