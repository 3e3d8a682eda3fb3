# SPDX-License-Identifier: GPL-3.0-or-later
"""Models of texts and how they are measured, against plain loops.

With as many numbers as the matrix has a rank, cosines of lsa are those of TF-IDF; shares and hit
rates of evaluate --task text are counted here from exported vectors and the log itself."""
import collections
import csv
import math
import os
import re
import tempfile

from asking import SHOP, check, finish, run, table

K = 10


def weights(text, df, n):
    tf = collections.Counter(re.findall(r"\w+|[^\w\s]", text.lower()))
    v = {w: (1 + math.log(x)) * math.log(n / df[w]) for w, x in tf.items() if df[w] >= 2}
    length = math.sqrt(sum(x * x for x in v.values()))
    return {w: x / length for w, x in v.items()} if length else v


def dot(a, b):
    return sum(x * b.get(w, 0) for w, x in a.items())


def full_rank(store, name):
    distinct = sorted(set(name.values()))
    df = collections.Counter(w for t in distinct
                             for w in set(re.findall(r"\w+|[^\w\s]", t.lower())))
    rows = {p: weights(t, df, len(distinct)) for p, t in name.items()}
    run("train", "lsa", store, "--fields", "name", "--dim", "2000", "-q")
    faults = []
    for p in sorted(name)[::17]:
        told = {r["product"]: float(r["score"]) for r in
                table("near", store, p, "--model", "lsa", "--limit", "1000")}
        for q, x in told.items():
            if abs(x - dot(rows[p], rows[q])) > 5e-4:
                faults.append("%s %s: %g, not %g" % (p, q, x, dot(rows[p], rows[q])))
        faults += [] if len(told) > 50 else ["%s: %d products" % (p, len(told))]
    check("lsa of full rank is TF-IDF", faults)
    q = weights("blue enamel mug and something nobody sells", df, len(distinct))
    told = {r["product"]: float(r["score"]) for r in
            table("near", store, "--text", "blue enamel mug and something nobody sells", "--model",
                  "lsa", "--limit", "1000")}
    ratio = [x / dot(q, rows[p]) for p, x in told.items() if dot(q, rows[p]) > 0.05]
    check("words that someone types are a text too",
          [] if ratio and max(ratio) - min(ratio) < 2e-3 * max(ratio) else
          ["%d ratios from %s to %s" % (len(ratio), min(ratio, default=0), max(ratio, default=0))])


def measured(store, products, log):
    run("train", "lsa", store, "--dim", "16", "-q")
    vectors = {}
    for line in run("export", "vectors", store, "--model", "lsa", "-f", "word2vec", "-o",
                    "-").splitlines()[1:]:
        product, *x = line.split()
        vectors[product] = [float(y) for y in x]
    met = sorted({e["product_id"] for e in log})
    same = {(p, q): products[p]["group"] and products[p]["group"] == products[q]["group"]
            for p in met for q in met}
    length = {p: math.sqrt(sum(x * x for x in v)) for p, v in vectors.items()}

    def ranked(p):
        score = sorted(((sum(a * b for a, b in zip(vectors[p], vectors[q])) /
                         (length[p] * length[q]), q) for q in met if q != p and not same[p, q]),
                       reverse=True)
        if abs(score[K - 1][0] - score[K][0]) > 1e-6:
            return {q: 1.0 for _, q in score[:K]}
        border = score[K - 1][0]
        above = {q: 1.0 for x, q in score if x > border + 1e-6}
        tied = [q for x, q in score if abs(x - border) <= 1e-6]
        return {**above, **{q: (K - len(above)) / len(tied) for q in tied}}

    near = {p: ranked(p) for p in met}
    report = {(r["task"], r["model"]): r for r in
              table("evaluate", store, "--task", "text", "-k", str(K), "--queries", "0", "-q",
                    "--split", "random:0.0001")}
    faults = []
    for kind in ("category", "brand"):
        own = [sum(w for q, w in near[p].items() if products[q][kind] == products[p][kind]) / K
               for p in met if products[p][kind]]
        told = report["text, same " + kind, "lsa"]
        if abs(sum(own) / len(own) - float(told["precision"])) > 2e-3 or \
                int(told["queries"]) != len(own):
            faults.append("%s: %s of %s, not %g of %d" % (kind, told["precision"], told["queries"],
                                                         sum(own) / len(own), len(own)))
    check("shares of what is near", faults)
    faults = []
    for kind, task in (("view", "co-view"), ("purchase", "co-purchase")):
        baskets = collections.defaultdict(list)
        for e in log:
            if e["event_type"] == kind and e["product_id"] not in baskets[e["user_session"]]:
                baskets[e["user_session"]].append(e["product_id"])
        hits = [near[a].get(b, 0) for s in baskets.values() for a in s for b in s
                if a != b and not same[a, b]]
        told = report["text, " + task, "lsa"]
        if abs(sum(hits) / len(hits) - float(told["hr"])) > 2e-3 or \
                int(told["queries"]) != len(hits):
            faults.append("%s: %s of %s, not %g of %d" % (task, told["hr"], told["queries"],
                                                         sum(hits) / len(hits), len(hits)))
        if not float(told["hr_low"]) <= float(told["hr"]) <= float(told["hr_high"]):
            faults.append("%s: its interval is %s to %s" % (task, told["hr_low"], told["hr_high"]))
    check("hit rates of pairs of sessions", faults)


def main():
    log = [e for e in csv.DictReader(open(os.path.join(SHOP, "events.csv")))
           if e["event_type"] != "remove_from_cart"]
    with tempfile.TemporaryDirectory() as work:
        store = os.path.join(work, "shop.aisle")
        run("import", "mkechinov", os.path.join(SHOP, "events.csv"), "--products",
            os.path.join(SHOP, "products.csv"), "--into", store, "-q")
        code = {r["product_id"]: r["product_code"] for r in
                csv.DictReader(open(os.path.join(SHOP, "products.csv")))}
        products = {r["product"]: {"name": r["label"], "category": r["category"],
                                   "brand": r["brand"], "group": code.get(r["product"])}
                    for r in table("show", "products", store)}
        full_rank(store, {p: r["name"] for p, r in products.items()})
        measured(store, products, log)
    finish()


if __name__ == "__main__":
    main()
