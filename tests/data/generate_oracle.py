# SPDX-License-Identifier: GPL-3.0-or-later
"""The synthetic shop in the form of every data set: what is written is what an
independent reading finds and what an import finds; one shop in two forms has the same
relations; and of a damaged log exactly those lines are rejected that were spoilt so.
"""
import collections
import csv
import datetime
import json
import os
import re
import subprocess
import sys
import tempfile

import sets_oracle as oracle
from smaller import sized

AISLE = os.path.join(os.environ.get("top_builddir", "."), "src", "aisle")
FORMATS = {
    "mkechinov": ["events.csv"],
    "mkechinov-orders": ["orders.csv"],
    "clickstream": ["e-shop.csv"],
    "retailrocket": ["events.csv", "item_properties_part1.csv",
                     "item_properties_part2.csv", "category_tree.csv"],
    "hm": ["transactions_train.csv", "articles.csv", "customers.csv"],
    "orders": ["online_retail.csv"],
    "baskets": ["baskets.csv"],
    "csv": ["log.csv"],
}
MAP = {"csv": ["--map", "log.aislemap"]}
SHOP = ["--products", "300", "--sessions", sized("5000", "1500"), "--days", "60", "--seed", "3"]


def aisle(folder, *args):
    r = subprocess.run([os.path.abspath(AISLE), *args], cwd=folder, capture_output=True)
    if r.returncode:
        raise AssertionError("aisle %s: %s" % (" ".join(args), r.stderr.decode()))
    return r.stdout.decode()


def generate(top, name, *options):
    folder = os.path.join(top, name + "".join(options))
    text = aisle(top, "generate", "--format", name, "--output", folder, *SHOP, *options)
    planned = [int(x.replace(",", "")) for x in re.findall("([0-9,]+) (?:events|returns)",
                                                           text)]
    return folder, planned, text


def load(folder, name, *options):
    aisle(folder, "import", name, *FORMATS[name], *MAP.get(name, []), *options,
          "--into", "x.aisle")
    return json.loads(aisle(folder, "info", "x.aisle", "--format", "json"))


def table(path, separator=","):
    with open(path, newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f, delimiter=separator))


KINDS = {"view": "view", "addtocart": "cart", "transaction": "purchase", "cart": "cart",
         "remove_from_cart": "remove", "purchase": "purchase", "seen": "view",
         "basketed": "cart", "dropped": "remove", "sold": "purchase"}


def events_of(folder, name):
    """(kind, product, session or None) of every line, as the files say it."""
    path = os.path.join(folder, FORMATS[name][0])
    if name == "mkechinov":
        return [(KINDS[r["event_type"]], r["product_id"], r["user_session"])
                for r in table(path)]
    if name == "mkechinov-orders":
        with open(path, newline="") as f:
            return [("purchase", r[2], r[1]) for r in csv.reader(f)]
    if name == "clickstream":
        return [("view", r["page 2 (clothing model)"], r["session ID"])
                for r in table(path, ";")]
    if name == "retailrocket":
        return [(KINDS[r["event"]], r["itemid"], None) for r in table(path)]
    if name == "hm":
        return [("purchase", r["article_id"].lstrip("0"), r["t_dat"] + r["customer_id"])
                for r in table(path)]
    if name == "orders":
        return [("purchase", r["StockCode"], r["InvoiceNo"]) for r in table(path)
                if r["StockCode"] != "POST" and r["InvoiceNo"][0] != "C"]
    if name == "baskets":
        with open(path, newline="") as f:
            return [("purchase", x, i) for i, r in enumerate(csv.reader(f)) for x in r]
    return [(KINDS[r["What"]], r["SKU"], r["Visit"]) for r in table(path, ";")]


def pairs(events, kind):
    """{(a, b): sessions that hold both}, over sessions."""
    by = collections.defaultdict(set)
    for k, product, session in events:
        if k == kind:
            by[session].add(product)
    n = collections.Counter()
    for s in by.values():
        s = sorted(s)
        n.update((a, b) for i, a in enumerate(s) for b in s[i + 1:])
    return n


def found_pairs(folder, relation):
    text = aisle(folder, "show", "pairs", "x.aisle", "--relation", relation, "--columns",
                 "a,b,n", "--format", "tsv")
    out = {}
    for line in text.splitlines()[1:]:
        a, b, n = line.split("\t")
        out[tuple(sorted((a.lstrip("0"), b.lstrip("0"))))] = int(n)
    return out


def test_same_shop(top):
    plain = generate(top, "mkechinov")
    shop = events_of(plain[0], "mkechinov")
    for name in FORMATS:
        folder, planned, _ = plain if name == "mkechinov" else generate(top, name)
        events = events_of(folder, name)
        kinds = collections.Counter(e[0] for e in events)
        # The files hold what the shop did, as far as they can say it.
        oracle.same(sorted(e[:2] for e in events),
                    sorted(e[:2] for e in shop if e[0] in kinds), name + ": events")
        oracle.same([sum(kinds.values())], planned[:1], name + ": planned events")
        info = load(folder, name)["counts"]
        gone = 0
        if name == "orders":
            left, gone, lost = oracle.retail(os.path.join(folder, "online_retail.csv"))
            oracle.same([lost, len(events) - gone], [0, len(left)], "returns")
            if not gone or not planned[1]:
                raise AssertionError("nothing was returned")
        oracle.same([info["events"], info["rejected"], info["purchase"]],
                    [len(events) - gone, 0, kinds["purchase"] - gone], name + ": imported")
        for kind in ("view", "cart", "remove"):
            oracle.same([info[kind]], [kinds[kind]], "%s: %s" % (name, kind))
        # And the relations are those of the shop, where sessions are named.
        if name in ("orders", "retailrocket"):
            continue
        for kind, relation in (("view", "co-view"), ("purchase", "co-purchase")):
            if kind not in kinds:
                continue
            want = pairs(shop if name != "hm" else events, kind)
            have = found_pairs(folder, relation)
            oracle.same(sorted(have.items()), sorted(want.items()), name + ": pairs")


def test_retailrocket(top):
    folder = generate(top, "retailrocket")[0]
    files = [os.path.join(folder, x) for x in FORMATS["retailrocket"]]
    want = oracle.retailrocket(files[0], files[1:3], files[3], 1800000)
    oracle.check("retailrocket", files, want, sizes=((2, 0), (3, 5000)))


def test_hm(top):
    folder = generate(top, "hm")[0]
    files = [os.path.join(folder, x) for x in FORMATS["hm"]]
    want = oracle.hm(files[1], files[0])
    oracle.check("hm", files, want, sizes=((2, 0), (3, 5000)))


def test_orders(top):
    path = os.path.join(generate(top, "orders")[0], "online_retail.csv")
    events, whole, lost = oracle.retail(path)
    oracle.check("orders", [path], {"SE": oracle.session_lines(events, 2),
                                    "X": ["X\t%d\t%d" % (whole, lost)]},
                 sizes=((2, 0), (3, 5000)))


def test_csv(top):
    """Prices, times and paths through the mapping, beside those of mkechinov."""
    plain, other = generate(top, "mkechinov")[0], generate(top, "csv")[0]
    load(plain, "mkechinov")
    load(other, "csv")
    want, have = (sorted(aisle(f, "show", "products", "x.aisle", "--columns",
                               "product,brand,price,views,carts", "--format",
                               "tsv").splitlines()) for f in (plain, other))
    oracle.same(have, want, "products")
    times = [datetime.datetime.strptime(r["When"], "%d.%m.%Y %H:%M:%S")
             for r in table(os.path.join(other, "log.csv"), ";")]
    oracle.same([t.strftime("%Y-%m-%d %H:%M:%S UTC") for t in times],
                [r["event_time"] for r in table(os.path.join(plain, "events.csv"))], "times")
    # What --guess makes of it needs no help but the names of the events.
    guess = aisle(other, "import", "--guess", "log.csv")
    for line in ("separator          = semicolon", "decimal            = comma",
                 "time               = When", "product            = SKU"):
        if line not in guess:
            raise AssertionError("the proposal lacks: " + line)


def records(path):
    """Lines with something in them, and all line ends: LF, CR LF and CR."""
    with open(path, "rb") as f:
        lines = re.split(b"\r\n|\n|\r", f.read())
    return len([x for x in lines[:-1] if x]), len(lines) - 1


def test_damage(top):
    seen = collections.Counter()
    for name, files in FORMATS.items():
        folder, planned, text = generate(top, name, "--dirty", "0.05")
        damage = table(os.path.join(folder, "damage.csv"))
        info = load(folder, name, "--rejects", "rejects.csv", "--max-rejects", "1")
        with open(os.path.join(folder, "rejects.csv"), newline="", errors="replace") as f:
            have = [(r[0], int(r[1]), r[2]) for r in list(csv.reader(f))[1:]]
        want = [(d["file"], int(d["line"]), d["reason"]) for d in damage
                if d["verdict"] == "rejected"]
        oracle.same(sorted(have), sorted(want), name + ": rejects")
        n = [int(x.replace(",", "")) for x in re.search(
            "([0-9,]+) lines are damaged, of which an import rejects ([0-9,]+)",
            text).groups()]
        oracle.same(n, [len(damage), len(want)], name + ": damaged lines")
        if len(damage) < planned[0] / 40 and name != "baskets":
            raise AssertionError("%s: only %d lines are damaged" % (name, len(damage)))
        # All others are loaded: of a log of one event a line they can be counted.
        if name in ("mkechinov", "mkechinov-orders", "clickstream", "csv"):
            total, _ = records(os.path.join(folder, files[0]))
            header = name != "mkechinov-orders"
            empty = sum(d["damage"] == "empty record" for d in damage)
            oracle.same([info["counts"]["events"]], [total - header - len(want) - empty],
                        name + ": events")
        seen.update((d["damage"], d["verdict"]) for d in damage)
    for kind in ("torn", "glued", "extra field", "bad price", "bad quantity", "bad time",
                 "no such event", "empty id", "long id", "exponent", "stray quote",
                 "unclosed quote", "NUL"):
        if not seen[kind, "rejected"]:
            raise AssertionError("no line was damaged so: " + kind)
    for kind in ("far future", "C1 control", "byte order mark", "CR LF", "CR", "duplicate"):
        if not seen[kind, "loaded"]:
            raise AssertionError("no line was damaged so: " + kind)
    for kind in ("unknown id", "backslash before a quote", "sum"):
        if not seen[kind, "rejected"]:
            raise AssertionError("no line was damaged so: " + kind)
    for kind in ("pieces with decimals", "blank that doesn't break", "unknown user",
                 "price with signs", "two blanks in a time", "id with a point"):
        if not seen[kind, "loaded"]:
            raise AssertionError("no line was damaged so: " + kind)
    for kind in ("overlong UTF-8", "lone surrogate", "unknown price", "no pieces",
                 "letter of Windows-1252"):
        if not seen[kind, "loaded"] or not seen[kind, "rejected"]:
            raise AssertionError("no line was damaged so: " + kind)
    if not seen["blank line", "dropped"] or not seen["empty record", "dropped"]:
        raise AssertionError("no blank line or no empty record")


def test_same_bytes(top):
    for name in FORMATS:
        sums = []
        for threads in ("1", "3"):
            folder = os.path.join(top, name + threads)
            aisle(top, "generate", "-q", "--format", name, "--output", folder, *SHOP,
                  "--dirty", "1%", "--threads", threads)
            out = {}
            for x in sorted(os.listdir(folder)):
                with open(os.path.join(folder, x), "rb") as f:
                    out[x] = f.read()
            sums.append(out)
        if sums[0] != sums[1]:
            raise AssertionError(name + ": other bytes with other threads")


TESTS = [("one shop in every form", test_same_shop),
         ("retailrocket, in full", test_retailrocket), ("hm, in full", test_hm),
         ("orders with returns, in full", test_orders), ("a log of its own", test_csv),
         ("every damaged line has its verdict", test_damage),
         ("the same bytes for any threads", test_same_bytes)]


def main():
    print("1..%d" % len(TESTS))
    for i, (name, run) in enumerate(TESTS, 1):
        try:
            with tempfile.TemporaryDirectory() as top:
                run(top)
            print("ok %d - %s" % (i, name))
        except AssertionError as e:
            print("not ok %d - %s\n# %s" % (i, name, str(e).replace("\n", "\n# ")[:2000]))


if __name__ == "__main__":
    sys.exit(main())
