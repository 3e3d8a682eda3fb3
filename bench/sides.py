# SPDX-License-Identifier: GPL-3.0-or-later
"""The explorer of two builds in turns, each on its own store of the same log."""
import argparse

import screen

SIZES = ((80, 24), (120, 40), (200, 60))


def median(values):
    return sorted(values)[len(values) // 2]


def measure(program, store, columns, rows, keys):
    with screen.Screen([program, "explore", store, "--read-only"], columns, rows) as s:
        first = s.first_frame()
        k = s.press(keys)
        return {"first picture, ms": first,
                "key to first bytes, p50, ms": k.first(0.5),
                "key to first bytes, p99, ms": k.first(0.99),
                "key to panels, p50, ms": k.last(0.5),
                "key to panels, p95, ms": k.last(0.95),
                "bytes per key, KB": k.bytes() / 1024,
                "wake-ups in 2 s idle": s.wakeups(2),
                "private memory, MiB": s.private_memory()}


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--now", nargs=2, metavar=("AISLE", "STORE"), required=True)
    p.add_argument("--before", nargs=2, metavar=("AISLE", "STORE"), required=True)
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--keys", type=int, default=60)
    args = p.parse_args()
    sides = (("now", args.now), ("before", args.before))
    found = {}
    for round_ in range(args.rounds + 1):
        for columns, rows in SIZES:
            for name, (program, store) in sides if round_ % 2 else reversed(sides):
                got = measure(program, store, columns, rows, args.keys)
                if round_ == 0:
                    continue    # caches
                for what, value in got.items():
                    found.setdefault((what, rows, name), []).append(value)
    print("| what | now: " + ", ".join(f"{c}x{r}" for c, r in SIZES) + " | before |")
    print("|---|---|---|")
    for what in {what: 0 for what, _, _ in found}:
        cells = [", ".join(f"{median(found[what, rows, name]):.3g}" for _, rows in SIZES)
                 for name, _ in sides]
        print(f"| {what} | {cells[0]} | {cells[1]} |")


if __name__ == "__main__":
    main()
