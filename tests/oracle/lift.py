# SPDX-License-Identifier: GPL-3.0-or-later
"""The intervals of lift, from the definition, slowly.

A ratio r of two shares is kept while the score of its likelihood is small enough. Shares of
greatest likelihood are looked for by ternary search on the likelihood itself, ends of the
interval by bisection, so nothing is shared with the program but the four counts.
"""
import csv
import io
import math
import os
import subprocess
import sys
import tempfile

AISLE = os.path.abspath(os.path.join(os.environ.get("top_builddir", "."), "src", "aisle"))
Z = 1.959963984540054


def wilson(k, n):
    def kept(p):
        return abs(k / n - p) <= Z * math.sqrt(p * (1 - p) / n)

    def end(inside, outside):
        if kept(outside):
            return outside
        for _ in range(60):
            mid = (inside + outside) / 2
            inside, outside = (mid, outside) if kept(mid) else (inside, mid)
        return inside
    return end(k / n, 0.0), end(k / n, 1.0)


def log_likelihood(p2, r, x1, n1, x2, n2):
    def term(k, p):
        return k * math.log(p) if k else 0.0
    p1 = min(r * p2, 1.0)
    if p1 >= 1 and x1 < n1:
        return -math.inf
    return (term(x1, p1) + (n1 - x1 and (n1 - x1) * math.log1p(-p1)) + term(x2, p2) +
            (n2 - x2 and (n2 - x2) * math.log1p(-p2)))


def score(r, x1, n1, x2, n2):
    low, high = math.log(1e-12), math.log(min(1.0, 1 / r)) - 1e-13
    for _ in range(120):
        a, b = low + (high - low) / 3, high - (high - low) / 3
        if (log_likelihood(math.exp(a), r, x1, n1, x2, n2) <
                log_likelihood(math.exp(b), r, x1, n1, x2, n2)):
            low = a
        else:
            high = b
    p2 = math.exp((low + high) / 2)
    p1 = min(r * p2, 1.0)
    var = p1 * (1 - p1) / n1 + r * r * p2 * (1 - p2) / n2
    return (x1 / n1 - r * x2 / n2) / math.sqrt(max(var, 1e-300))


def ratio(x1, n1, x2, n2):
    def end(z):
        low, high = math.log(1e-12), math.log(1e12)
        for _ in range(60):
            mid = (low + high) / 2
            low, high = (mid, high) if score(math.exp(mid), x1, n1, x2, n2) > z else (low, mid)
        return math.exp((low + high) / 2)
    return (end(Z) if x1 else 0.0), (end(-Z) if x2 else math.inf)


def lift_of(r, q):
    return 1 / q if math.isinf(r) else r / (q * r + 1 - q)


def around(best, r, q, shares, sign):
    """Errors of the ratio and of the share q, squared and added, on the logarithm."""
    if not best or not r:
        return lift_of(r, q)
    middle = math.log(lift_of(best, q))
    other = [sign * (math.log(lift_of(best, x)) - middle) for x in shares]
    return math.exp(middle + sign * math.hypot(math.log(lift_of(r, q)) - middle,
                                               max(0.0, *other)))


def interval(n, n_a, n_b, n_all):
    base = n_b / n_all
    low, high = (x / base for x in wilson(n, n_a))
    rare, common = min(n_a, n_b), max(n_a, n_b)
    if rare < n_all:
        x2, n2 = min(common - n, n_all - rare), n_all - rare
        best = n / rare / (x2 / n2) if x2 else math.inf
        ends, shares = ratio(n, rare, x2, n2), wilson(rare, n_all)
        low = min(low, around(best, ends[0], rare / n_all, shares, -1))
        high = max(high, around(best, ends[1], rare / n_all, shares, 1))
    lift = n / n_a / base
    return min(lift, low), max(lift, high)


def counted(folder):
    """n, n_a, n_b, n_all and the interval of every pair of the generated shop."""
    subprocess.run([AISLE, "generate", "-o", folder, "--products", "60", "--sessions", "1200",
                    "--seed", "5", "--format", "mkechinov"], check=True, capture_output=True)
    store = os.path.join(folder, "shop.aisle")
    subprocess.run([AISLE, "import", "-q", "mkechinov", os.path.join(folder, "events.csv"),
                    "--into", store], check=True, capture_output=True)
    for relation in ("co-purchase", "co-view", "view-purchase"):
        text = subprocess.run([AISLE, "show", "pairs", store, "--relation", relation,
                               "--columns", "n,n_a,n_b,n_all,lift_low,lift_high", "--format",
                               "tsv"], check=True, capture_output=True, text=True).stdout
        for row in csv.DictReader(io.StringIO(text), delimiter="\t"):
            yield (relation, tuple(int(row[k]) for k in ("n", "n_a", "n_b", "n_all")),
                   (float(row["lift_low"]), float(row["lift_high"])))


def main():
    if len(sys.argv) > 1:   # "n,n_a,n_b,n_all" ...: rows of tests/unit/test_lift.c
        for words in sys.argv[1:]:
            c = [int(x) for x in words.split(",")]
            print("{{%d, %d, %d, %d}, %.9g, %.9g}," % (*c, *interval(*c)))
        return 0
    seen, wrong = {}, []
    with tempfile.TemporaryDirectory() as folder:
        for relation, counts, ends in counted(folder):
            if counts not in seen and (len(seen) >= 150 or hash(counts) % 7):
                continue        # it is slow: some of them
            want = seen.setdefault(counts, None) or interval(*counts)
            seen[counts] = want
            if not all(math.isclose(x, y, rel_tol=1e-5) for x, y in zip(ends, want)):
                wrong.append((relation, counts, ends, want))
    print("1..2")
    print("ok" if len(seen) > 50 else "not ok", "1 - %d different tables" % len(seen))
    for row in wrong[:5]:
        print("#", *row)
    print("not ok" if wrong else "ok", "2 - every interval of lift agrees with its definition")
    return 1 if wrong else 0


sys.exit(main())
