# SPDX-License-Identifier: GPL-3.0-or-later
"""Scores of the models that count, against plain loops.

A small made-up shop, and the clickstream where AISLE_TEST_DATA names it: the list that
`aisle show similar --model` prints for a product must hold the products and scores that
the formulas of src/model/md_*.c give, and no other.
"""
import collections
import csv
import itertools
import math
import os
import random
import subprocess
import sys
import tempfile

AISLE = os.path.abspath(os.path.join(os.environ.get("top_builddir", "."), "src", "aisle"))
sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "tests"))
from smaller import part  # noqa: E402

DATA = os.environ.get("AISLE_TEST_DATA", "")
os.environ.update(LC_ALL="C.UTF-8", NO_COLOR="1")
CLOSE = 2e-5            # relative: the store keeps counts and scores as floats
failed = number = 0


def check(name, faults):
    global failed, number
    number += 1
    for fault in faults[:5]:
        print("#", fault)
    failed += bool(faults)
    print("%sok %d - %s" % ("not " if faults else "", number, name))


def run(*args, text=None):
    p = subprocess.run([AISLE, *args], input=text, capture_output=True, text=True)
    if p.returncode:
        sys.exit("Bail out! aisle %s: %s" % (" ".join(args), p.stderr.strip()))
    return p.stdout


class Log:
    """Sequences of products without repeats in a row, with their day."""

    def __init__(self, sessions, last):
        self.all = [([p for p, _ in itertools.groupby(s)], day) for s, day in sessions]
        self.last = last
        self.products = sorted({p for s, _ in self.all for p in s})


def pairs(log, way="window", directed=True, window=10, inverse=True, half_life=0):
    n = collections.defaultdict(lambda: collections.defaultdict(float))
    total, held = 0, collections.Counter()
    for s, day in log.all:
        w = 2 ** (-(log.last - day) / half_life) if half_life else 1
        total += w
        for p in set(s):
            held[p] += w
        if way == "set":
            for a in set(s):
                rest = s[s.index(a):] if directed else s
                for b in set(rest) - {a}:
                    n[a][b] += w
            continue
        for i, a in enumerate(s):
            for g in range(1, (1 if way == "adjacent" else window) + 1):
                if i + g >= len(s) or s[i + g] == a:
                    continue
                x = w / g if inverse else w
                n[a][s[i + g]] += x
                if not directed:
                    n[s[i + g]][a] += x
    if way == "set":
        return n, held, held, total
    left, right = collections.Counter(), collections.Counter()
    for a, row in n.items():
        for b, x in row.items():
            left[a] += x
            right[b] += x
    return n, left, right, sum(left.values())


def covis(log, a, score="conditional", shrink=5, support=0, **how):
    n, left, right, total = log.cache(pairs, **how)
    out = {}
    for b, x in n[a].items():
        if x < support:
            continue
        out[b] = {"count": x,
                  "cosine": x / (math.sqrt(left[a] * right[b]) + shrink),
                  "jaccard": x / (left[a] + right[b] - x + shrink),
                  "conditional": x / (left[a] + shrink),
                  "lift": x / (left[a] * right[b] / total + shrink)}[score]
    return out


def walk(log, a, directed=True, hops=2, alpha=0.5, beta=0):
    n, left, right, _ = log.cache(pairs, way="adjacent", directed=directed, inverse=False)
    at, out = {a: 1.0}, collections.Counter()
    for t in range(hops):
        step = collections.Counter()
        for p, w in at.items():
            for b, x in n[p].items():
                step[b] += w * x / left[p]
        for b, x in step.items():
            out[b] += alpha ** t * x
        at = step
    return {b: x / right[b] ** beta for b, x in out.items()}


def itemknn(log, a, lam=20, alpha=0.5, neighbours=200):
    n, held, _, _ = log.cache(pairs, way="set", directed=False)
    s = {b: x / ((held[a] + lam) ** alpha * (held[b] + lam) ** (1 - alpha))
         for b, x in n[a].items()}
    if len(s) <= neighbours:
        return s
    cut = sorted(s.values())[-neighbours]
    # where the last ones tie, any of them may stand
    return ({b: x for b, x in s.items() if x > cut * (1 + CLOSE)},
            {b: x for b, x in s.items() if abs(x - cut) <= cut * CLOSE})


def vsknn(log, a, neighbours=500, candidates=5000, idf=5):
    held = [set(s) for s, _ in log.all if len(s) >= 2]
    n = collections.Counter(p for s in held for p in s)
    near = [s for s in reversed(held) if a in s][:min(candidates, neighbours)]
    out = collections.Counter()
    for s in near:                  # one product: all are alike
        for b in s:
            out[b] += 1 + idf * math.log(len(held) / n[b])
    return out


def ease(log, a, lam=2000):
    def invert():
        size = len(log.products)
        place = {p: i for i, p in enumerate(log.products)}
        m = [[0.0] * (2 * size) for _ in range(size)]
        for s, _ in log.all:
            for p in set(s):
                for q in set(s):
                    m[place[p]][place[q]] += 1
        for i in range(size):
            m[i][i] += lam
            m[i][size + i] = 1
        for i in range(size):       # Gauss and Jordan; positive definite: no pivots
            top = [x / m[i][i] for x in m[i]]
            m[i] = top
            for k in range(size):
                if k != i and m[k][i]:
                    f = m[k][i]
                    m[k] = [x - f * y for x, y in zip(m[k], top)]
        return place, [row[size:] for row in m]

    place, inverse = log.cache(invert)
    return {b: -inverse[place[a]][j] / inverse[j][j] for b, j in place.items()}


def slist_weights(log, lam, whole, position):
    place = {p: i for i, p in enumerate(log.products)}
    size = len(place)
    left = [[0.0] * size for _ in range(size)]
    right = [[0.0] * size for _ in range(size)]
    for s, _ in log.all:
        for p in set(s):
            for q in set(s):
                left[place[p]][place[q]] += whole
                right[place[p]][place[q]] += whole
        for t in range(1, len(s)):      # a border: a row of S and of T
            before, after = collections.Counter(), collections.Counter()
            for i, p in enumerate(s):
                if i < t:
                    before[place[p]] += position ** (t - 1 - i)
                else:
                    after[place[p]] += position ** (i - t)
            for p, x in before.items():
                for q, y in before.items():
                    left[p][q] += (1 - whole) * x * y
                for q, y in after.items():
                    right[p][q] += (1 - whole) * x * y
    for i in range(size):
        left[i][i] += lam
    inverse = invert_matrix(left)
    a = [[sum(x * right[k][b] for k, x in enumerate(row) if x) for b in range(size)]
         for row in inverse]
    return place, [[a[i][b] - inverse[i][b] * a[b][b] / inverse[b][b]
                    for b in range(size)] for i in range(size)]


def invert_matrix(matrix):
    size = len(matrix)
    m = [row + [float(i == k) for k in range(size)] for i, row in enumerate(matrix)]
    for i in range(size):               # Gauss and Jordan; positive definite: no pivots
        m[i] = [x / m[i][i] for x in m[i]]
        for k in range(size):
            if k != i and m[k][i]:
                f = m[k][i]
                m[k] = [x - f * y for x, y in zip(m[k], m[i])]
    return [row[size:] for row in m]


def slist(log, a, lam=100, whole=.2, position=.5):
    place, weights = log.cache(slist_weights, lam=lam, whole=whole, position=position)
    return {b: weights[place[a]][j] for b, j in place.items()}


def co_purchase(log, a):
    return covis(log, a, way="set", directed=False, score="count", shrink=0)


def rules(log, a):
    return covis(log, a, shrink=0)


def cache(self, f, **how):
    key = (f.__name__, *sorted(how.items()))
    if key not in self.kept:
        self.kept[key] = f(**how) if f.__name__ == "invert" else f(self, **how)
    return self.kept[key]


Log.cache, Log.kept = cache, {}

CASES = [
    ("covis", "", covis, {}),
    ("covis", "--count set --direction symmetric --score cosine --shrink 20", covis,
     dict(way="set", directed=False, score="cosine", shrink=20)),
    ("covis", "--count set --direction directed --score lift --shrink 0", covis,
     dict(way="set", directed=True, score="lift", shrink=0)),
    ("covis", "--count adjacent --score jaccard --shrink 1 --half-life 7", covis,
     dict(way="adjacent", score="jaccard", shrink=1, half_life=7)),
    ("covis", "--window 3 --gap-weight flat --direction symmetric --score count "
     "--support 2", covis,
     dict(window=3, inverse=False, directed=False, score="count", support=2)),
    ("walk", "--direction directed --hops 2 --alpha 0.5 --beta 0", walk, {}),
    ("walk", "--direction symmetric --hops 8 --alpha 0.8 --beta 0.25", walk,
     dict(directed=False, hops=8, alpha=0.8, beta=0.25)),
    ("walk", "--direction symmetric --hops 4 --alpha 0.8 --beta 0.25", walk,
     dict(directed=False, hops=4, alpha=0.8, beta=0.25)),
    ("itemknn", "", itemknn, {}),
    ("itemknn", "--lambda 3 --alpha 0.7 --neighbours 5", itemknn,
     dict(lam=3, alpha=0.7, neighbours=5)),
    ("vsknn", "", vsknn, {}),
    ("vsknn", "--neighbours 20 --idf 1", vsknn, dict(neighbours=20, idf=1)),
    ("ease", "--lambda 10", ease, dict(lam=10)),
    ("slist", "", slist, {}),
    ("slist", "--lambda 5 --whole 0.6 --position 0.8", slist,
     dict(lam=5, whole=.6, position=.8)),
    ("slist", "--lambda 10 --whole 1", ease, dict(lam=10)),
    ("rules", "", rules, {}),
    ("co-purchase", "--events view", co_purchase, {}),
]


def compare(want, got, a):
    faults, may = [], {}
    if isinstance(want, tuple):
        want, may = want
    want.update({b: may[b] for b in may if b in got})
    want = {b: x for b, x in want.items() if b != a and x != 0}
    for b in set(want) ^ set(got):
        if abs(want.get(b, got.get(b))) > 1e-6:
            faults.append("%s -> %s: %s, expected %s" % (a, b, got.get(b), want.get(b)))
    for b in set(want) & set(got):
        if abs(want[b] - got[b]) > CLOSE * abs(want[b]) + 1e-6:
            faults.append("%s -> %s: %.9g, expected %.9g" % (a, b, got[b], want[b]))
    return faults


def ask(store, products, model):
    """{product: {suggested: score}}, by one shell for all."""
    lines = "".join("show similar -p %s --model %s -n 1000 --columns product,score -f jsonl\n"
                    "show categories -n 0 -f tsv --columns path\n" % (p, model)
                    for p in products)
    out, rest = {}, run("shell", store, text=lines).split("path\n")
    for p, text in zip(products, rest):
        rows = [line.split('"') for line in text.splitlines() if line.startswith("{")]
        out[p] = {r[3]: float(r[6][1:-1]) for r in rows}
    return out


def compare_shop(name, store, log, cases, some):
    chosen = log.products[::max(1, len(log.products) // some)]
    for model, options, oracle, how in cases:
        run("train", model, store, "-q", "--as", "tried", *options.split())
        got = ask(store, chosen, "tried")
        check("%s: %s %s" % (name, model, options),
              [f for a in chosen for f in compare(oracle(log, a, **how), got[a], a)])


def small_shop(folder):
    draw = random.Random(1)
    days, path = [], os.path.join(folder, "log.csv")
    with open(path, "w", newline="") as f:
        out = csv.writer(f)
        out.writerow(["event_time", "event_type", "product_id", "user_session"])
        for s in range(400):
            day, at = s // 20, draw.randrange(30)
            seen = []
            for i in range(draw.randrange(1, 9)):
                at = (at + draw.choice([0, 1, 1, 2, 5, 11])) % 30
                seen.append("p%02d" % at)
                out.writerow(["2020-01-%02d 0%d:%02d:%02d UTC" %
                              (day + 1, s % 20 // 10, s % 10, i), "view", seen[-1],
                              "s%03d" % s])
            days.append((seen, day + (s % 20 // 10) / 24 + (s % 10) / 1440))
    last = max(d + (len(s) - 1) / 86400 for s, d in days)
    store = os.path.join(folder, "small.aisle")
    run("import", "csv", path, "--map", "time=event_time,event=event_type,"
        "product=product_id,session=user_session", "--into", store, "-q")
    return store, Log(days, last)


def clickstream(folder, path):
    sessions, last = collections.defaultdict(list), None
    with open(path, newline="") as f:
        for r in itertools.islice(csv.reader(f, delimiter=";"), 1, None):
            sessions[r[5]].append((int(r[3]), r[7]))
    log = Log([([p for _, p in sorted(s)], 0) for s in sessions.values()], 0)
    store = os.path.join(folder, "clicks.aisle")
    run("import", "clickstream", path, "--into", store, "-q")
    return store, log


def fitted(folder):
    """Fitted weights, from equal ones that count what is popular too much, are worth more than
    those, and are the same with one thread; where nothing comes next they are refused."""
    store, log, parts = os.path.join(folder, "made.aisle"), os.path.join(folder, "made"), (
        "--walk", "1", "--itemknn", "1", "--popular", "1")
    run("generate", "-o", log, "--products", "120", "--sessions", "3000", "-q")
    run("import", "mkechinov", *(os.path.join(log, f) for f in sorted(os.listdir(log))
                                 if f not in ("products.csv", "truth.csv")), "--into", store, "-q")
    names = [(how, w + "-" + how) for how in ("share", "rank") for w in ("given", "fitted")]
    for how, name in names:
        run("train", "blend", store, *parts, "--combine", how, "--weights", name.split("-")[0],
            "--as", name, "-q")
    rows = csv.DictReader(run("evaluate", store, *(name for _, name in names), "--queries", "400",
                              "-k", "10", "--alone", "-q", "--format", "csv").splitlines())
    hits = {}
    for r in rows:
        how = "rank" if "rank" in r["parameters"] else "share"
        hits[how, "fitted" in r["parameters"]] = float(r["hr"])
    check("fitted weights are worth more: " + ", ".join(
        "%s %.3f" % (how, hits[how, True] - hits[how, False]) for how in ("share", "rank")),
          ["%s: %g, equal ones %g" % (how, hits[how, True], hits[how, False])
           for how in ("share", "rank") if hits[how, True] < hits[how, False] + 0.005])
    run("train", "blend", store, *parts, "--weights", "fitted", "--threads", "1", "--as", "alone",
        "-q")
    lists = [run("export", "lists", store, "--of", "products", "--model", name, "-o", "-")
             for name in ("alone", "fitted-share")]
    check("one thread finds the same weights", [] if lists[0] == lists[1] else ["other lists"])
    short, path = os.path.join(folder, "short.aisle"), os.path.join(folder, "short.csv")
    with open(path, "w") as f:
        f.write("time,session,product\n2024-01-01,a,x\n2024-01-01,b,y\n")
    run("import", "csv", path, "--map", "time=time,session=session,product=product,kind=view",
        "--into", short, "-q")
    p = subprocess.run([AISLE, "train", "blend", short, *parts, "--weights", "fitted"],
                       capture_output=True, text=True)
    check("nothing to fit weights by", [] if p.returncode == 1 and "give weights" in p.stderr else
          ["exit %d: %s" % (p.returncode, p.stderr)])


def main():
    with tempfile.TemporaryDirectory(prefix="aisle-models-") as folder:
        fitted(folder)
        compare_shop("small shop", *small_shop(folder), CASES, 15)
        path = os.path.join(DATA, "clickstream", "e-shop clothing 2008.csv")
        if DATA and os.path.exists(path):
            Log.kept = {}
            # decay needs the made-up times, EASE takes long in plain Python
            path = part(path, folder, lambda line: line.split(";")[5], 4)
            compare_shop("clickstream", *clickstream(folder, path),
                         [c for c in CASES if c[0] in ("covis", "walk", "itemknn") and
                          "half" not in c[1]], 6)
    print("1..%d" % number)
    sys.exit(1 if failed else 0)


main()
