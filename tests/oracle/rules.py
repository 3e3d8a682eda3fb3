# SPDX-License-Identifier: GPL-3.0-or-later
"""Random rules and verdicts against the published order, done naively: filters and blocks,
product set, once, pins by id, pins by a test, boosts, buries, the rest."""
import csv
import math
import os
import random
import subprocess
import sys
import tempfile

TOP = os.environ.get("top_builddir", ".")
SOURCE = os.environ.get("top_srcdir", ".")
AISLE = os.path.join(TOP, "src", "aisle")
SHOP = os.path.join(SOURCE, "data", "shop")
ROUNDS = 60
rng = random.Random(int(os.environ.get("AISLE_SEED") or 7))


def run(*words, stdin=None):
    r = subprocess.run([AISLE, *words], capture_output=True, input=stdin)
    if r.returncode:
        raise AssertionError("%s: exit %d: %s" % (words, r.returncode, r.stderr.decode()))
    return r.stdout.decode()


def table(*words):
    return list(csv.DictReader(run(*words, "-f", "tsv").splitlines(), delimiter="\t",
                               quoting=csv.QUOTE_NONE))


def ranking(store, panel, product, *more):
    """[(product, source)]; sources that are ranked as one have one name."""
    one = {"co-cart": "co-purchase", "second": "co-purchase", "transition": "co-purchase"}
    return [(r["product"], one.get(r["source"], r["source"]))
            for r in table("show", panel, store, "-p", product, "--codes", "all", "--columns",
                           "product,source", *more)]


# A test: the text of a rule's condition, and a function (product, suggestion) -> bool.
def draw_test(shop):
    some = rng.choice([p for p in shop.values() if p["brand"] and p["category"]])
    price = rng.choice([p["price"] for p in shop.values() if p["price"]])
    low, high = sorted(rng.choice((0.25, 0.5, 1, 1.5, 2, 4)) for _ in range(2))

    def times(a, b):
        return bool(a["price"] and b["price"] and low <= b["price"] / a["price"] <= high)

    below = some["category"]
    side = rng.choice(("", "suggestion.", "product."))
    of = (lambda a, b: a) if side == "product." else (lambda a, b: b)
    within = lambda c: c == below or c.startswith(below + ".")
    return rng.choice([
        ("%sprice < %s" % (side, price),
         lambda a, b: bool(of(a, b)["price"]) and of(a, b)["price"] < price),
        ("%scategory = '%s'" % (side, below), lambda a, b: within(of(a, b)["category"])),
        ("%sbrand = '%s'" % (side, some["brand"]),
         lambda a, b: of(a, b)["brand"] == some["brand"]),
        ("suggestion.category != product.category",
         lambda a, b: a["category"] != b["category"]),
        ("suggestion.brand = product.brand", lambda a, b: a["brand"] == b["brand"]),
        ("suggestion.price >= product.price",
         lambda a, b: bool(a["price"] and b["price"]) and b["price"] >= a["price"]),
        ("price in %sx..%sx" % (low, high), times),
        ("price not in %sx..%sx" % (low, high), lambda a, b: not times(a, b)),
    ])


def draw_rule(shop):
    tests = [draw_test(shop) for _ in range(rng.choice((1, 1, 1, 2)))]
    text = " and ".join(t for t, _ in tests)
    holds = lambda a, b: all(f(a, b) for _, f in tests)
    action = rng.choice(("block", "only", "pin", "pin id", "boost", "boost", "bury", "once"))
    if action == "once":
        field = rng.choice(("brand", "category"))
        return ("once " + field, action, 0, lambda b: b[field])
    if action == "pin id":
        product = rng.choice(list(shop))
        place = rng.randrange(1, 9)
        return ("pin '%s' at %d" % (product, place), action, place, product)
    if action == "pin":
        place = rng.randrange(1, 9)
        return ("pin %s at %d" % (text, place), action, place, holds)
    return ("%s %s" % (action, text), action, 0, holds)


def naive(shop, product, ranked, rules, rejected, pinned, limit):
    a = shop[product]
    of = lambda kind: [r for r in rules if r[1] == kind]
    out = lambda b: (b in rejected or any(r[3](a, shop[b]) for r in of("block")) or
                     not all(r[3](a, shop[b]) for r in of("only")))
    # candidates of the sources, in their order, that fill the list
    rest, filled, seen = [], None, set()
    for b, source in ranked:
        if len(rest) >= limit and source != filled:
            break
        filled = source
        alike = {(r[0], r[3](shop[b])) for r in of("once") if r[3](shop[b])}
        if not out(b) and not alike & seen:
            rest.append(b)
            seen |= alike
    if filled == "popular":
        return None  # how far it reaches depends on how much is wanted
    tier = {}
    for b in rest:
        first = next((r for r in rules if r[1] in ("boost", "bury") and r[3](a, shop[b])), None)
        tier[b] = {"boost": 0, "bury": 2}[first[1]] if first else 1
    rest.sort(key=lambda b: tier[b])
    wants = [(place, b) for b, place in pinned]
    wants += [(r[2], r[3]) for r in of("pin id")]
    given = []
    for place, b in wants:
        if b != product and not out(b) and b not in [g[1] for g in given]:
            given.append((place, b))
            if b not in rest:
                rest.append(b)
    for r in of("pin"):
        fits = [b for b in rest if b not in [g[1] for g in given] and r[3](a, shop[b])]
        if fits:
            given.append((r[2], fits[0]))
    taken = [g[1] for g in given]
    free = [b for b in rest if b not in taken]
    # among pins that want the same place, the one that stood first in the list
    given.sort(key=lambda g: (g[0], rest.index(g[1])))
    final = []
    while given or free:
        if given and (given[0][0] <= len(final) + 1 or not free):
            final.append(given.pop(0)[1])
        else:
            final.append(free.pop(0))
    return final[:limit]


def one_round(store, shop, i):
    product = rng.choice(list(shop))
    panel = rng.choice(("similar", "complementary"))
    ranked = ranking(store, panel, product, "--rules", "off", "--verdicts", "none",
                     "--limit", "10000")
    rules = [draw_rule(shop) for _ in range(rng.randrange(5))]
    text = "\n".join(r[0] for r in rules)
    run("rules", "set", store, "-", stdin=text.encode())
    some = [b for b, _ in rng.sample(ranked, min(len(ranked), 6))]
    rejected = set(some[:rng.randrange(3)])
    pinned = [(b, rng.randrange(1, 8)) for b in some[3:3 + rng.randrange(3)]]
    for b in rejected:
        run("verdict", "reject", store, "--panel", panel, "-p", product, "--with", b, "-q")
    for b, place in pinned:
        run("verdict", "pin", store, "--panel", panel, "-p", product, "--with", b,
            "--position", str(place), "-q")
    # verdicts are found by the suggestion's number, the order of ids within a category
    order = {p: n for n, p in enumerate(shop)}
    pinned.sort(key=lambda x: order[x[0]])
    limit = rng.choice((1, 5, 10, 20))
    have = [b for b, _ in ranking(store, panel, product, "--limit", str(limit))]
    want = naive(shop, product, ranked, rules, rejected, pinned, limit)
    for _ in range(len(rejected) + len(pinned)):
        run("verdict", "undo", store, "-q")
    if want is None:
        return False
    if have != want:
        raise AssertionError("round %d, %s of %s under\n%s\nrejected %s pinned %s:\n%s\n%s" % (
            i, panel, product, text, rejected, pinned, have, want))
    return True


def main():
    print("1..1")
    with tempfile.TemporaryDirectory() as folder:
        store = os.path.join(folder, "s.aisle")
        run("import", "mkechinov", os.path.join(SHOP, "events.csv"), "--products",
            os.path.join(SHOP, "products.csv"), "--into", store, "-q")
        shop = {r["product"]: {"price": float(r["price"]) if r["price"] else 0,
                               "category": r["category"], "brand": r["brand"]}
                for r in table("show", "products", store)}
        try:
            done = 0
            while done < ROUNDS:
                done += one_round(store, shop, done)
            print("ok 1 - %d random sets of rules and verdicts" % ROUNDS)
        except AssertionError as e:
            print("not ok 1 - random rules and verdicts")
            for line in str(e).splitlines():
                print("# " + line)
            sys.exit(1)


main()
