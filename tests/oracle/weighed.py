# SPDX-License-Identifier: GPL-3.0-or-later
"""Panels under --weights, made by a script that reads the log itself: sums of weighted sessions
with both products over the root of those with each, shrunk."""
import csv
import itertools
import os
import tempfile

from asking import check, finish, run, table

KINDS = ("view", "cart", "purchase")


class Log:
    def __init__(self, path, before="9"):
        self.margin = {k: {} for k in KINDS}
        self.both = {k: {} for k in KINDS}
        baskets = {k: {} for k in KINDS}
        with open(path) as f:
            for r in csv.DictReader(f):
                if r["event_type"] in KINDS and r["event_time"] < before:
                    baskets[r["event_type"]].setdefault(r["user_session"], set()).add(
                        r["product_id"])
        for kind, sessions in baskets.items():
            for products in sessions.values():
                for a in products:
                    self.margin[kind][a] = self.margin[kind].get(a, 0) + 1
                for a, b in itertools.permutations(products, 2):
                    row = self.both[kind].setdefault(a, {})
                    row[b] = row.get(b, 0) + 1

    def scores(self, a, weight):
        def size(p):
            return sum(w * self.margin[k].get(p, 0) for k, w in weight.items())

        sums = {}
        for kind, w in weight.items():
            for b, n in self.both[kind].get(a, {}).items():
                sums[b] = sums.get(b, 0) + w * n
        shrink = 20 * max(weight.values())
        return {b: x / ((size(a) * size(b)) ** 0.5 + shrink) for b, x in sums.items() if x > 0}


def compare(log, store, panel, words, weight, *more):
    faults = []
    for a in sorted(log.margin["view"], key=log.margin["view"].get)[-12:]:
        want = log.scores(a, weight)
        rows = [r for r in table("show", panel, store, "-p", a, "-n", "10", "--codes", "all",
                                 "--weights", words, *more) if r["source"] == "weighted"]
        best = sorted(want.values(), reverse=True)[:10]
        have = [float(r["score"]) for r in rows]
        if len(rows) != min(10, len(want)):
            faults.append("%s: %d rows of %d" % (a, len(rows), len(want)))
        for r in rows:
            if abs(float(r["score"]) - want.get(r["product"], -1)) > 1e-5:
                faults.append("%s, %s: %s, not %g" % (a, r["product"], r["score"],
                                                      want.get(r["product"], -1)))
        if any(abs(x - y) > 1e-5 for x, y in zip(have, best)):
            faults.append("%s: %s, the best are %s" % (a, have, best))
    return faults


def counts(log, store):
    """n, n_a and n_b beside weighted rows are sessions."""
    faults = []
    for panel, kind in (("similar", "view"), ("complementary", "purchase")):
        a = max(log.margin[kind], key=log.margin[kind].get)
        rows = table("show", panel, store, "-p", a, "-n", "10", "--codes", "all",
                     "--weights", "view=7,cart=5,purchase=9")
        for r in rows:
            b = r["product"]
            want = [log.both[kind].get(a, {}).get(b, 0), log.margin[kind][a],
                    log.margin[kind].get(b, 0)]
            if r["source"] != "weighted" or [int(r[k]) for k in ("n", "n_a", "n_b")] != want:
                faults.append("%s, %s: %s, not %s" % (a, b, r, want))
        if not rows:
            faults.append("no row of %s" % a)
    return faults


def main():
    with tempfile.TemporaryDirectory() as folder:
        run("generate", "--products", "200", "--sessions", "6000", "-o", folder)
        path, store = os.path.join(folder, "events.csv"), os.path.join(folder, "w.aisle")
        run("import", "mkechinov", path, "--into", store, "--weights", "cart=5,purchase=0")
        log = Log(path)
        for panel, words, weight in (
                ("similar", "view=1,cart=2,purchase=3", {"view": 1, "cart": 2, "purchase": 3}),
                ("complementary", "view=0,cart=0.5,purchase=4", {"cart": .5, "purchase": 4}),
                ("similar", "store", {"view": 1, "cart": 5})):
            check("%s by %s" % (panel, words), compare(log, store, panel, words, weight))
        part = Log(path, "2024-11-15")
        for panel, words, weight in (
                ("similar", "view=0,cart=1,purchase=0", {"cart": 1}),
                ("similar", "view=1", {"view": 1, "cart": 2, "purchase": 3}),
                ("complementary", "view=2,purchase=1", {"view": 2, "cart": 2, "purchase": 1})):
            check("%s by %s under a filter" % (panel, words), compare(
                part, store, panel, words, weight, "--where", "date<2024-11-15"))
        check("counts stay counts", counts(log, store))
    finish()


main()
