# SPDX-License-Identifier: GPL-3.0-or-later
"""Files added to a store one by one, compared with all of them imported at once: every
array and index by name, size and checksum, the meta document but for what can't be equal,
and what the commands show and export.

Real data where AISLE_TEST_DATA names a folder of it, cut into days; and made data of every
data set, with ties, conflicts, returns, unnamed sessions and late catalogues.
"""
import gzip
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "tests"))
from smaller import part, sized  # noqa: E402

TOP = os.environ.get("top_builddir", ".")
AISLE = os.path.join(TOP, "src", "aisle")
DUMP = os.path.join(TOP, "tests", "data", "dump_meta")
DATA = os.environ.get("AISLE_TEST_DATA", "")
LONG = os.environ.get("AISLE_LONG", "") == "1"
shown = set()	# data sets whose views were compared: the arrays are the same every time
PASSING = ("uuid", "generation", "created", "steps", "counting", "sources", "options")


def run(*words, want=0, **more):
    r = subprocess.run([AISLE, *words], capture_output=True, **more)
    if r.returncode != want:
        raise AssertionError("%s: exit %d, not %d: %s" % (
            " ".join(words), r.returncode, want, r.stderr.decode()))
    return r.stdout.decode() if want == 0 else r.stderr.decode()


def meta(store):
    r = subprocess.run([DUMP, store], capture_output=True, check=True)
    return json.loads(r.stdout)


def sources(m):
    return sorted((s["path"], s["bytes"], s["crc32c"]) for s in m["sources"])


def same_store(have, want, what):
    a, b = meta(have), meta(want)
    if sources(a) != sources(b):
        raise AssertionError("%s: other sources" % what)
    names = sorted(set(a["arrays"]) | set(b["arrays"]))
    bad = [n for n in names if a["arrays"].get(n) != b["arrays"].get(n)]
    if bad:
        raise AssertionError("%s: arrays differ: %s" % (what, ", ".join(
            "%s %s/%s" % (n, a["arrays"].get(n, {}).get("rows"),
                          b["arrays"].get(n, {}).get("rows")) for n in bad)))
    for key in sorted(set(a) | set(b)):
        if key not in PASSING and a.get(key) != b.get(key):
            raise AssertionError("%s: meta %s is %r, expected %r" % (
                what, key, a.get(key), b.get(key)))
    return len(names)


SHOWN = ("overview", "products", "categories", "pairs")
EXPORTED = ("pairs", "products", "transitions", "sessions", "edges")


def outputs(store, folder):
    out = []
    for view in SHOWN:
        out.append(run("show", view, store, "--format", "tsv", "--limit", "1000"))
    for what in EXPORTED:
        path = os.path.join(folder, "export.csv")
        r = subprocess.run([AISLE, "export", what, store, "-o", path],
                           capture_output=True)
        out.append(r.returncode)
        if r.returncode == 0:
            with open(path, "rb") as f:
                out.append(f.read())
            os.remove(path)
    return out


def check(name, steps, *options, extra=()):
    """steps: lists of files, added one list after the other; extra: for each step more
    options. Every order of two steps is tried, and files one by one."""
    count = 0
    orders = [steps]
    if len(steps) == 2 and not extra:
        orders.append(steps[::-1])
    with tempfile.TemporaryDirectory() as folder:
        for k, order in enumerate(orders):
            whole = os.path.join(folder, "whole%d.aisle" % k)
            parts = os.path.join(folder, "parts%d.aisle" % k)
            files = [f for step in order for f in step]
            more = [o for step in extra for o in step]
            run("import", name, *files, "--into", whole, *options, *more, "-q")
            for i, step in enumerate(order):
                said = options if i == 0 else ("--append",)
                if i and name == "csv" and k:
                    said += tuple(options)
                own = extra[i] if extra else ()
                run("import", name, *step, "--into", parts, *said, *own, "-q",
                    "--threads", str(1 + i % 3))
            count += same_store(parts, whole, "%s, order %d" % (name, k))
            if name in shown and not LONG:
                continue
            shown.add(name)
            run("verify", parts)
            shutil.copy(os.path.join(whole, "pseudonyms.key"), parts)
            if outputs(parts, folder) != outputs(whole, folder):
                raise AssertionError("%s: what is shown differs" % name)
    return count


# ---- files

class Files:
    def __init__(self, folder):
        self.folder, self.n = folder, 0

    def put(self, lines, name="part.csv"):
        self.n += 1
        path = os.path.join(self.folder, "%d-%s" % (self.n, name))
        data = "".join(lines)
        opener = gzip.open if name.endswith(".gz") else open
        with opener(path, "wt", encoding="utf-8", newline="") as f:
            f.write(data)
        return path

    def cut(self, path, parts, header=True, encoding="utf-8"):
        with open(path, encoding=encoding, newline="") as f:
            lines = f.read().splitlines(keepends=True)
        head = lines[:1] if header else []
        rows = lines[1:] if header else lines
        n = len(rows)
        return [self.put(head + rows[n * i // parts:n * (i + 1) // parts])
                for i in range(parts)]


def real(path, files, key=str):
    return part(os.path.join(DATA, path), files.folder, key, 4)


# ---- tests

def test_mkechinov_real(files):
    a, b, c = files.cut(real("mkechinov/2019-Oct-head.csv", files), 3)
    check("mkechinov", [[a], [b]])
    check("mkechinov", [[a], [b], [c]], "--duplicates", "drop")


def test_orders_file_real(files):
    with open(os.path.join(DATA, "mkechinov-jewelry/jewelry.csv"), encoding="utf-8") as f:
        lines = f.readlines()[1:sized(30000, 8000)]
    a, b = files.put(lines[:len(lines) // 3]), files.put(lines[len(lines) // 3:])
    check("mkechinov-orders", [[a], [b]])


def test_clickstream_real(files):
    a, b = files.cut(real("clickstream/e-shop clothing 2008.csv", files,
                          lambda line: line.split(";")[5]), 2)
    check("clickstream", [[a], [b]])


def test_retailrocket_real(files):
    events = files.cut(real("retailrocket/events.csv", files), 3)
    check("retailrocket", [events[:1], events[1:]], "--gap", "45")
    check("retailrocket", [[e] for e in events], "--duplicates", "drop")


def test_hm_real(files):
    with open(os.path.join(DATA, "hm/transactions_train_lastweek.csv"), encoding="utf-8") as f:
        lines = f.readlines()[:sized(60000, 10000)]
    with open(os.path.join(DATA, "hm/articles.csv"), encoding="utf-8") as f:
        articles = f.readlines()[:sized(20001, 6001)]
    m, n = len(lines) // 2, len(articles) * 3 // 5
    a, b = files.put(lines[:m]), files.put(lines[:1] + lines[m:])
    check("hm", [[a, files.put(articles[:n])], [b, files.put(articles[:1] + articles[n:])]])


NAMES = ["plain", "na\tme", "", "O'Neil", "caf\u00e9", "x\u0000y".replace("\u0000", "")]


def mkechinov(rng, n, first):
    head = ("event_time,event_type,product_id,category_id,category_code,brand,price,"
            "user_id,user_session\n")
    rows = [head]
    for i in range(n):
        product = rng.randint(1, 30)
        category = rng.choice(["", str(200 + product % 5), str(200 + product % 5), "299"])
        rows.append("2019-10-%02d 00:%02d:00 UTC,%s,%d,%s,%s,%s,%s,%d,s%d\n" % (
            rng.randint(first, first + 3), rng.randint(0, 3),
            rng.choice(["view", "view", "cart", "remove_from_cart", "purchase"]),
            product, category, rng.choice(["", "a.b", "a.c", "d"]),
            rng.choice(["", "acme", "b\to", "zeta"]),
            rng.choice(["", "1.5", "2", "3.125"]), rng.randint(1, 20),
            rng.randint(1, 40)))
        if rng.random() < 0.1:
            rows.append(rows[-1])
        if rng.random() < 0.02:
            rows.append("torn,row\n")
    return rows


def test_mkechinov_made(files):
    """Sessions, users and products in both files; ties in time; conflicts; bad rows."""
    for seed in range(6 if LONG else 1):
        rng = random.Random(seed)
        a, b, c = (files.put(mkechinov(rng, 120, 1 + k)) for k in range(3))
        check("mkechinov", [[a], [b]], "--max-session", "4")
        check("mkechinov", [[a], [b], [c]], "--duplicates", "drop", "--currency", "EUR")


def test_products_list_made(files):
    rng = random.Random(7)
    a, b = files.put(mkechinov(rng, 80, 1)), files.put(mkechinov(rng, 80, 2))
    listing = files.put([
        "product_id,name,product_code,brand,category,price,description,image_url,stock\n",
        "1,One,g1,own,x.y,9.9999,\"two\nlines\",http://i/1,3\n", "2,T\two,g1,,,,,,\n",
        "99,Cold,g2,acme,a.b,1,never seen,,0\n", "5,Five,,,,,,,\n"])
    check("mkechinov", [[a], [b]], extra=[("--products", listing), ()])


def test_baskets_made(files):
    rng = random.Random(3)
    parts = [files.put([" ".join(str(rng.randint(1, 20)) for _ in range(rng.randint(1, 6)))
                        + "\n" for _ in range(60)]) for _ in range(3)]
    check("baskets", [[p] for p in parts], "--separator", "space")
    check("baskets", [parts[:1], parts[1:]], "--separator", "space", "--duplicates", "drop")
    # How lines are read is the store's, too.
    a, b = (files.put(["who,what\n"] + ["u%d,%s\n" % (rng.randint(1, 9), ",".join(
        "i%d" % rng.randint(1, 9) for _ in range(3))) for _ in range(40)]) for _ in range(2))
    check("baskets", [[a], [b]], "--header", "yes", "--layout", "user-items")
    check("baskets", [[a], [b]], "--header", "yes", "--skip-columns", "1")


RETAIL = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"


def retail(rng, n, day):
    rows = [RETAIL]
    for i in range(n):
        returns = rng.random() < 0.25
        rows.append("%s%d,%d,%s,%d,12/%d/2010 8:0%d,%s,%s,%s\n" % (
            "C" if returns and rng.random() < 0.5 else "", 500 + rng.randint(0, 25),
            rng.randint(1, 6), rng.choice(["CUP", "MUG", " cup ", "?"]),
            -rng.randint(1, 3) if returns else rng.randint(1, 4), day + rng.randint(0, 2),
            rng.randint(0, 2), rng.choice(["1.5", "2.25", "0"]),
            rng.choice(["", "71", "72", "73"]), rng.choice(["France", "EIRE"])))
    return rows


def test_returns_made(files):
    """Cancellations of purchases that stand in the other file; ties everywhere."""
    for seed in range(8 if LONG else 2):
        rng = random.Random(seed)
        a, b, c = (files.put(retail(rng, 50, 1 + k)) for k in range(3))
        check("orders", [[a], [b]])
        check("orders", [[c], [b], [a]])
        check("orders", [[b], [c]], "--duplicates", "drop")
    # The first file has nothing to take back.
    sold = files.put([r for i, r in enumerate(retail(random.Random(9), 90, 1))
                      if i == 0 or (r[0] != "C" and ",-" not in r)])
    check("orders", [[sold], [files.put(retail(random.Random(10), 60, 2))]])


def test_instacart_made(files):
    """Orders are told before or after the lines that name them."""
    rng = random.Random(5)
    pairs = ["order_id,product_id,add_to_cart_order,reordered\n"] + [
        "%d,%d,%d,0\n" % (rng.randint(1, 60), rng.randint(1, 15), i) for i in range(150)]
    orders = ["order_id,user_id,eval_set,order_number,order_dow,order_hour_of_day,"
              "days_since_prior_order\n"] + [
        "%d,%d,prior,%d,%d,%d,\n" % (i, i % 9 + 1, i // 9 + 1, i % 7, i % 24)
        for i in range(1, 80)]
    products = ["product_id,product_name,aisle_id,department_id\n"] + [
        "%d,Item %d,%d,%d\n" % (i, i, i % 4 + 1, i % 2 + 1) for i in range(1, 20)]
    aisles = ["aisle_id,aisle\n"] + ["%d,Aisle %d\n" % (i, i) for i in range(1, 4)]
    p1, p2 = files.put(pairs[:60]), files.put(pairs[:1] + pairs[60:])
    o1, o2 = files.put(orders[:40]), files.put(orders[:1] + orders[40:])
    items, places = files.put(products), files.put(aisles)
    check("orders", [[p1, o1], [p2, o2, items, places]])
    check("orders", [[p1], [o1, items], [o2], [p2, places]])


def test_retailrocket_made(files):
    """Visits that go on in the other file, properties and a tree that come late."""
    rng = random.Random(11)
    day = 1430000000000
    rows = ["%d,%d,%s,%d,\n" % (day + rng.randint(0, 300) * 60000, rng.randint(0, 9),
                                rng.choice(["view", "addtocart", "transaction"]),
                                rng.randint(1, 12)) for _ in range(240)]
    head = "timestamp,visitorid,event,itemid,transactionid\n"
    a, b = files.put([head] + rows[:120]), files.put([head] + rows[120:])
    told = ["%d,%d,%s,%s\n" % (day + rng.randint(0, 9), rng.randint(1, 14),
                               rng.choice(["categoryid", "available", "790", "888"]),
                               rng.choice(["1", "2", "n1 2", "0"]))
            for _ in range(120)]
    told = [t for t in told if ",categoryid," not in t or t.split(",")[3] in "1\n2\n"]
    head = "timestamp,itemid,property,value\n"
    p1, p2 = files.put([head] + told[:50]), files.put([head] + told[50:])
    t1 = files.put(["categoryid,parentid\n", "1,3\n", "3,\n"])
    t2 = files.put(["categoryid,parentid\n", "2,3\n", "1,4\n", "4,1\n"])
    check("retailrocket", [[a, p1], [b, p2, t1]])
    check("retailrocket", [[t1, a], [p1], [p2, t2], [b]])


def test_csv_made(files):
    """Any log by a mapping: the store keeps that, --map needn't be said again."""
    rng = random.Random(13)

    def part(n):
        rows = ["when;what;sku;who;stars;cat;label;eur;land;n\n"]
        for _ in range(n):
            what = rng.choice(["view", "buy", "buy", "rate"])
            rows.append("%02d.03.2021 10:%02d;%s;p%d;u%d;%s;%s;%s;%s;%s;%d\n" % (
                rng.randint(1, 3), rng.randint(0, 59), what, rng.randint(1, 9), rng.randint(1, 6),
                rng.choice(["4,5", "2", "-1", ""]), rng.choice(["a > b", "a > c", ""]), rng.choice(["N\u00f6", "M", ""]),
                rng.choice(["1,50", "2", ""]), rng.choice(["F", "D\te", ""]),
                rng.choice([1, 1, 2, -1])))
        return [r for r in rows if ";buy;" in r or not r.endswith(";-1\n")]

    a, b = files.put(part(90)), files.put(part(90), "part.csv.gz")
    mapping = ("time=when,time-format=%d.%m.%Y %H:%M,event=what,event.purchase=buy,"
               "event.view=view,event.rating=rate,rating=stars,product=sku,user=who,category=cat,category-separator=>,"
               "name=label,price=eur,country=land,quantity=n,separator=;,decimal=comma,gap=20")
    check("csv", [[a], [b]], "--map", mapping)
    check("csv", [[b], [a]], "--map", mapping, "--duplicates", "drop")
    # Without returns events come from the catalog.
    a, b = (files.put([r for r in part(50) if not r.endswith(";-1\n")]) for _ in range(2))
    check("csv", [[a], [b]], "--map", mapping)


def test_labels_made(files):
    """Line totals, cancelled orders, unknown ids, times of the shop's clock."""
    rng = random.Random(17)

    def part():
        return ["order,who,sku,at,sum,n,state\n"] + [
            "%s,%s,p%d,2024-%02d-%02d 0%d:30,%s,%s,%s\n" % (
                rng.choice(["o%d" % rng.randint(1, 40), "NA"]),
                rng.choice(["17850.0", "12.0", "NULL", "", "k%d" % rng.randint(1, 9)]),
                rng.randint(1, 9), rng.choice([3, 11]), rng.choice([2, 3, 10, 11]),
                rng.randint(0, 3), rng.choice(["10.00", "7", "(3.00)", ""]),
                rng.choice(["1", "3", "0", "-1"]),
                rng.choice(["paid", "paid", "Refunded", "cancelled"])) for _ in range(120)]

    mapping = ("time=at,session=order+@day,user=who,product=sku,total=sum,quantity=n,"
               "status=state,id.float=yes,kind=purchase")
    check("csv", [[files.put(part())], [files.put(part())]], "--map", mapping,
          "--time-zone", "America/New_York", "--max-rejects", "60%")


def test_without_times_made(files):
    """The order of the files is the order of sessions, of which some are in several."""
    rng = random.Random(19)

    def part():
        return ["order,who,sku,day,n\n"] + ["o%d,u%d,p%d,%d,%s\n" % (
            rng.randint(1, 60), rng.randint(1, 9), rng.randint(1, 9), rng.randint(1, 400),
            rng.choice(["1", "1", "2", "-1"])) for _ in range(100)]

    a, b = files.put(part()), files.put(part())
    check("csv", [[a], [b]], "--map", "session=order,user=who,product=sku,quantity=n,"
          "kind=purchase")
    check("csv", [[a], [b]], "--map", "user=who,product=sku,quantity=n,kind=purchase")
    check("csv", [[a], [b]], "--map", "session=order,product=sku,kind=view")
    check("csv", [[a], [b]], "--map", "time=day,time-format=day,session=order,product=sku,"
          "kind=view")


def test_refused(files):
    """What doesn't fit is named, and the store stays as it was."""
    rng = random.Random(1)
    a, b = files.put(mkechinov(rng, 60, 1)), files.put(mkechinov(rng, 60, 2))
    store = os.path.join(files.folder, "s.aisle")

    def refused(code, words, *command, into=store):
        before = open(os.path.join(into, "CURRENT")).read() if into == store else ""
        text = run("import", *command, "--into", into, "--append", want=code)
        for word in words:
            if word not in text:
                raise AssertionError("'%s' is not in: %s" % (word, text))
        if before and open(os.path.join(store, "CURRENT")).read() != before:
            raise AssertionError("the store has changed")

    run("import", "mkechinov", a, "--into", store, "-q", "--currency", "EUR")
    for name in ("verdicts.mdb", "verdicts.mdb-lock", "model-neighbours-1.mdb", "notes"):
        with open(os.path.join(store, name), "w") as f:
            f.write("mine")
    refused(1, [a, "in the store already", "imported at 20"], "mkechinov", b, a)
    refused(2, ["holds the data set mkechinov"], "hm", b)
    refused(2, ["--currency EUR, not USD"], "mkechinov", b, "--currency", "USD")
    refused(2, ["--max-session 500, not 9"], "mkechinov", b, "--max-session", "9")
    refused(2, ["--duplicates keep, not drop"], "mkechinov", b, "--duplicates", "drop")
    refused(2, ["--time-zone UTC"], "mkechinov", b, "--time-zone", "Europe/Berlin")
    refused(3, ["nothing to append to"], "mkechinov", b,
            into=os.path.join(files.folder, "none.aisle"))
    run("import", "mkechinov", b, "--into", store, "--append", "-q")
    refused(1, [b, "in the store already"], "mkechinov", b)
    text = run("import", "mkechinov", a, a, "--into", store, want=1)
    if "which was read just before" not in text:
        raise AssertionError(text)
    run("import", "mkechinov", a, "--into", store, "-q")
    for name in ("verdicts.mdb", "verdicts.mdb-lock", "model-neighbours-1.mdb", "notes"):
        if open(os.path.join(store, name)).read() != "mine":
            raise AssertionError("%s was lost" % name)
    current = os.path.join(store, open(os.path.join(store, "CURRENT")).read().strip())
    with open(current, "r+b") as f:
        f.seek(os.path.getsize(current) // 2 // 4096 * 4096 + 100)
        was = f.read(8)
        f.seek(-8, 1)
        f.write(bytes(x ^ 0xff for x in was))
    refused(3, ["damaged"], "mkechinov", b)


TESTS = [test_mkechinov_real, test_orders_file_real, test_clickstream_real,
         test_retailrocket_real, test_hm_real, test_mkechinov_made,
         test_products_list_made, test_baskets_made, test_returns_made,
         test_instacart_made, test_retailrocket_made, test_csv_made,
         test_labels_made, test_without_times_made, test_refused]


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
                test(Files(folder))
                print("ok %d - %s" % (i + 1, name), flush=True)
            except AssertionError as e:
                failed += 1
                print("not ok %d - %s\n# %s" % (i + 1, name, e), flush=True)
    sys.exit(failed > 0)


main()
