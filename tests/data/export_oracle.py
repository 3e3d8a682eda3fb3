# SPDX-License-Identifier: GPL-3.0-or-later
"""Exports read back by plain Python, and compared with the log they came from.

Shares no code with the program: csv and json of Python's library, pairs counted in
dictionaries, Matrix Market and RecBole files read by the letter of their formats.
"""
import collections
import csv
import datetime
import io
import itertools
import json
import os
import random
import re
import subprocess
import sys
import tempfile

AISLE = os.path.join(os.environ.get("top_builddir", "."), "src", "aisle")
SHOP = os.path.join(os.environ.get("top_srcdir", "."), "data", "shop")
DATA = os.environ.get("AISLE_TEST_DATA", "")
NAMES = {"view": "view", "cart": "cart", "remove_from_cart": "remove",
         "purchase": "purchase"}
FORMULA = re.compile("^'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
# One of each kind, and texts that only look like one.
PAYLOADS = ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "''-x", "\uff1d1+1", "=a,\"b\"",
            "' =1", "plain", "'plain", "a=1"]


def aisle(*args, want=0):
    r = subprocess.run([AISLE, *args], capture_output=True)
    if r.returncode != want:
        raise AssertionError("aisle %s: %d, %s" % (" ".join(args), r.returncode,
                                                   r.stderr.decode()))
    return r.stdout.decode()


def read(path):
    with open(path, newline="", encoding="utf-8") as f:
        return f.read()


def table(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def tsv(text):
    back = {"\\t": "\t", "\\n": "\n", "\\r": "\r", "\\\\": "\\"}
    rows = [[re.sub(r"\\[tnr\\]", lambda m: back[m.group()], f) for f in line.split("\t")]
            for line in text.split("\n")[:-1]]
    return [dict(zip(rows[0], r)) for r in rows[1:]]


def seconds(text):
    t = datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S UTC")
    return int((t - datetime.datetime(1970, 1, 1)).total_seconds())


class Shop:
    def __init__(self, folder):
        self.folder = folder
        self.store = os.path.join(folder, "shop.aisle")
        self.log = table(read(os.path.join(SHOP, "events.csv")))
        aisle("import", "-q", "mkechinov", os.path.join(SHOP, "events.csv"),
              "--products", os.path.join(SHOP, "products.csv"), "--into", self.store)

    def export(self, what, name, *options):
        path = os.path.join(self.folder, name)
        ids = ["--show-users"] if what in ("sessions", "users") else []
        aisle("export", "-q", what, self.store, "-o", path, *ids, *options)
        if os.path.getsize(path) == 0:
            raise AssertionError("%s is empty" % name)
        return read(path)


def same(got, want, what):
    if got != want:
        few = [(g, w) for g, w in itertools.zip_longest(got, want) if g != w][:2]
        raise AssertionError("%s: %d against %d, first differences %r"
                             % (what, len(got), len(want), few))


def forms_agree(shop):
    for what in ["pairs", "products", "transitions", "sessions", "users", "edges"]:
        rows = table(shop.export(what, what + ".csv"))
        same(tsv(shop.export(what, what + ".tsv")), rows, what + " as tsv")
        lines = [json.loads(x) for x in shop.export(what, what + ".jsonl").splitlines()]
        same([{k: "" if v is None else v for k, v in x.items()} for x in lines],
             [{k: type(x[k])(v) if v and x[k] is not None else v for k, v in r.items()}
              for x, r in zip(lines, rows)], what + " as json lines")
        ids = ["--show-users"] if what in ("sessions", "users") else []
        out = aisle("export", what, shop.store, "-o", "-", "-f", "csv", *ids)
        same(table(out), rows, what + " on standard output")


def shows_agree(shop):
    for what in ["pairs", "transitions"]:
        same(shop.export(what, "x.csv"),
             aisle("show", what, shop.store, "--format", "csv"), what)
    got = table(shop.export("products", "x.csv"))
    for row, shown in zip(got, table(aisle("show", "products", shop.store, "-f", "csv"))):
        for k in set(row) & set(shown):
            if row[k] != shown[k]:
                raise AssertionError("%s of %s" % (k, row["product"]))


def narrowed(shop):
    """What a filter and a category leave is what the views count under them."""
    rows = table(aisle("show", "products", shop.store, "--limit", "1", "-f", "csv"))
    category = rows[0]["category"]
    sizes = set()
    for where in ["date<2024-10-20", "price<20", "n>=3 and lift>1",
                  "date>=2024-10-10 and event in (view, purchase) and price<30"]:
        for more in [[], ["--category", category]]:
            options = ["--where", where, *more]
            for what in ["pairs", "transitions"]:
                got = shop.export(what, "x.csv", *options)
                same(got, aisle("show", what, shop.store, "-f", "csv", *options),
                     "%s %r" % (what, options))
                sizes.add(len(got))
            pairs = table(aisle("show", "pairs", shop.store, "-f", "csv", *options))
            want = [(p["a"], p["b"], p["n"]) for p in pairs]
            if not want:
                continue
            got = shop.export("edges", "x.edg", *options)
            same([tuple(e.split("\t")) for e in got.split("\n")[:-1]], want, "edges")
            lines = shop.export("edges", "x.mtx", *options).split("\n")[2:-1]
            ids = read(os.path.join(shop.folder, "x.ids")).split("\n")
            got = [[int(n) for n in x.split()] for x in lines]
            same(got[0][2], len(want), "entries of the matrix")
            same(sorted((*sorted((ids[i - 1], ids[j - 1])), str(n)) for i, j, n in got[1:]),
                 sorted((*sorted(w[:2]), w[2]) for w in want), "matrix")
            if "lift" not in where:
                same_products(shop, options)
    if len(sizes) < 10:
        raise AssertionError("the filters leave much the same")


def same_products(shop, options):
    shown = table(aisle("show", "products", shop.store, "-f", "csv", *options))
    got = table(shop.export("products", "x.csv", *options))
    keys = sorted(set(got[0]) & set(shown[0]))
    same(sorted([r[k] for k in keys] for r in got),
         sorted([r[k] for k in keys] for r in shown), "products %r" % options)
    shop.export("products", "x.item", *options)


def narrowed_log(shop):
    """Sessions under a filter are the events that pass, by plain tests of the log."""
    day = lambda e: e["event_time"][:10]
    latest = {r["product"]: float(r["price"]) for r in table(shop.export("products", "x.csv"))
              if r["price"]}
    for where, test in [
            ("date<2024-10-20", lambda e: day(e) < "2024-10-20"),
            ("event=cart or date>=2024-10-20",
             lambda e: e["event_type"] == "cart" or day(e) >= "2024-10-20"),
            ("event=purchase and price<20", lambda e: e["event_type"] == "purchase" and
             latest[e["product_id"]] < 20)]:
        want = sorted(key(e) for e in shop.log if test(e))
        for form, name in [("csv", "x.csv"), ("log", "x.log")]:
            rows = table(shop.export("sessions", name, "--where", where, "-f", form))
            if form == "log":
                same(sorted(key(r) for r in rows), want, where + " as log")
            else:
                same(sorted((r["session"], r["product"], r["event"]) for r in rows),
                     sorted((w[0], w[1], w[3]) for w in want), where)


def ratings(folder):
    """Ratings of a log: in .inter and the product view, of ratings alone, bad ones named."""
    rng = random.Random(4)
    rows = [(1600000000 + 397 * i, rng.choice(["view", "rating"]), "p%d" % rng.randint(1, 9),
             "u%d" % rng.randint(1, 5), rng.choice(["", "4.5", "-1", "3", "2.25"]))
            for i in range(300)]
    log = os.path.join(folder, "rated.csv")
    with open(log, "w", encoding="utf-8") as f:
        f.write("at,what,sku,who,stars\n")
        f.writelines(",".join(map(str, r)) + "\n" for r in rows)
        f.write("1600000000,rating,p1,u1,many\n")
    store = os.path.join(folder, "rated.aisle")
    said = aisle("import", "csv", log, "--into", store, "--map",
                 "time=at,time-format=unix,event=what,product=sku,user=who,rating=stars")
    if "rating" not in said:
        raise AssertionError("the bad rating is not named: " + said)
    lines = aisle("export", "sessions", store, "--show-users", "-o", "-", "-f", "recbole").split("\n")[:-1]
    same(lines[0].split("\t")[4:], ["timestamp:float", "rating:float"], "header")
    got = [x.split("\t") for x in lines[1:]]
    same(sorted((r[0], r[1], r[3], int(r[4]), r[5] and float(r[5])) for r in got),
         sorted((w, p, k, t, s and k == "rating" and float(s) or "")
                for t, k, p, w, s in rows), ".inter")
    given = [float(s) for _, k, p, _, s in rows if p == "p1" and k == "rating" and s]
    fields = {r["field"]: r["value"] for r in
              table(aisle("show", "product", store, "--product", "p1", "-f", "csv"))}
    same([float(fields["rating"]), int(fields["ratings"])],
         [sum(given) / len(given), len(given)], "product")
    aisle("verify", store)


def key(e):
    return (e["user_session"], e["product_id"], seconds(e["event_time"]),
            NAMES[e["event_type"]], e["user_id"])


def sessions_are_the_log(shop):
    want = sorted(key(e) for e in shop.log)
    when = lambda t: seconds(t.replace("T", " ").replace("Z", " UTC"))
    rows = table(shop.export("sessions", "x.csv"))
    same(sorted((r["session"], r["product"], when(r["time"]), r["event"], r["user"])
                for r in rows), want, "csv")
    same(sorted(float(r["price"]) for r in rows),
         sorted(float(e["price"]) for e in shop.log), "prices")
    head, *rest = shop.export("sessions", "x.inter").split("\n")[:-1]
    same(head.split("\t"), ["user_id:token", "item_id:token", "session_id:token",
                            "event:token", "timestamp:float"], "RecBole's header")
    rest = [r.split("\t") for r in rest]
    same(sorted((r[2], r[1], int(float(r[4])), r[3], r[0]) for r in rest), want, ".inter")
    rows = table(shop.export("sessions", "g.csv", "-f", "gorse"))
    same(list(rows[0]), ["feedback_type", "user_id", "item_id", "time_stamp"], "feedback")
    same(sorted((r["user_id"], r["item_id"], when(r["time_stamp"]), r["feedback_type"])
                for r in rows), sorted((w[4], w[1], w[2], w[3]) for w in want), "gorse")


def catalogue(shop):
    listed = table(read(os.path.join(SHOP, "products.csv")))
    names = {r["product_id"]: r["name"] for r in listed}
    # Products without an event are there, too: as the list has them.
    seen = {r["product_id"]: {"brand": r["brand"], "category_code": r["category"]}
            for r in listed}
    seen.update({e["product_id"]: e for e in sorted(shop.log, key=key)})
    rows = table(shop.export("products", "x.csv"))
    same(sorted(r["product"] for r in rows), sorted(seen), "products")
    head, *rest = shop.export("products", "x.item").split("\n")[:-1]
    same(head.split("\t"), ["item_id:token", "categories:token_seq", "brand:token",
                            "price:float", "name:token_seq"], "RecBole's header")
    for i, c, b, _, n in (r.split("\t") for r in rest):
        code = seen[i]["category_code"]
        if n != names[i] or b != seen[i]["brand"] or c.split(" ") != code.split("."):
            raise AssertionError(".item of %s" % i)
    for r in table(shop.export("products", "g.csv", "-f", "gorse")):
        code = seen[r["item_id"]]["category_code"].split(".")
        tree = [".".join(code[:n + 1]) for n in range(len(code))]
        label = {"brand": seen[r["item_id"]]["brand"]}
        if r["categories"].split("|") != tree or r["is_hidden"] != "false" or \
                (json.loads(r["labels"]) or {"brand": ""}) != label:
            raise AssertionError("gorse's item %s" % r["item_id"])
    users = table(shop.export("users", "g.csv", "-f", "gorse"))
    same(sorted(r["user_id"] for r in users), sorted({e["user_id"] for e in shop.log}),
         "gorse's users")
    count = collections.Counter(e["user_id"] for e in shop.log)
    same({r["user"]: int(r["events"]) for r in table(shop.export("users", "x.csv"))},
         dict(count), "events of users")


def counted(shop, kind):
    """Unordered pairs seen in a session, each session once."""
    of = collections.defaultdict(set)
    for e in shop.log:
        if e["event_type"] == kind:
            of[e["user_session"]].add(e["product_id"])
    return collections.Counter(frozenset(p) for items in of.values()
                               for p in itertools.combinations(sorted(items), 2))


def adjacent(shop):
    of = collections.defaultdict(list)
    for e in shop.log:
        if e["event_type"] == "view":
            of[e["user_session"]].append(e)
    n = collections.Counter()
    for events in of.values():
        events.sort(key=lambda e: seconds(e["event_time"]))
        items = [k for k, _ in itertools.groupby(e["product_id"] for e in events)]
        n.update(zip(items, items[1:]))
    return n


def edges(shop):
    for relation, want in [("co-view", counted(shop, "view")),
                           ("co-purchase", counted(shop, "purchase")),
                           ("co-cart", counted(shop, "cart")),
                           ("adjacent-view", adjacent(shop))]:
        directed = relation == "adjacent-view"
        pair = tuple if directed else frozenset
        rows = [r.split("\t") for r in shop.export("edges", "e.edg", "-r",
                                                   relation).split("\n")[:-1]]
        same(len(rows), len(want), relation)
        same({pair(r[:2]): int(r[2]) for r in rows}, dict(want), relation)
        matrix(shop, relation, directed, pair, want)


def matrix(shop, relation, directed, pair, want):
    lines = shop.export("edges", "m.mtx", "-r", relation).split("\n")[:-1]
    ids = read(os.path.join(shop.folder, "m.ids")).split("\n")[:-1]
    same(lines[0], "%%MatrixMarket matrix coordinate integer "
         + ("general" if directed else "symmetric"), "banner")
    body = [x for x in lines[1:] if not x.startswith("%")]
    same([int(x) for x in body[0].split()], [len(ids), len(ids), len(body) - 1], "sizes")
    cells = [[int(x) for x in line.split()] for line in body[1:]]
    if any(not (1 <= j < i) and not directed for i, j, _ in cells):
        raise AssertionError("above the diagonal")
    same({pair((ids[i - 1], ids[j - 1])): n for i, j, n in cells}, dict(want), relation)


def info(store):
    """What the store counts, without times, names of files and rejects."""
    rows = [x.split("\t") for x in aisle("info", store, "-f", "tsv").split("\n")[1:-1]]
    return {r[0]: r[1] for r in rows if re.match("counts|first_time|last_time|price_scale",
                                                 r[0])
            and r[0] not in ("counts.records", "counts.rejected")}


def round_trip(folder, dataset, log, *options):
    first, again = os.path.join(folder, "a.aisle"), os.path.join(folder, "b.aisle")
    back = os.path.join(folder, "back.csv")
    aisle("import", "-q", dataset, log, "--into", first, "--max-rejects", "50%", *options)
    aisle("export", "-q", "sessions", first, "-f", "log", "--spreadsheet", "-o", back,
          "--show-users")
    aisle("import", "-q", dataset, back, "--strict", "--spreadsheet", "--into", again,
          *options)
    same(info(again), info(first), "counts")
    for view in ["products", "categories", "transitions"]:
        same(aisle("show", view, again, "-f", "csv"), aisle("show", view, first, "-f", "csv"),
             view)
    for relation in ["co-view", "adjacent-view", "view-purchase", "co-cart", "co-purchase"]:
        got = subprocess.run([AISLE, "show", "pairs", again, "-r", relation, "-f", "csv"],
                             capture_output=True)
        want = subprocess.run([AISLE, "show", "pairs", first, "-r", relation, "-f", "csv"],
                              capture_output=True)
        same(got.stdout, want.stdout, relation)


def formulas(folder, payloads):
    """Every text that is written is safe, and comes back as it was."""
    log = os.path.join(folder, "formulas.csv")
    with open(log, "w", newline="", encoding="utf-8") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(["event_time", "event_type", "product_id", "category_id",
                    "category_code", "brand", "price", "user_id", "user_session"])
        for i, p in enumerate(payloads):
            for kind in ["view", "purchase"]:
                w.writerow(["2024-01-01 00:00:%02d UTC" % i, kind, 1000 + i, 7000 + i,
                            p.replace(".", "_"), p, "1.00", 5, p])
                w.writerow(["2024-01-01 00:00:%02d UTC" % i, kind, 1001 + i, 7001 + i,
                            "", "", "1.00", 5, p])
    round_trip(folder, "mkechinov", log)
    store = os.path.join(folder, "a.aisle")
    count = 0
    for what in ["pairs", "products", "transitions", "sessions", "users", "edges"]:
        for form, parse in [("csv", table), ("tsv", tsv)]:
            safe = parse(aisle("export", what, store, "-o", "-", "-f", form,
                               "--spreadsheet"))
            plain = parse(aisle("export", what, store, "-o", "-", "-f", form))
            for s, p in zip(safe, plain):
                for k in p:
                    number = re.fullmatch(r"-?[0-9.]+(e[-+][0-9]+)?", p[k]) and s[k] == p[k]
                    if FORMULA.match(p[k]) and not number:
                        count += 1
                        if s[k] != "'" + p[k]:
                            raise AssertionError("%s %s %r" % (what, k, s[k]))
                    elif s[k] != p[k]:
                        raise AssertionError("%s %s %r for %r" % (what, k, s[k], p[k]))
            same(len(safe), len(plain), what)
    sessions = {r["session"] for r in table(aisle("export", "sessions", store, "--show-users", "-o", "-"))}
    same(sessions, set(payloads), "sessions")
    if count < len(payloads):
        raise AssertionError("only %d formulas were met" % count)


def refusals(shop):
    out = os.path.join(shop.folder, "no")
    for args in [["pairs", shop.store], ["pairs", shop.store, "-o", out],
                 ["pairs", shop.store, "-o", out + ".mtx"], ["edges", shop.store, "-o", "-",
                                                             "-f", "mtx"],
                 ["pear", shop.store, "-o", out + ".csv"],
                 ["sessions", shop.store, "-o", out + ".csv", "--where", "n>2"],
                 ["users", shop.store, "-o", out + ".csv", "--where", "date<2024-10-20"],
                 ["pairs", shop.store, "-o", out + ".csv", "--where", "price<"],
                 ["pairs", shop.store, "-o", out + ".jsonl", "--spreadsheet"]]:
        aisle("export", *args, want=2)
    aisle("export", "pairs", shop.store, "-o", os.path.join(out, "no.csv"), want=5)
    left = [x for x in os.listdir(shop.folder) if x.startswith("no") or "tmp" in x]
    same(left, [], "files left behind")


def payload_file():
    path = os.path.join(DATA, "torture/csv-injection-payloads/Intruder/csv-payload.txt")
    with open(path, encoding="utf-8") as f:
        return [x for x in f.read().split("\n") if x]


def main():
    tests = []
    with tempfile.TemporaryDirectory() as folder:
        shop = Shop(folder)
        for name, run in [
                ("csv, tsv and json lines agree", lambda: forms_agree(shop)),
                ("the tables are those of aisle show", lambda: shows_agree(shop)),
                ("filters leave what aisle show counts", lambda: narrowed(shop)),
                ("filters leave events of the log", lambda: narrowed_log(shop)),
                ("ratings", lambda: ratings(folder)),
                ("sessions are the log", lambda: sessions_are_the_log(shop)),
                ("products and users", lambda: catalogue(shop)),
                ("edges and matrices are what was counted", lambda: edges(shop)),
                ("a log comes back as the same store", lambda: round_trip(
                    folder, "mkechinov", os.path.join(SHOP, "events.csv"), "--products",
                    os.path.join(SHOP, "products.csv"))),
                ("formulas are made safe and come back",
                 lambda: formulas(folder, PAYLOADS)),
                ("refusals leave nothing behind", lambda: refusals(shop)),
                ("known payloads", DATA and (lambda: formulas(folder, payload_file()))),
                ("mkechinov comes back", DATA and (lambda: round_trip(
                    folder, "mkechinov",
                    os.path.join(DATA, "mkechinov/2019-Oct-head.csv")))),
                ("mkechinov-orders comes back", DATA and (lambda: round_trip(
                    folder, "mkechinov-orders",
                    os.path.join(DATA, "mkechinov-jewelry/jewelry.csv"))))]:
            tests.append((name, run))
        print("1..%d" % len(tests), flush=True)
        for i, (name, run) in enumerate(tests, 1):
            why = None
            if not run:
                print("ok %d - %s # SKIP AISLE_TEST_DATA is not set" % (i, name))
                continue
            try:
                run()
            except (AssertionError, KeyError, IndexError, ValueError) as e:
                why = "%s: %s" % (type(e).__name__, e)
            print("%s %d - %s" % ("not ok" if why else "ok", i, name))
            if why:
                print("# " + why.replace("\n", "\n# "))


if __name__ == "__main__":
    sys.exit(main())
