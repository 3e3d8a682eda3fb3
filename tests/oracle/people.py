# SPDX-License-Identifier: GPL-3.0-or-later
"""Rankings of people and periods, against plain loops.

On a small log drawn here: useruser by overlaps and by means of vectors, trending, again, and the
truncated singular values of svd, whose eigenvectors are found by Jacobi's rotations; what they
guess of a user and a product; and who is alike as the view shows it."""
import collections
import datetime
import itertools
import math
import os
import random
import tempfile

from asking import check, finish, run, table

KINDS = ("view", "cart", "purchase")
DAYS = 40


def scores(store, user, model, source="model"):
    return {r["product"]: float(r["score"]) for r in
            table("show", "list", store, "--user", user, "--model", model, "--limit", "100",
                  "--repeat", "keep") if r["source"] in (source, "repeat")}


def close(a, b, by=2e-4):
    return abs(a - b) <= by * max(1e-3, abs(a), abs(b))


def compare(told, own):
    if set(told) != set(own):
        return ["products %s" % sorted(set(told) ^ set(own))[:5]]
    return ["%s: %g, not %g" % (p, told[p], own[p]) for p in own if not close(told[p], own[p])]


def draw():
    rng = random.Random(11)
    log = []
    for u in range(70):
        kind = rng.random()
        for s in range(rng.randint(1, 6)):
            start = rng.random() * DAYS
            for e in range(rng.randint(1, 5)):
                p = min(39, int(rng.expovariate(0.12)) + (20 if kind < 0.3 else 0))
                log.append((int((start + e * 0.001) * 86400), rng.choice(KINDS), p, u,
                            "%d-%d" % (u, s)))
    log.append((DAYS * 86400 - 1, "view", 0, 0, "0-last"))
    # someone gets one thing again and again
    log += [(d * 86400 + 500, "purchase", 7, 3, "3-again-%d" % d) for d in (2, 9, 10, 30)]
    log.sort()
    return log


def write(log, path):
    start = datetime.datetime(2020, 3, 1)
    with open(path, "w") as f:
        f.write("event_time,event_type,product_id,category_id,category_code,brand,price,user_id,"
                "user_session\n")
        for t, kind, p, u, s in log:
            f.write("%s UTC,%s,%d,%d,c%d,b,%d.00,%d,%s\n" % (
                (start + datetime.timedelta(seconds=t)).strftime("%Y-%m-%d %H:%M:%S"), kind,
                1000 + p, 1 + p % 3, p % 3, 5 + p, 500 + u, s))


def nearest(near, has, own, n, news=True):
    """The n best of 2 n, those without news left out; ties by the number of the user."""
    best = sorted(((-x, u) for u, x in near.items() if x > 0))[:2 * n]
    return [(u, -x) for x, u in best if not news or has[u] - own][:n]


def overlaps(has, own):
    return {u: len(s & own) / math.sqrt(len(s) * len(own)) for u, s in has.items()}


def by_users(near, has):
    sums = collections.Counter()
    for u, x in near:
        for p in has[u]:
            sums[p] += x ** 4
    return dict(sums)


def useruser(store, has):
    faults = []
    for n in (4, 50):
        run("train", "useruser", store, "--neighbours", str(n), "-q")
        for u in (3, 20, 41):
            own = by_users(nearest(overlaps(has, has[u]), has, has[u], n), has)
            told = scores(store, str(500 + u), "useruser")
            faults += compare(told, {str(1000 + p): x for p, x in own.items()})
    check("useruser by what both have", faults)
    faults = []
    for u in (3, 20):
        near = overlaps({v: s for v, s in has.items() if v != u}, has[u])
        own = nearest(near, has, has[u], 12, news=False)
        told = table("show", "alike", store, "--user", str(500 + u), "--limit", "12",
                     "--show-users")
        for (v, x), r in itertools.zip_longest(own, told, fillvalue=(None, 0)):
            if str(500 + v) != r["user"] or not close(x, float(r["near"])) or \
                    int(r["both"]) != len(has[u] & has[v]) or int(r["has"]) != len(has[v]):
                faults.append("%s: %s, not %s %g" % (u, dict(r), v, x))
    check("who is alike, by overlaps", faults)


def useruser_by_vectors(store, has, work):
    rng = random.Random(5)
    dim = 6
    v = {p: [rng.gauss(0, 1) + (i == p % dim) * 2 for i in range(dim)] for p in range(40)}
    path = os.path.join(work, "v.txt")
    with open(path, "w") as f:
        f.write("%d %d\n" % (len(v), dim))
        for p, x in v.items():
            f.write("%d %s\n" % (1000 + p, " ".join("%.9g" % y for y in x)))
    run("import", "vectors", "made", path, "--into", store, "-q")
    run("train", "useruser", store, "--model", "made", "--as", "by-vectors", "--neighbours", "9",
        "-q")
    # on principal axes: about the mean
    met = set().union(*has.values())
    mean = [sum(v[p][i] for p in met) / len(met) for i in range(dim)]
    unit = {}
    for p, x in v.items():
        x = [a - b for a, b in zip(x, mean)]
        length = math.sqrt(sum(a * a for a in x))
        unit[p] = [a / length for a in x]

    def of(products):
        s = [sum(unit[p][i] for p in products) for i in range(dim)]
        length = math.sqrt(sum(a * a for a in s))
        return [a / length for a in s]

    users = {u: of(s) for u, s in has.items()}
    faults = []
    for u in (3, 20, 41):
        near = {w: sum(a * b for a, b in zip(users[u], x)) for w, x in users.items()}
        own = by_users(nearest(near, has, has[u], 9), has)
        faults += compare(scores(store, str(500 + u), "by-vectors"),
                          {str(1000 + p): x for p, x in own.items()})
    check("useruser by the means of vectors", faults)


def trending(store, log):
    faults = []
    end = (log[-1][0] // 86400) * 86400
    for days in (0, 3, 14):
        length = (days or 7) * 86400
        run("train", "trending", store, "--period", str(days), "-q")
        n, m = collections.Counter(), collections.Counter()
        for t, kind, p, _, _ in log:
            if kind == "view" and end - length <= t < end:
                n[p] += 1
            if kind == "view" and end - 2 * length <= t < end - length:
                m[p] += 1
        own = {str(1000 + p): (x + .5) / (m[p] + .5) *
               math.exp(-1.96 * math.sqrt(1 / (x + .5) + 1 / (m[p] + .5)))
               for p, x in n.items()}
        told = {r["product"]: float(r["score"]) for r in
                table("show", "list", store, "--model", "trending", "--limit", "100")
                if r["source"] == "model"}
        faults += compare(told, own)
    check("trending over complete periods", faults)


def again(store, log):
    got = collections.defaultdict(list)
    pieces = collections.Counter()
    for t, kind, p, u, _ in log:
        if kind == "purchase":
            pieces[u, p] += 1
            if t // 86400 not in got[u, p]:
                got[u, p].append(t // 86400)
    last = log[-1][0] // 86400
    days, came = collections.Counter(), collections.Counter()

    def state(times, age):
        a = 0
        while a < 15 and age >= 2 ** a:
            a += 1
        return min(times, 3) - 1, a

    buyers, back = collections.Counter(), collections.Counter()
    for (u, p), at in got.items():
        buyers[p] += 1
        back[p] += len(at) > 1
        for k, (d, e) in enumerate(itertools.zip_longest(at, at[1:]), 1):
            for age in range((e if e is not None else last) - d):
                days[state(k, age)] += 1
            if e is not None:
                came[state(k, e - d - 1)] += 1
    mean = sum(back.values()) / sum(buyers.values())
    chance = {}
    for k in range(3):
        all_days = 1 + sum(days[k, a] for a in range(16))
        all_came = sum(came[k, a] for a in range(16))
        for a in range(16):
            chance[k, a] = (came[k, a] + 10 * all_came / all_days) / (days[k, a] + 10)
    end = log[-1][0] + 0.001
    latest = {(u, p): t for t, kind, p, u, _ in log if kind != "remove"}
    run("train", "again", store, "-q")
    faults = []
    for u in (3, 20, 41, 0):
        own = {str(1000 + p): chance[state(pieces[v, p], (end - latest[v, p]) / 86400)] *
               (back[p] + 10 * mean) / (buyers[p] + 10) / mean
               for v, p in got if v == u}
        faults += compare(scores(store, str(500 + u), "again", "repeat"), own)
    check("again by how often and how long ago", faults)


def eigen(a):
    """Eigenvalues and vectors (rows) of a symmetric matrix by cyclic Jacobi rotations."""
    n = len(a)
    a = [row[:] for row in a]
    v = [[float(i == j) for j in range(n)] for i in range(n)]
    for _ in range(60):
        if sum(a[i][j] ** 2 for i in range(n) for j in range(i)) < 1e-18:
            break
        for p in range(n):
            for q in range(p + 1, n):
                if abs(a[p][q]) < 1e-15:
                    continue
                t = (a[q][q] - a[p][p]) / (2 * a[p][q])
                t = math.copysign(1, t) / (abs(t) + math.sqrt(t * t + 1))
                c = 1 / math.sqrt(t * t + 1)
                s = t * c
                for k in range(n):
                    a[k][p], a[k][q] = c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]
                for k in range(n):
                    a[p][k], a[q][k] = c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]
                for k in range(n):
                    v[p][k], v[q][k] = c * v[p][k] - s * v[q][k], s * v[p][k] + c * v[q][k]
    order = sorted(range(n), key=lambda i: -a[i][i])
    return [a[i][i] for i in order], [v[i] for i in order]


def svd(store, log):
    sums = collections.Counter()
    for _, kind, p, u, _ in log:
        sums[u, p] += 1 + KINDS.index(kind)
    products = sorted({p for _, p in sums})
    at = {p: i for i, p in enumerate(products)}
    rows = collections.defaultdict(lambda: [0.0] * len(products))
    for (u, p), x in sums.items():
        rows[u][at[p]] = min(3.0, x)
    gram = [[sum(r[i] * r[j] for r in rows.values()) for j in range(len(products))]
            for i in range(len(products))]
    _, vectors = eigen(gram)
    k = 5
    run("train", "svd", store, "--dim", str(k), "-q")
    faults = []
    for p in (0, 7, 22):
        own = {str(1000 + b): sum(vectors[i][at[p]] * vectors[i][at[b]] for i in range(k))
               for b in products if b != p}
        told = {r["product"]: float(r["score"]) for r in
                table("show", "similar", store, "--product", str(1000 + p), "--model", "svd",
                      "--limit", "100")}
        faults += ["%s: %g, not %g" % (b, told[b], x) for b, x in own.items()
                   if b in told and abs(told[b] - x) > 2e-4]
        if len(told) < len(own) - 1:
            faults.append("%d products, not %d" % (len(told), len(own)))
    check("svd: products of the largest singular vectors", faults)
    faults = []
    for u, p in ((3, 7), (20, 0), (41, 22)):
        own = sum(sum(rows[u][j] * vectors[i][j] for j in range(len(products))) *
                  vectors[i][at[p]] for i in range(k))
        r = table("show", "predict", store, "--user", str(500 + u), "--product", str(1000 + p),
                  "--model", "svd")[0]
        did = max([KINDS.index(kind) for _, kind, q, v, _ in log if (q, v) == (p, u)],
                  default=None)
        if abs(float(r["guess"]) - own) > 1e-3 or r["did"] != ("" if did is None else KINDS[did]):
            faults.append("%s %s: %s, not %g" % (u, p, dict(r), own))
    check("svd guesses what it keeps of the matrix", faults)


def main():
    log = draw()
    has = collections.defaultdict(set)
    for _, _, p, u, _ in log:
        has[u].add(p)
    with tempfile.TemporaryDirectory() as work:
        path, store = os.path.join(work, "log.csv"), os.path.join(work, "shop.aisle")
        write(log, path)
        run("import", "mkechinov", path, "--into", store, "-q")
        useruser(store, has)
        useruser_by_vectors(store, has, work)
        trending(store, log)
        again(store, log)
        svd(store, log)
    finish()


if __name__ == "__main__":
    main()
