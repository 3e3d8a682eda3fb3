# SPDX-License-Identifier: GPL-3.0-or-later
"""What --where leaves of a log when it tests sessions, against plain counts of the files:
totals and pairs of products by country and channel, alone and with tests of products and
dates; missing values in comparisons."""
import collections
import csv
import itertools
import os
import random
import subprocess
import sys
import tempfile

TOP = os.environ.get("top_builddir", ".")
AISLE = os.path.join(TOP, "src", "aisle")
DATA = os.environ.get("AISLE_TEST_DATA", "")
CLICKS = os.path.join(DATA, "clickstream", "e-shop clothing 2008.csv")


def run(*words, want=0):
    r = subprocess.run([AISLE, *words], capture_output=True)
    if r.returncode != want:
        raise AssertionError("%s: exit %d: %s" % (words, r.returncode, r.stderr.decode()))
    return r.stdout.decode() if want == 0 else r.stderr.decode()


def table(*words):
    return list(csv.DictReader(run(*words, "-f", "tsv").splitlines(), delimiter="\t",
                               quoting=csv.QUOTE_NONE))


def same(have, want, what):
    if have != want:
        bad = [k for k in set(have) | set(want) if have.get(k) != want.get(k)][:3]
        raise AssertionError("%s: %d, expected %d; such as %s" % (
            what, len(have), len(want),
            [(k, have.get(k), want.get(k)) for k in bad]))


def check(store, where, events, kind, what):
    """events: (session, product) that the filter lets in, all of one kind."""
    totals = collections.Counter(p for _, p in events)
    have = {r["product"]: int(r[what]) for r in
            table("show", "products", store, "--where", where) if int(r[what])}
    same(have, dict(totals), where)
    baskets = collections.defaultdict(set)
    for s, p in events:
        baskets[s].add(p)
    pairs = collections.Counter()
    for items in baskets.values():
        pairs.update(itertools.combinations(sorted(items), 2))
    have = {tuple(sorted((r["a"], r["b"]))): int(r["n"]) for r in
            table("show", "pairs", store, "--where", where, "--relation", kind)}
    same(have, dict(pairs), where + ", pairs")


def test_countries_real(folder):
    store = os.path.join(folder, "c.aisle")
    run("import", "clickstream", CLICKS, "--into", store, "-q")
    with open(CLICKS, newline="") as f:
        rows = list(csv.DictReader(f, delimiter=";"))
    first = {}
    for r in rows:
        first.setdefault(r["session ID"], (int(r["order"]), r["country"]))
        if int(r["order"]) < first[r["session ID"]][0]:
            first[r["session ID"]] = (int(r["order"]), r["country"])
    for where, code in (("country=Finland", "14"), ("country='czech republic'", "9")):
        check(store, where, [(r["session ID"], r["page 2 (clothing model)"]) for r in rows
                             if first[r["session ID"]][1] == code], "co-view", "views")
    check(store, "country='Germany' and date<2008-06",
          [(r["session ID"], r["page 2 (clothing model)"]) for r in rows
           if first[r["session ID"]][1] == "16" and int(r["month"]) < 6],
          "co-view", "views")


def made(folder):
    rng = random.Random(4)
    rows = []
    for s in range(120):
        land, way = rng.choice(["France", "EIRE", ""]), rng.choice(["web", "app"])
        for _ in range(rng.randint(1, 6)):
            rows.append(("2020-01-%02d 10:00:00" % (s % 28 + 1), "s%d" % s,
                         "p%d" % rng.randint(1, 12), land, way))
    path = os.path.join(folder, "log.csv")
    with open(path, "w") as f:
        f.write("t,s,p,land,way\n" + "".join(",".join(r) + "\n" for r in rows))
    store = os.path.join(folder, "m.aisle")
    run("import", "csv", path, "--map", "time=t,session=s,product=p,country=land,"
        "channel=way,kind=purchase", "--into", store, "-q")
    return store, rows


def test_channels_made(folder):
    store, rows = made(folder)
    for where, let in (
            ("country='France'", lambda r: r[3] == "France"),
            ("country=france and channel=app", lambda r: r[3:] == ("France", "app")),
            ("country=France or channel='web'",
             lambda r: r[3] == "France" or r[4] == "web"),
            ("country!=EIRE", lambda r: r[3] != "EIRE"),
            ("country=none", lambda r: not r[3]),
            ("country in (EIRE, France) and date>2020-01-10",
             lambda r: r[3] and r[0][:10] > "2020-01-10"),
            ("channel like 'P'", lambda r: r[4] == "app")):
        check(store, where, [(r[1], r[2]) for r in rows if let(r)], "co-purchase",
              "purchases")
    for where, words in (("country=Spain", "no session's country is 'Spain'"),
                         ("channel<5", "can't be compared like that"),
                         ("country=EIRE or product=p1", "can't be alternatives")):
        text = run("show", "products", store, "--where", where,
                   want=1 if "Spain" in where else 2)
        if words not in text:
            raise AssertionError(text)


def test_missing_prices(folder):
    """A product without a price passes no comparison; not turns it round."""
    path = os.path.join(folder, "p.csv")
    with open(path, "w") as f:
        f.write("t,s,p,eur\n2020-01-01,1,cheap,3\n2020-01-01,1,dear,9\n"
                "2020-01-01,1,unknown,\n")
    store = os.path.join(folder, "p.aisle")
    run("import", "csv", path, "--map", "time=t,session=s,product=p,price=eur,"
        "kind=purchase", "--into", store, "-q")
    for where, want in (("price>5", "dear"), ("price<=5", "cheap"),
                        ("not price>5", "cheap unknown"), ("price!=3", "dear unknown"),
                        ("not price>5 and price!=none", "cheap"),
                        ("price=none", "unknown"), ("not price=none", "cheap dear")):
        have = sorted(r["product"] for r in
                      table("show", "products", store, "--where", where))
        if have != want.split():
            raise AssertionError("%s: %s" % (where, have))


TESTS = [test_countries_real, test_channels_made, test_missing_prices]


def main():
    failed = 0
    print("1..%d" % len(TESTS))
    for i, test in enumerate(TESTS):
        name = test.__name__[5:].replace("_", " ")
        if name.endswith("real") and not DATA:
            print("ok %d - %s # SKIP AISLE_TEST_DATA is not set" % (i + 1, name))
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                test(folder)
                print("ok %d - %s" % (i + 1, name), flush=True)
            except AssertionError as e:
                failed += 1
                print("not ok %d - %s\n# %s" % (i + 1, name, e), flush=True)
    sys.exit(failed > 0)


main()
