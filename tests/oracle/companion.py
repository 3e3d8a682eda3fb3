# SPDX-License-Identifier: GPL-3.0-or-later
"""Vectors and scores of companion and product2vec, from weights and features by plain loops.

A generated shop: the tower's way forward gives the vectors that the model keeps, the network
of categories its gammas and projections, and both the scores that are printed, by contrast
and by hinges, summed and in turns of categories. What a product that is typed in is suggested
comes from its own row of features, hashed here.
"""
import csv
import json
import math
import os
import subprocess
import sys
import tempfile

TOP = os.environ.get("top_builddir", ".")
AISLE = os.path.abspath(os.path.join(TOP, "src", "aisle"))
DUMP = os.path.abspath(os.path.join(TOP, "tests", "oracle", "dump_network"))
os.environ.update(LC_ALL="C.UTF-8", NO_COLOR="1")
HIDDEN, DIM, TYPE = 12, 8, 6
failed = number = 0


def check(name, faults):
    global failed, number
    number += 1
    for fault in faults[:5]:
        print("#", fault)
    failed += bool(faults)
    print("%sok %d - %s" % ("not " if faults else "", number, name))


def run(*args):
    p = subprocess.run(args, capture_output=True, text=True)
    if p.returncode:
        sys.exit("Bail out! %s: %s" % (" ".join(args), p.stderr.strip()))
    return p.stdout


class Net:
    """What the model keeps."""

    def __init__(self, store, name):
        self.of = {}
        for line in run(DUMP, store, name).splitlines():
            x = json.loads(line)
            self.of[x["name"]] = x
        self.ids = self.of["ids"]["data"]

    def rows(self, name):
        a = self.of[name]
        w = a["columns"]
        return [a["data"][i * w:(i + 1) * w] for i in range(a["rows"])]


def times(x, weights, bias, to):
    """Rows of weights are inputs."""
    return [bias[j] + sum(x[i] * weights[i * to + j] for i in range(len(x)))
            for j in range(to)]


def forward(net):
    theta, table = net.of["net/theta"]["data"], net.rows("net/table")
    mean, inverse = net.rows("net/norm")
    at = 0

    def take(n):
        nonlocal at
        at += n
        return theta[at - n:at]

    b1, w2, b2 = take(HIDDEN), take(HIDDEN * HIDDEN), take(HIDDEN)
    w3, b3, scale, shift = take(HIDDEN * DIM), take(DIM), take(DIM), take(DIM)
    out = []
    for row in net.of["features"]["rows"]:
        h = list(b1)
        for column, value in row:
            for j in range(HIDDEN):
                h[j] += value * table[column][j]
        h = [math.tanh(x) for x in h]
        h = [math.tanh(x) for x in times(h, w2, b2, HIDDEN)]
        raw = times(h, w3, b3, DIM)
        out.append([scale[j] * (raw[j] - mean[j]) * inverse[j] + shift[j]
                    for j in range(DIM)])
    return out, theta[at:]


def categories(extra, types):
    """gamma, phic and P of every category."""
    half, at = TYPE // 2, 0

    def take(n):
        nonlocal at
        at += n
        return extra[at - n:at]

    phi, phic = take(types * TYPE), take(types * TYPE)
    w4, b4, w5, b5 = take(TYPE * half), take(half), take(half * TYPE), take(TYPE)
    w6, b6 = take(TYPE * DIM), take(DIM)
    gamma, project = [], []
    for w in range(types):
        h = [max(0, x) for x in times(phi[w * TYPE:(w + 1) * TYPE], w4, b4, half)]
        gamma.append(times(h, w5, b5, TYPE))
        project.append(times(phic[w * TYPE:(w + 1) * TYPE], w6, b6, DIM))
    return gamma, [phic[w * TYPE:(w + 1) * TYPE] for w in range(types)], project


def far(a, b):
    return sum((x - y) ** 2 for x, y in zip(a, b))


def scores(net, a, how):
    theta, extra = forward(net)
    return scores_of(net, theta + [theta[a]], extra,
                     dict(how, type=net.of["type/of"]["data"][a]))


def scores_of(net, theta, extra, how):
    """All products' for the last of theta, of category how["type"]."""
    theta, own = theta[:-1], theta[-1]
    of, count = net.of["type/of"]["data"], net.of["count"]["data"]
    types = net.of["type/gamma"]["rows"]
    gamma, phic, project = categories(extra, types)
    kind = [-far(gamma[how["type"]], phic[w]) for w in range(types)]
    if how["loss"] == "contrast":
        most = max(kind)
        kind = [x - most - math.log(sum(math.exp(y - most) for y in kind)) for x in kind]
    item = []
    for b in range(len(theta)):
        p = project[of[b]]
        if how["loss"] == "contrast":
            item.append(sum(x * y * z for x, y, z in zip(own, theta[b], p))
                        / how["temperature"])
        else:
            item.append(-far([x * y for x, y in zip(own, p)], theta[b]))
    if how["ranking"] == "sum":
        return [item[b] + how["type-weight"] * kind[of[b]] +
                how["popularity"] * math.log1p(count[b]) for b in range(len(theta))]
    best = sorted(range(types), key=lambda w: (-kind[w], w))[:how["categories"]]
    out, had = [None] * len(theta), [0] * types
    for b in sorted(range(len(theta)), key=lambda b: (-item[b], b)):
        w = of[b]
        if w in best and had[w] < how["each"]:
            out[b] = 1 / (1 + had[w] * how["categories"] + best.index(w))
            had[w] += 1
    return out


def differ(a, b, most=2e-4):
    return abs(a - b) > most * (1 + abs(a))


def try_companion(store, **how):
    name = "c-%s-%s" % (how["loss"], how["ranking"])
    args = [x for k, v in how.items() for x in ("--" + k, str(v))]
    run(AISLE, "train", "companion", store, "--as", name, "--dim", str(DIM), "--hidden",
        str(HIDDEN), "--type-dim", str(TYPE), "--epochs", "3", "--buckets", "64", "-q", *args)
    net = Net(store, name)
    theta, extra = forward(net)
    kept = net.rows("vectors")
    check(name + ": vectors", ["product %d: %r, kept %r" % (p, x, y)
                               for p, (x, y) in enumerate(zip(theta, kept))
                               if any(differ(s, t) for s, t in zip(x, y))])
    gamma, phic, project = categories(extra, net.of["type/gamma"]["rows"])
    check(name + ": categories",
          [n for n, x in (("type/gamma", gamma), ("type/complement", phic),
                          ("type/project", project))
           for r, k in zip(x, net.rows(n)) if any(differ(s, t) for s, t in zip(r, k))])
    faults = []
    for a in range(0, len(net.ids), max(1, len(net.ids) // 4)):
        want = scores(net, a, how)
        rows = run(AISLE, "show", "complementary", store, "-p", net.ids[a], "--model", name,
                   "--same-category", "include", "-n", "1000", "--format", "json")
        for row in json.loads(rows)["rows"]:
            b = net.ids.index(row["product"])
            if want[b] is None or differ(want[b], row["score"]):
                faults.append("%s -> %s: %r, shown %r" % (net.ids[a], row["product"],
                                                          want[b], row["score"]))
    check(name + ": scores", faults)
    try_lists(store, name, net, how)


def try_lists(store, name, net, how):
    """Lists of all products, which are scored several at once, in the oracle's order."""
    out = store + ".csv"
    run(AISLE, "export", "lists", store, "--of", "products", "--model", name, "--panel",
        "complementary", "--top", "5", "-o", out, "-q")
    lists, faults = {}, []
    with open(out, newline="") as f:
        for row in csv.DictReader(f):
            lists.setdefault(row["for"], []).append(row)
    for a in range(0, len(net.ids), max(1, len(net.ids) // 9)):
        want = scores(net, a, how)
        for row in lists.get(net.ids[a], []):
            b = net.ids.index(row["product"])
            if want[b] is None or differ(want[b], float(row["score"])):
                faults.append("%s -> %s: %r, listed %s" % (net.ids[a], row["product"],
                                                           want[b], row["score"]))
    check(name + ": lists", faults or ([] if len(lists) > 50 else ["few lists"]))


# --- a product that is typed in

ONES = (1 << 64) - 1
CATEGORY, BRAND, BAND, PRICE, ATTRIBUTES, WORDS, LETTERS = range(7)
MIX = (0xa0761d6478bd642f, 0xe7037ed1a0b428db, 0x8ebc6af09c88c6e3)


def hashed(data, seed):
    """The hash of texts, after wyhash: products of 128 bits, folded."""
    def fold(a, b):
        x = a * b
        return x & ONES ^ x >> 64

    def number(part):
        return int.from_bytes(part, "little")

    h, n, at, a, b = seed ^ MIX[0], len(data), 0, 0, 0
    while n - at > 16:
        h = fold(number(data[at:at + 8]) ^ MIX[1], number(data[at + 8:at + 16]) ^ h)
        at += 16
    rest = data[at:]
    if len(rest) >= 8:
        a, b = number(rest[:8]), number(rest[-8:])
    elif len(rest) >= 4:
        a, b = number(rest[:4]), number(rest[-4:])
    elif rest:
        a = rest[0] | rest[len(rest) // 2] << 8 | rest[-1] << 16
    h = fold(a ^ MIX[1], b ^ h)
    return fold(h ^ MIX[2], n ^ MIX[1])


def in_buckets(texts, seed, first, buckets):
    """Each text counts 1 / sqrt(how many there are)."""
    out = {}
    for x in texts:
        c = first + hashed(x.encode(), seed) % buckets
        out[c] = out.get(c, 0) + len(texts) ** -.5
    return out


def row_of(net, products, like):
    """Entries of what is typed; `like`: a product of that category and brand, price, words."""
    first, features = net.of["first"]["data"], net.of["features"]["rows"]
    own = features[net.ids.index(like["product"]["product"])]
    row = {c: v for c, v in own if c < first[BAND]}
    priced = [p for p in products if float(p["price"] or 0) > 0]
    logs = [math.log(float(p["price"])) for p in priced]
    mean = sum(logs) / len(logs)
    spread = (sum((x - mean) ** 2 for x in logs) / len(logs)) ** .5
    near = [float(p["price"]) for p in priced
            if p["category"] == like["product"]["category"]]
    cheaper = sum(p < like["price"] for p in near)
    row[first[BAND] + min(cheaper * 5 // len(near), 4)] = 1
    row[first[PRICE]] = (math.log(like["price"]) - mean) / spread
    words = like["words"].lower().split()
    marked = ["<" + w + ">" for w in words]
    buckets = first[LETTERS] - first[WORDS]
    row.update(in_buckets(words, 0x776f7264, first[WORDS], buckets))
    row.update(in_buckets([m[i:i + 4] for m in marked for i in range(len(m) - 3)], 0x6c657474,
                          first[LETTERS], buckets))
    return sorted(row.items())


def try_newcomers(store):
    """companion and product2vec, trained there alone."""
    products = json.loads(run(AISLE, "show", "products", store, "--format", "json"))["rows"]
    nets = Net(store, "companion"), Net(store, "product2vec")
    faults, compared = [], 0
    for i, words in enumerate(("Silver ring", "a", "blue ear ring with eighteen letters")):
        p = [x for x in products if x["brand"]][i * 7]
        like = {"product": p, "price": float(p["price"]) * (1 + i), "words": words}
        typed = "category=%s, brand=%s, price=%.2f, words=%s" % (
            p["category"], p["brand"], like["price"], words)
        like["price"] = float("%.2f" % like["price"])
        shown = json.loads(run(AISLE, "show", "newcomer", store, "--like", typed, "--limit",
                               "1000", "--format", "json"))["rows"]
        for net, panel in zip(nets, ("complementary", "similar")):
            net.of["features"]["rows"].append(row_of(net, products, like))
            theta, extra = forward(net)
            net.of["features"]["rows"].pop()
            if panel == "similar":
                def size(x):
                    return math.hypot(*x)
                want = [sum(x * y for x, y in zip(theta[-1], t)) / size(t) / size(theta[-1])
                        for t in net.rows("vectors")]
            else:
                want = scores_of(net, theta, extra, {
                    "type": net.of["type/of"]["data"][net.ids.index(p["product"])],
                    "loss": "contrast", "temperature": .1, "ranking": "sum",
                    "type-weight": 1, "popularity": .8})
            for r in (r for r in shown if r["panel"] == panel):
                compared += 1
                b = net.ids.index(r["product"])
                if differ(want[b], r["score"], 5e-4):
                    faults.append("%s: %s %s: %r, shown %r" % (typed, panel, r["product"],
                                                               want[b], r["score"]))
    print("# %d scores of products that are typed in" % compared)
    check("products that are typed in", faults or
          ([] if compared > 300 else ["few were compared"]))


def shown_learnt(store, *more):
    return json.loads(run(AISLE, "show", "learnt", store, "--limit", "100000", "--format", "json",
                          *more))["rows"]


def try_learnt(store):
    """Transitions as companion learnt them: chances from its categories, beside what is counted."""
    net = Net(store, "companion")
    gamma, phic, _ = categories(forward(net)[1], net.of["type/gamma"]["rows"])
    of = dict(zip(net.ids, net.of["type/of"]["data"]))
    named = {p["category"]: of[p["product"]] for p in json.loads(
        run(AISLE, "show", "products", store, "--limit", "1000", "--format", "json"))["rows"]}
    rows, faults, all_of = shown_learnt(store), [], {}
    for r in rows:
        all_of[r["from"]] = all_of.get(r["from"], 0) + r["n"]
    known = [r for r in rows if r["from"] in named and r["to"] in named]
    for r in known:
        kind = [-far(gamma[named[r["from"]]], c) for c in phic]
        most = max(kind)
        chance = math.exp(kind[named[r["to"]]] - most) / sum(math.exp(k - most) for k in kind)
        z = (chance - r["counted"]) * (all_of[r["from"]] / (chance * (1 - chance))) ** .5
        for what, x in (("learnt", chance), ("more", chance - r["counted"]), ("z", z)):
            if differ(x, r[what], 1e-3):
                faults.append("%(from)s -> %(to)s: " % r + "%s %r, not %r" % (what, r[what], x))
    if len(known) < 30:
        faults.append("few categories have products")
    if sorted(rows, key=lambda r: -abs(r["z"])) != rows:
        faults.append("the surest disagreement isn't first")
    if not any(r["n"] for r in rows) or all(r["n"] for r in rows):
        faults.append("no pairs that are counted, or none that are learnt alone")
    first = rows[0]["from"]
    if shown_learnt(store, "--category", first) != [r for r in rows if r["from"] == first]:
        faults.append("%s alone has other rows" % first)
    print("# %d pairs of categories, %d computed" % (len(rows), len(known)))
    check("transitions that are learnt", faults)


with tempfile.TemporaryDirectory() as d:
    log = os.path.join(d, "log")
    store = os.path.join(d, "shop.aisle")
    run(AISLE, "generate", "--output", log, "--products", "120", "--sessions", "3000", "-q")
    files = [os.path.join(log, f) for f in os.listdir(log)
             if f.endswith(".csv") and f not in ("products.csv", "truth.csv")]
    run(AISLE, "import", "mkechinov", *files, "--into", store, "-q")
    base = {"temperature": .1, "type-weight": .5, "popularity": .3}
    try_companion(store, loss="contrast", ranking="sum", **base)
    try_companion(store, loss="hinge", ranking="sum", **base)
    try_companion(store, loss="hinge", ranking="categories", categories=3, each=4)
    run(AISLE, "train", "product2vec", store, "--as", "v", "--dim", str(DIM), "--hidden",
        str(HIDDEN), "--epochs", "3", "--buckets", "64", "-q")
    net = Net(store, "v")
    check("product2vec: vectors",
          ["product %d" % p for p, (x, y) in enumerate(zip(forward(net)[0], net.rows("vectors")))
           if any(differ(s, t) for s, t in zip(x, y))])
    other = os.path.join(d, "other.aisle")
    run(AISLE, "import", "mkechinov", *files, "--products", os.path.join(log, "products.csv"),
        "--into", other, "-q")
    small = ("--dim", str(DIM), "--hidden", str(HIDDEN), "--epochs", "3", "--buckets", "64", "-q")
    run(AISLE, "train", "companion", other, "--type-dim", str(TYPE), "--type-weight", "1", *small)
    run(AISLE, "train", "product2vec", other, *small)
    try_newcomers(other)
    try_learnt(other)
print("1..%d" % number)
sys.exit(failed != 0)
