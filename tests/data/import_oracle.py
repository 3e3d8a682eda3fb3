# SPDX-License-Identifier: GPL-3.0-or-later
"""Imports compared, value by value, with a plain reading of the same files.

Shares no code with the program: Python's csv module, its own rules for rows, its
own category tree. Every import is done with several threads and piece sizes.
"""
import collections
import csv
import datetime
import os
import random
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "tests"))
from smaller import part  # noqa: E402

TOP = os.environ.get("top_builddir", ".")
DUMP = os.path.join(TOP, "tests", "data", "dump_import")
DATA = os.environ.get("AISLE_TEST_DATA", "")
SIZES = [(1, 0), (2, 1), (2, 7), (3, 65536)]
NO_PRICE = str(-1 << 63)
EPOCH = datetime.datetime(1970, 1, 1)
COLOURS = ["beige", "black", "blue", "brown", "burgundy", "gray", "green", "navy blue",
           "of many colors", "olive", "pink", "red", "violet", "white"]
PLACES = ["top left", "top in the middle", "top right", "bottom left",
          "bottom in the middle", "bottom right"]

Event = collections.namedtuple(
    "Event", "time kind product session user category code brand price quantity attr")


def when(text):
    t = datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S UTC")
    return int((t - EPOCH).total_seconds()) * 1000


def number_id(text):
    return re.fullmatch("[1-9][0-9]{0,19}", text) and int(text) < 1 << 64


def scaled(text, scale):
    whole, _, part = text.partition(".")
    return int(whole + part.ljust(scale, "0"))


def mkechinov(r):
    if len(r) != 9:
        return "fields"
    kinds = {"view": "view", "cart": "cart", "remove_from_cart": "remove",
             "purchase": "purchase"}
    try:
        t = when(r[0])
    except ValueError:
        return "time"
    if r[1] not in kinds:
        return "event"
    for i in (2, 3, 7):
        if not number_id(r[i]) and (i == 2 or r[i]):
            return "exponent" if re.fullmatch(r"[0-9.,]+[eE][+-]?[0-9]+", r[i]) else "id"
    if not re.fullmatch(r"(0|[1-9][0-9]{0,8})(\.[0-9]{1,9})?|", r[6]):
        return "price"
    if not r[8]:
        return "id"
    return Event(t, kinds[r[1]], r[2], r[8], r[7], r[3], r[4], r[5], r[6], 1, ())


def orders(r):
    if len(r) != 13:
        return "fields"
    return Event(when(r[0]), "purchase", r[2], r[1], r[8], r[4], r[5], r[6], r[7],
                 int(r[3]), tuple(r[10:13]))


def clickstream(r):
    y, m, d, order = (int(x) for x in r[:4])
    day = (datetime.datetime(y, m, d) - EPOCH).days * 86400000
    cat = ["trousers", "skirts", "blouses", "sale"][int(r[6]) - 1]
    attr = (COLOURS[int(r[8]) - 1], PLACES[int(r[9]) - 1],
            ["en face", "profile"][int(r[10]) - 1], ["yes", "no"][int(r[12]) - 1], r[13])
    return Event(day + order, "view", r[7], r[5], "", r[6], cat, "", r[11], 1, attr)


SETS = {"mkechinov": (mkechinov, ",", True, 2), "clickstream": (clickstream, ";", True, 0),
        "mkechinov-orders": (orders, ",", False, 2)}


def read(name, paths):
    row, sep, header, _ = SETS[name]
    events, reasons = [], collections.Counter()
    for path in paths:
        with open(path, "rb") as f:
            cut = not f.read().endswith((b"\n", b"\r"))
        with open(path, newline="", encoding="utf-8") as f:
            records = [r for r in csv.reader(f, delimiter=sep) if r]
        for i, r in enumerate(records):
            if header and i == 0:
                continue
            e = row(r)
            if e == "fields" and cut and i + 1 == len(records) and \
                    len(r) < len(records[0]):
                e = "cut"
            if isinstance(e, str):
                reasons[e] += 1
            else:
                events.append(e)
    return events, reasons


def latest(pairs):
    """The last non-empty value in order of (time, place in the file)."""
    best = None
    for i, (t, v) in enumerate(pairs):
        if v and (best is None or (t, i) >= best[0]):
            best = ((t, i), v)
    return best[1] if best else "-"


def tree(codes):
    """{category id: code} -> rows (id, path, parent id, depth, size) in preorder, and
    the node of each category."""
    shared = collections.Counter(c for c in codes.values() if c)
    nodes = {}          # path -> [id, parent path]
    place = {}

    def path_node(code):
        parts, parent = code.split("."), None
        for n in range(1, len(parts) + 1):
            path = ".".join(parts[:n])
            nodes.setdefault(path, [path, parent])
            parent = path

    for cid, code in codes.items():
        path_node(code or "(no code)")
        if code and shared[code] == 1:
            nodes[code][0] = cid
        elif code:
            leaf = "%s.%s #%s" % (code, code.split(".")[-1], cid[-9:])
            nodes[(leaf, cid)] = [cid, code]
        else:
            nodes[("(no code).#" + cid[-9:], cid)] = [cid, "(no code)"]
        place[cid] = cid
    children = collections.defaultdict(list)
    for key, (cid, parent) in nodes.items():
        path = key if isinstance(key, str) else key[0]
        name = path if parent is None else path[len(parent) + 1:]
        children[parent].append((name, cid, key, path))
    rows = []

    def walk(parent, parent_id, depth):
        for name, cid, key, path in sorted(children[parent], key=lambda c: (
                c[0] == "(no code)", c[0].encode(), c[1].encode())):
            at = len(rows)
            rows.append(None)
            walk(key, cid, depth + 1)
            rows[at] = (cid, path, parent_id, depth, len(rows) - at)

    walk(None, "-", 0)
    return rows


def expected(name, paths):
    events, reasons = read(name, paths)
    scale = SETS[name][3]
    for e in events:
        digits = e.price.partition(".")[2].rstrip("0")
        scale = max(scale, len(digits))
    by_product, by_session = collections.defaultdict(list), collections.defaultdict(list)
    by_category = collections.defaultdict(list)
    for e in events:
        by_product[e.product].append(e)
        by_session[e.session].append(e)
        if e.category:
            by_category[e.category].append((e.time, e.code))
    codes = {c: "" if latest(v) == "-" else latest(v) for c, v in by_category.items()}
    rows = tree(codes)
    order = {r[0]: i for i, r in enumerate(rows)}
    products = []
    for p, es in by_product.items():
        cat = latest((e.time, e.category) for e in es)
        price = latest((e.time, e.price) for e in es)
        attr = [latest((e.time, e.attr[i]) for e in es) for i in range(len(es[0].attr))]
        products.append((order.get(cat, 1 << 32), p.encode(), (
            p, cat, latest((e.time, e.brand) for e in es).replace("\n", " "),
            str(scaled(price, scale)) if price != "-" else NO_PRICE,
            str(min(e.time for e in es)), str(max(e.time for e in es)), p), attr))
    products.sort(key=lambda x: x[:2])
    out = ["T\t%d\t%d\t%d" % (len(events) + sum(reasons.values()), len(events),
                              sum(reasons.values()))]
    out += ["R\t%s\t%d" % x for x in reasons.items()]
    lines = [("P\t" + "\t".join(p[2]), "\t".join(p[3])) for p in products]
    cats, k = [], 0
    for i, r in enumerate(rows):
        while k < len(products) and products[k][0] < i:
            k += 1
        cats.append("C\t%s\t%s\t%s\t%d\t%d\t%d" % (r + (k,)))
    sessions = []
    for s, es in by_session.items():
        es = [e for _, _, e in sorted((e.time, i, e) for i, e in enumerate(es))]
        text = ["S\t%s\t%s" % (s, es[0].user or "-")]
        for e in es:
            text.append("E\t%s\t%d\t%s\t%s\t%d" % (
                e.product, e.time, e.kind,
                str(scaled(e.price, scale)) if e.price else NO_PRICE, e.quantity))
        sessions.append((es[0].time, s.encode(), text))
    sessions.sort(key=lambda x: x[:2])
    return out, lines, cats + [l for s in sessions for l in s[2]]


def dump(name, paths, threads, piece, *options):
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run(
            [DUMP, *options, name, os.path.join(folder, "x.aisle"), str(threads),
             str(piece), *paths], capture_output=True)


def compare(name, paths, options=()):
    """None, or what differs."""
    first = None
    for threads, piece in SIZES:
        r = dump(name, paths, threads, piece, *options)
        if r.returncode:
            return "exit %d: %s" % (r.returncode, r.stderr.decode())
        if first is not None and r.stdout != first:
            return "%d threads, pieces of %d differ" % (threads, piece)
        first = r.stdout
    have = first.decode().split("\n")[:-1]
    totals, products, rest = expected(name, paths)
    if have.pop() != "ok\t1":
        return "cross references are wrong"
    got = [x for x in have if x[0] in "TR"]
    if sorted(got) != sorted(totals):
        return "totals: %s, expected %s" % (got, totals)
    got = [x for x in have if x[0] == "P"]
    if len(got) != len(products):
        return "%d products, expected %d" % (len(got), len(products))
    for g, (head, tail) in zip(got, products):
        g = g.split("\t")
        if "\t".join(g[:8]) != head or "\t".join(g[9:]) != tail:
            return "product %s, expected %s" % (g, (head, tail))
    got = [x for x in have if x[0] in "CSE"]
    if len(got) != len(rest):
        return "%d lines, expected %d" % (len(got), len(rest))
    for g, w in zip(got, rest):
        if g != w:
            return "%r, expected %r" % (g, w)
    return None


def nasty(path, seed):
    """A small log with everything that may differ between records."""
    rng = random.Random(seed)
    codes = ["a.b", "a.b.c", "a.c", "x", "", "a.b", "x.y-z", "x.y"]
    sep = rng.choice(["\n", "\r\n", "\r"])
    out = [",".join(["event_time", "event_type", "product_id", "category_id",
                     "category_code", "brand", "price", "user_id", "user_session"])]
    for _ in range(3000):
        p, c = rng.randrange(1, 60), rng.randrange(10, 25)
        row = ["2019-10-%02d %02d:00:%02d UTC" % (rng.randrange(1, 4), rng.randrange(24),
                                                  rng.randrange(3)),
               rng.choice(["view", "view", "cart", "purchase", "remove_from_cart"]),
               str(p * 1000003), str(2053013555631882000 + c) if rng.random() < .9 else "",
               "", rng.choice(["", "acme", 'q"uote', "com,ma", "line\nbreak"]),
               rng.choice(["1.5", "0.00", "12.345", "7", ""]), str(rng.randrange(1, 30)),
               "s%d" % rng.randrange(200)]
        if row[3]:
            row[4] = codes[c % 8] if rng.random() < .9 else codes[rng.randrange(8)]
        if rng.random() < .03:
            at, bad = rng.choice([(0, "2019-02-30 00:00:00 UTC"), (1, "buy"), (2, "2.1E+18"),
                                  (3, "01"), (6, "-1"), (8, ""), (2, "")])
            row[at] = bad
        if rng.random() < .01:
            row.pop()
        quoted = ['"%s"' % f.replace('"', '""') if re.search('[",\n]', f) or
                  rng.random() < .05 else f for f in row]
        out.append(",".join(quoted))
        if rng.random() < .02:
            out.append("")
    with open(path, "w", newline="") as f:
        f.write(sep.join(out) + rng.choice(["", sep]))


def main():
    tests = []
    with tempfile.TemporaryDirectory() as folder:
        a, b = os.path.join(folder, "a.csv"), os.path.join(folder, "b.csv")
        for seed in range(6):
            nasty(a, seed)
            nasty(b, seed + 100)
            tests.append(("nasty log %d" % seed,
                          compare("mkechinov", [a, b] if seed % 2 else [a])))
        real = [("mkechinov", "mkechinov/2019-Oct-head.csv"),
                ("mkechinov-orders", "mkechinov-jewelry/jewelry.csv"),
                ("clickstream", "clickstream/e-shop clothing 2008.csv")]
        for name, path in real:
            tests.append((path, compare(name, [part(os.path.join(DATA, path), folder)])
                          if DATA else "SKIP"))
        if DATA:
            r = dump("mkechinov", [os.path.join(DATA, "mkechinov/2019-Oct-damaged-ids.csv")],
                     2, 0)
            bad = r.returncode != 1 or b":2: column category_id '2.10381E+18'" not in r.stderr
        tests.append(("damaged ids are refused", "SKIP" if not DATA else
                      r.stderr.decode() if bad else None))
    print("1..%d" % len(tests))
    for i, (name, why) in enumerate(tests, 1):
        if why == "SKIP":
            print("ok %d - %s # SKIP AISLE_TEST_DATA is not set" % (i, name))
        else:
            print("%s %d - %s" % ("not ok" if why else "ok", i, name))
            if why:
                print("# " + why.replace("\n", "\n# "))


if __name__ == "__main__":
    sys.exit(main())
