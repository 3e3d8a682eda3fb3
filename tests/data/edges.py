# SPDX-License-Identifier: GPL-3.0-or-later
"""Graphs of what follows each other, of three kinds of events and without direction, against
a script that reads the log itself; they come back by import edges. Ratings are what mf and
neumf learn: labels and the constant beside them.
"""
import collections
import csv
import json
import os
import random
import subprocess

from one_shop import AISLE, run, run_tests


def edges(text):
    found = {}
    for line in text.splitlines():
        a, b, n = line.split("\t")
        if (a, b) in found:
            raise AssertionError("%s %s is written twice" % (a, b))
        found[a, b] = int(n)
    return found


def both(n):
    sums = collections.Counter()
    for (a, b), w in n.items():
        sums[frozenset((a, b))] += w
    return dict(sums)


def same(have, want, what):
    if have != want:
        raise AssertionError("%s: %d edges of weight %d, not %d of %d" % (
            what, len(have), sum(have.values()), len(want), sum(want.values())))


class Shop:
    def __init__(self, folder):
        self.folder = folder
        run(AISLE, "generate", "--sessions", "4000", "--products", "300", "-o", self.path("gen"))
        self.store = self.path("shop.aisle")
        run(AISLE, "import", "mkechinov", self.path("gen/events.csv"), "--into", self.store)
        self.sessions = collections.defaultdict(list)
        with open(self.path("gen/events.csv")) as f:
            for i, r in enumerate(csv.DictReader(f)):
                self.sessions[r["user_session"]].append(
                    (r["event_time"], i, r["event_type"], r["product_id"]))

    def path(self, name):
        return os.path.join(self.folder, name)

    def follow(self, kind):
        n = collections.Counter()
        for events in self.sessions.values():
            products = [e[3] for e in sorted(events) if e[2] == kind]
            for a, b in zip(products, products[1:]):
                n[a, b] += a != b
        return {k: w for k, w in n.items() if w}


def test_adjacent(shop):
    for kind in ("view", "cart", "purchase"):
        want = shop.follow(kind)
        have = run(AISLE, "export", "edges", shop.store, "--adjacent", kind, "-o", "-",
                   "--format", "edg")
        same(edges(have), want, kind)
        have = run(AISLE, "export", "edges", shop.store, "--adjacent", kind, "--undirected",
                   "-o", "-", "--format", "edg")
        if len(have.splitlines()) != len(both(want)):
            raise AssertionError("%s: an edge stands in both directions" % kind)
        same(both(edges(have)), both(want), kind + ", undirected")
    run(AISLE, "export", "edges", shop.store, "--adjacent", "cart", "--relation", "co-view",
        "-o", "-", want=2)


def test_round(shop):
    """What export edges writes import edges reads, whatever the direction."""
    file, store = shop.path("p.edg"), shop.path("graph.aisle")
    want = shop.follow("purchase")
    run(AISLE, "export", "edges", shop.store, "--adjacent", "purchase", "-o", file)
    for words, like in (((), want), (("--undirected",), None)):
        run(AISLE, "import", "edges", file, "--relation", "adjacent-view", *words, "--into",
            store)
        have = edges(run(AISLE, "export", "edges", store, "--relation", "adjacent-view", "-o",
                         "-", "--format", "edg"))
        if like is None:
            like = collections.Counter()
            for (a, b), w in want.items():
                like[a, b] += w
                like[b, a] += w
        same(have, dict(like), "import edges " + " ".join(words))
    for name, relation in (("similar", "co-view"), ("complement", "co-purchase")):
        run(AISLE, "import", "edges", file, "--relation", name, "--into", store)
        have = edges(run(AISLE, "export", "edges", store, "--relation", relation, "-o", "-",
                         "--format", "edg"))
        same(both(have), both(want), name)


def check_transitions(shop, store, edges):
    """An edge of weight n is n baskets of its two products."""
    with open(shop.path("gen/products.csv")) as f:
        category = {r["product_id"]: r["category_id"] for r in csv.DictReader(f)}
    n, of = collections.Counter(), collections.Counter()
    for (a, b), w in edges.items():
        x, y = category[a], category[b]
        for c in {x, y}:
            of[c] += w
        for pair in {(x, y), (y, x)}:
            n[pair] += w
    want = sorted((w, of[x], of[y], sum(edges.values())) for (x, y), w in n.items() if w)
    rows = csv.DictReader(run(AISLE, "show", "transitions", store, "--format", "csv", "--baskets",
                              "all").splitlines())
    have = sorted(tuple(int(r[k]) for k in ("n", "n_a", "n_b", "n_all")) for r in rows)
    if have != want or len(want) < 100:
        raise AssertionError("%d transitions, not %d: %s" % (len(have), len(want), [
            x for x in zip(have, want) if x[0] != x[1]][:3]))


def test_relations(shop):
    """Several relations in one store, by file and by column, with a list of the products."""
    wants = {k: shop.follow(k) for k in ("view", "cart", "purchase")}
    seen, rest, store = shop.path("seen.edg"), shop.path("rest.csv"), shop.path("all.aisle")
    with open(seen, "w") as f:
        f.writelines("%s\t%s\t%d\n" % (a, b, n) for (a, b), n in wants["view"].items())
    with open(rest, "w") as f:
        f.write("relation,source,target,weight\n")
        for kind, name in (("cart", "co-cart"), ("purchase", "complement")):
            f.writelines("%s,%s,%s,%d\n" % (name, a, b, n) for (a, b), n in wants[kind].items())
    run(AISLE, "import", "edges", "adjacent-view=" + seen, rest, "--products",
        shop.path("gen/products.csv"), "--into", store)
    run(AISLE, "verify", store)
    check_transitions(shop, store, wants["purchase"])
    have = edges(run(AISLE, "export", "edges", store, "--relation", "adjacent-view", "-o", "-",
                     "--format", "edg"))
    same(have, dict(wants["view"]), "adjacent-view of a file")
    for kind in ("cart", "purchase"):
        have = edges(run(AISLE, "export", "edges", store, "--relation", "co-" + kind, "-o", "-",
                         "--format", "edg"))
        same(both(have), both(wants[kind]), kind + " of a column")
    rows = csv.DictReader(run(AISLE, "export", "products", store, "-o", "-").splitlines())
    have = {r["product"]: (r["label"], r["category_id"], r["brand"]) for r in rows}
    with open(shop.path("gen/products.csv")) as f:
        want = {r["product_id"]: (r["name"], r["category_id"], r["brand"])
                for r in csv.DictReader(f)}
    if have != want:
        raise AssertionError("%d products, not %d, or others" % (len(have), len(want)))
    with open(rest, "a") as f:
        f.write("nothing,a,b,1\n")
    err = run(AISLE, "import", "edges", rest, "--into", shop.path("no.aisle"), want=1)
    if "relation" not in err:
        raise AssertionError(err)


def test_catalogue(shop):
    """Other names of columns, paths with dots in their names, signs of a currency; a price that
    can't be read loses no product."""
    edges, csv_file, lines = (shop.path(x) for x in ("few.csv", "few-products.csv", "few.jsonl"))
    paths = {"x1": ["Shoes", "Dr. Who", "3.5 in"], "x2": ["Shoes", "Dr. Who", "4 in"],
             "x3": ["Hats"]}
    prices = {"x1": ("$1,200.50", "1200.5"), "x2": ("EUR 3", "3.0"), "x3": ("on demand", "")}
    with open(edges, "w") as f:
        f.write("x1,x2\nx2,x3,4\n")
    with open(csv_file, "w", newline="") as f:
        w = csv.writer(f)
        w.writerow(["asin", "title", "category_path", "price"])
        w.writerows([p, "Title of " + p, " > ".join(paths[p]), prices[p][0]] for p in paths)
    with open(lines, "w") as f:
        f.writelines(json.dumps({"id": p, "product_name": "Title of " + p, "category": paths[p],
                                 "price": prices[p][0]}) + "\n" for p in paths)
    for file in csv_file, lines:
        store = shop.path("few.aisle")
        r = subprocess.run([AISLE, "import", "edges", edges, "--products", file, "--into", store],
                           capture_output=True, text=True)
        if r.returncode or "1 price can't be read" not in r.stderr:
            raise AssertionError(r.stderr)
        rows = csv.DictReader(run(AISLE, "export", "products", store, "-o", "-").splitlines())
        have = {x["product"]: (x["label"], x["category"], x["price"]) for x in rows}
        want = {p: ("Title of " + p, ".".join(paths[p]), prices[p][1]) for p in paths}
        if have != want:
            raise AssertionError("%s: %s" % (file, have))


def test_weights(shop):
    """What an event says is the label that mf guesses; the constant is the labels' mean."""
    store, weight = shop.path("weighed.aisle"), {"view": 1, "cart": 4, "purchase": 9}
    run(AISLE, "import", "mkechinov", shop.path("gen/events.csv"), "--weights",
        "cart=4,purchase=9", "--into", store)
    run(AISLE, "train", "mf", store, "--epochs", "1")
    labels = [weight[e[2]] for events in shop.sessions.values() for e in events
              if e[2] in weight]
    mean = sum(labels) / len(labels)
    spread = sum((x - mean) ** 2 for x in labels) / len(labels)
    with open(shop.path("gen/events.csv")) as f:
        one = next(csv.DictReader(f))
    have = json.loads(run(AISLE, "show", "predict", store, "--user", one["user_id"], "--product",
                          one["product_id"], "--model", "mf", "--format", "json"))
    have = have["rows"][0]["constant"]
    if abs(have - mean) > 6 * (spread / (.8 * len(labels))) ** .5:
        raise AssertionError("the mean label is %g, not %g" % (have, mean))
    for words in ("view", "view=-1", "look=2", "view=x"):
        run(AISLE, "import", "mkechinov", shop.path("gen/events.csv"), "--weights", words,
            "--into", shop.path("no.aisle"), want=2)


def test_ratings(shop):
    random.seed(5)
    stars, file, store = [], shop.path("stars.csv"), shop.path("stars.aisle")
    with open(file, "w") as f:
        f.write("when,who,what,stars\n")
        for u in range(200):
            for i in random.sample(range(50), 12):
                x = 3 + (u * 7 % 5 - 2) * .5 + (i * 3 % 7 - 3) * .5 + random.gauss(0, .2)
                stars.append(max(1, min(5, round(x))))
                f.write("2024-01-%02d 00:00:00,u%d,p%d,%d\n" % (1 + i % 28, u, i, stars[-1]))
    run(AISLE, "import", "csv", file, "--map",
        "time=when,user=who,product=what,rating=stars,kind=rating", "--into", store)
    mean = sum(stars) / len(stars)
    spread = sum((x - mean) ** 2 for x in stars) / len(stars)
    for model in ("mf", "neumf"):
        run(AISLE, "train", model, store, "--epochs", "60", "--rate", "0.01")
        row = json.loads(run(AISLE, "show", "predict", store, "--user", "u5", "--product", "p3",
                             "--model", model, "--format", "json"))["rows"][0]
        # A tenth of the ratings is the test: six standard errors of its mean and variance.
        if abs(row["constant"] - mean) > 6 * (spread / (.8 * len(stars))) ** .5 or \
                abs(row["mse_constant"] - spread) > .25 * spread:
            raise AssertionError("the constant is %g with %g, not %g with %g" % (
                row["constant"], row["mse_constant"], mean, spread))
        if row["mse_test"] > .4 * row["mse_constant"]:
            raise AssertionError("%s learnt nothing: %g beside %g" % (
                model, row["mse_test"], row["mse_constant"]))


run_tests(Shop, globals())
