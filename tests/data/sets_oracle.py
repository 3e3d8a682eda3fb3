# SPDX-License-Identifier: GPL-3.0-or-later
"""Data sets of several kinds of files, compared with a plain reading of the same files:
sessions cut by time, latest properties, trees with every fault, cancellations, joins.

Shares no code with the program. Every import is done with several threads, piece sizes
and orders of the files.
"""
import collections
import csv
import datetime
import decimal
import gzip
import hashlib
import lzma
import os
import random
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "tests"))
from smaller import SMALLER, sized, thinned  # noqa: E402

TOP = os.environ.get("top_builddir", ".")
DUMP = os.path.join(TOP, "tests", "data", "dump_import")
DATA = os.environ.get("AISLE_TEST_DATA", "")
NONE = str(-1 << 63)
LEVELS = 8
DAY = 86400000

# time: ms; price: Decimal or None
Event = collections.namedtuple("Event", "time kind product session user price quantity")


def dump(name, paths, threads, piece, *options):
    with tempfile.TemporaryDirectory() as folder:
        r = subprocess.run([DUMP, *options, name, os.path.join(folder, "x.aisle"),
                            str(threads), str(piece), *paths], capture_output=True)
    if r.returncode:
        raise AssertionError("exit %d: %s" % (r.returncode, r.stderr.decode()))
    lines = r.stdout.decode().split("\n")[:-1]
    if lines.pop() != "ok\t1":
        raise AssertionError("cross references are wrong")
    return lines


def same(have, want, what):
    for h, w in zip(have, want):
        if h != w:
            raise AssertionError("%s: %r, expected %r" % (what, h, w))
    if len(have) != len(want):
        raise AssertionError("%s: %d, expected %d" % (what, len(have), len(want)))


def rows(path):
    with open(path, newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


def check(name, paths, want, *options, sizes=((1, 0), (2, 1), (3, 100), (2, 65536))):
    """want: {first letters: lines}; labels, in column 8 of P, are left to other tests."""
    for threads, piece in sizes:
        have = dump(name, paths, threads, piece, *options)
        for letters, lines in want.items():
            got = [x for x in have if x[0] in letters]
            if letters == "P":
                got = ["\t".join(x.split("\t")[:8] + x.split("\t")[9:]) for x in got]
            same(got, lines, "%s, %d threads, pieces of %d" % (letters, threads, piece))


# ---- what every set has

def price_text(price, scale):
    return NONE if price is None else str(int(price.scaleb(scale)))


def session_lines(events, scale=0):
    """events in the order of the files, sessions named."""
    by = collections.defaultdict(list)
    for i, e in enumerate(events):
        by[e.session].append((e.time, i, e))
    out = []
    for s, es in by.items():
        es.sort(key=lambda x: x[:2])
        lines = ["S\t%s\t%s" % (s, es[0][2].user or "-")]
        lines += ["E\t%s\t%d\t%s\t%s\t%d" % (e.product, e.time, e.kind,
                                            price_text(e.price, scale), e.quantity)
                  for _, _, e in es]
        out.append((es[0][0], s.encode(), lines))
    return [x for s in sorted(out, key=lambda x: x[:2]) for x in s[2]]


def forest(parents, names):
    """{id: parent or None}, {id: name} -> rows (id, path, parent, depth, size)."""
    up = {c: p if p != c else None for c, p in parents.items()}
    done = set()
    for start in up:
        way, at = {}, start
        while at is not None and at not in way and at not in done:
            way[at] = len(way)
            at = up.get(at)
        if at is not None and at not in done:
            cycle = [c for c, n in way.items() if n >= way[at]]
            up[min(cycle, key=str.encode)] = None
        done.update(way)
    depth, below = {}, collections.defaultdict(list)
    for c in up:
        way = []
        while c is not None and c not in depth:
            way.append(c)
            c = up[c]
        while way:
            c = way.pop()
            p = up[c]
            if p is not None and depth[p] == LEVELS - 1:
                p = up[c] = up[p]
            depth[c] = 0 if p is None else depth[p] + 1
    for c, p in up.items():
        below[p].append(c)
    out = []
    todo = [(c, "") for c in reversed(sorted(
        below[None], key=lambda x: (names.get(x, x).encode(), x.encode())))]
    while todo:
        c, above = todo.pop()
        path = above + names.get(c, c)
        out.append([c, path, up[c] or "-", depth[c], 1])
        todo += [(x, path + ".") for x in reversed(sorted(
            below[c], key=lambda x: (names.get(x, x).encode(), x.encode())))]
    size = {"-": 0}
    for c in reversed(out):
        c[4] += size.pop(c[0], 0)
        size[c[2]] = size.get(c[2], 0) + c[4]
    return out


def paths_forest(paths):
    """{tuple of names} -> the same rows; an id is its path."""
    nodes = {p[:n] for p in paths for n in range(1, len(p) + 1)}
    order = sorted(nodes, key=lambda p: [x.encode() for x in p])
    return [[".".join(p), ".".join(p), ".".join(p[:-1]) or "-", len(p) - 1,
             sum(q[:len(p)] == p for q in order)] for p in order]


def product_lines(ids, tree, category, events, scale=0, price=None, attributes=None,
                  group=None, brand=None):
    """P and C lines."""
    place = {c[0]: i for i, c in enumerate(tree)}
    first, last = {}, {}
    for e in events:
        first[e.product] = min(e.time, first.get(e.product, e.time))
        last[e.product] = max(e.time, last.get(e.product, e.time))
    order = sorted(ids, key=lambda p: (place.get(category.get(p), len(tree)), p.encode()))
    variants = {}
    for p in order:
        if group and group.get(p):
            variants.setdefault(group[p], p)
    out = []
    for p in order:
        out.append("\t".join(
            ["P", p, category.get(p) or "-", (brand or {}).get(p) or "-",
             price_text((price or {}).get(p), scale), str(first.get(p, NONE)),
             str(last.get(p, NONE)), variants[group[p]] if group and group.get(p) else p]
            + list((attributes or {}).get(p, []))))
    counts, k = [], 0
    for i, c in enumerate(tree):
        while k < len(order) and place.get(category.get(order[k]), len(tree)) < i:
            k += 1
        counts.append("C\t%s\t%s\t%s\t%d\t%d\t%d" % (*c, k))
    return out, counts


# ---- retailrocket

def retailrocket(events_path, property_paths, tree_path, gap):
    kinds = {"view": "view", "addtocart": "cart", "transaction": "purchase"}
    raw = [(int(r["timestamp"]), i, r) for i, r in enumerate(rows(events_path))]
    visits, last, named = collections.Counter(), {}, {}
    for t, i, r in sorted(raw, key=lambda x: x[:2]):
        v = r["visitorid"]
        if v not in last or t - last[v] > gap:
            visits[v] += 1
        last[v] = t
        named[i] = "%s/%d" % (v, visits[v])
    events = [Event(t, kinds[r["event"]], r["itemid"], named[i], r["visitorid"], None, 1)
              for t, i, r in raw]
    latest, mentioned = {}, set()
    for i, r in enumerate(x for path in property_paths for x in rows(path)):
        if r["property"] == "categoryid":
            mentioned.add(r["value"])
        key, at = (r["itemid"], r["property"]), (int(r["timestamp"]), i)
        if r["value"] and (key not in latest or at >= latest[key][0]):
            latest[key] = (at, r["value"])
    ids = {e.product for e in events} | {k[0] for k in latest}
    category = {k[0]: v[1] for k, v in latest.items() if k[1] == "categoryid"}
    parents = {}
    if tree_path:
        for r in rows(tree_path):
            if r["parentid"] or r["categoryid"] not in parents:
                parents[r["categoryid"]] = r["parentid"] or None
        for p in list(parents.values()):
            if p:
                parents.setdefault(p, None)
        for c in mentioned:
            parents.setdefault(c, None)
    tree = forest(parents, {})
    attributes = {p: [latest.get((p, "available"), (0, "-"))[1]] for p in ids}
    products, cats = product_lines(ids, tree, category, events, attributes=attributes)
    place = {x.split("\t")[1]: i for i, x in enumerate(products)}
    values = ["V\t%s\t%s\t%s" % (*k, v[1]) for k, v in sorted(
        latest.items(), key=lambda x: (place[x[0][0]], x[0][1].encode()))
              if k[1] not in ("categoryid", "available")]
    want = {"SE": session_lines(events)}
    if tree_path or not category:   # else the order is that of categories without a code
        want.update({"P": products, "C": cats, "V": values})
    return want


def write(path, header, lines):
    with open(path, "w", newline="") as f:
        f.write(header + "\n" + "".join(x + "\n" for x in lines))
    return path


def nasty_retailrocket(folder, seed):
    rng = random.Random(seed)
    start, out = 1433000000000, []
    for v in range(20):
        t = start + rng.randrange(DAY)
        for _ in range(rng.randrange(1, 12)):
            kind = rng.choice(["view", "view", "addtocart", "transaction"])
            out.append("%d,%d,%s,%d,%s" % (t, v, kind, rng.randrange(40),
                                          rng.randrange(99) if kind == "transaction" else ""))
            t += rng.choice([0, 1000, 1799999, 1800000, 1800001, DAY])
    rng.shuffle(out)
    events = write(os.path.join(folder, "e%d" % seed),
                   "timestamp,visitorid,event,itemid,transactionid", out)
    parts = []
    for part in range(2):
        out = ["%d,%d,%s,%s" % (start + rng.randrange(5), rng.randrange(60), prop, value)
               for _ in range(400)
               for prop, value in [rng.choice(
                   [("categoryid", str(rng.randrange(1, 40))), ("available", "1"),
                    ("available", "0"), ("790", "n%d.000" % rng.randrange(9)),
                    ("888", "1 n2.000 \u00e9"), ("%d" % rng.randrange(9), "x y")])]]
        parts.append(write(os.path.join(folder, "p%d%d" % (seed, part)),
                           "timestamp,itemid,property,value", out))
    # A chain of twelve, a cycle with a tail, a self parent, an orphan, a duplicate.
    out = ["%d,%d" % (i, i + 1) for i in range(1, 12)] + ["12,"]
    out += ["20,21", "21,22", "22,20", "23,20", "24,24", "25,99", "26,", "26,25", "27,12"]
    rng.shuffle(out)
    tree = write(os.path.join(folder, "t%d" % seed), "categoryid,parentid", out)
    return events, parts, tree


def test_retailrocket(folder):
    for seed in range(4):
        events, parts, tree = nasty_retailrocket(folder, seed)
        for gap, options in ((1800000, ()), (DAY, ("-g", "1440"))):
            want = retailrocket(events, parts, tree, gap)
            files = [events, tree, *parts]
            check("retailrocket", files, want, *options)
            check("retailrocket", [parts[0], events, parts[1], tree], want, *options)
        check("retailrocket", [events], retailrocket(events, [], None, 1800000))
        check("retailrocket", [parts[1], events],
              retailrocket(events, parts[1:], None, 1800000))


def deep_tree(folder):
    """5,000 levels and a cycle of 5,000."""
    events = write(os.path.join(folder, "deep"),
                   "timestamp,visitorid,event,itemid,transactionid", ["1,1,view,1,"])
    out = ["%d,%d" % (i, i + 1) for i in range(1, 5000)] + ["5000,"]
    out += ["c%d,c%d" % (i, (i + 1) % 5000) for i in range(5000)]
    tree = write(os.path.join(folder, "deep-t"), "categoryid,parentid", out)
    check("retailrocket", [tree, events], retailrocket(events, [], tree, 1800000),
          sizes=((2, 1000),))


def real_retailrocket(folder):
    path = os.path.join(DATA, "retailrocket/events.csv")
    check("retailrocket", [path], retailrocket(path, [], None, 1800000))
    have = dump("retailrocket", [path], 2, 0)
    kinds = collections.Counter(x.split("\t")[3] for x in have if x[0] == "E")
    same([sum(x[0] == "P" for x in have),
          len({x.split("\t")[2] for x in have if x[0] == "S"}),
          kinds["view"], kinds["cart"], kinds["purchase"]], [2960, 1092, 4732, 377, 60],
         "items, visitors, events")


# ---- hm

HM = ["product_type_name", "product_group_name", "department_name", "colour_group_name",
      "perceived_colour_value_name", "perceived_colour_master_name",
      "graphical_appearance_name", "index_name", "section_name", "garment_group_name",
      "index_group_name", "product_type_no", "department_no", "section_no"]


def hm(articles_path, transactions_path):
    events, scale = [], 2
    for r in rows(transactions_path):
        day = datetime.date.fromisoformat(r["t_dat"]) - datetime.date(1970, 1, 1)
        price = decimal.Decimal(r["price"])
        if -price.as_tuple().exponent > 18:
            price = price.quantize(decimal.Decimal(1).scaleb(-18), decimal.ROUND_HALF_UP)
        scale = max(scale, -price.normalize().as_tuple().exponent)
        events.append(Event(day.days * DAY, "purchase", r["article_id"],
                            r["t_dat"] + " " + r["customer_id"], r["customer_id"], price, 1))
    price = {}
    for e in sorted(events, key=lambda e: e.time):
        price[e.product] = e.price
    articles = {r["article_id"]: r for r in rows(articles_path)} if articles_path else {}
    path = {a: (r["index_group_name"], r["garment_group_name"], r["product_type_name"])
            for a, r in articles.items()}
    ids = set(articles) | set(price)
    products, cats = product_lines(
        ids, paths_forest(set(path.values())), {a: ".".join(p) for a, p in path.items()},
        events, scale, price,
        {p: [articles[p][k] for k in HM] if p in articles else ["-"] * len(HM) for p in ids},
        {a: r["product_code"] for a, r in articles.items()})
    texts = ["D\t%s\t%s" % (p, articles[p]["detail_desc"].replace("\n", "\\n"))
             for p in (x.split("\t")[1] for x in products)
             if p in articles and articles[p]["detail_desc"]]
    return {"P": products, "C": cats, "D": texts, "SE": session_lines(events, scale)}


def test_hm(folder):
    rng = random.Random(5)
    head = ["article_id", "product_code", "prod_name", "product_type_no"] + HM[:2] + \
        ["graphical_appearance_no", HM[6], "colour_group_code", HM[3],
         "perceived_colour_value_id", HM[4], "perceived_colour_master_id", HM[5],
         "department_no", HM[2], "index_code", HM[7], "index_group_no", "index_group_name",
         "section_no", HM[8], "garment_group_no", "garment_group_name", "detail_desc"]
    path = os.path.join(folder, "articles")
    with open(path, "w", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(head)
        for i in range(50):
            row = {h: "%s %d." % (h[:3], rng.randrange(3)) for h in head}
            row.update(article_id="0%09d" % (i * 7), product_code="0%d" % (i // 4),
                       detail_desc=rng.choice(["", 'a "word", 50 %', "two\nlines \u00e9"]))
            w.writerow([row[h] for h in head])
    out = ["2020-09-%02d,c%d,0%09d,%s,2" % (
        rng.randrange(10, 14), rng.randrange(20), rng.randrange(60) * 7,
        rng.choice(["0.03", "0.048440677966101695", "0.5", "0.0026949152542372883"]))
        for _ in range(300)]
    bought = write(os.path.join(folder, "transactions"),
                   "t_dat,customer_id,article_id,price,sales_channel_id", out)
    people = write(os.path.join(folder, "customers"), "customer_id,FN,Active,"
                   "club_member_status,fashion_news_frequency,age,postal_code",
                   ["c%d,,,ACTIVE,NONE,30,x" % i for i in range(99)])
    want = hm(path, bought)
    check("hm", [path, bought, people], want)
    check("hm", [people, bought, path], want)
    check("hm", [bought], hm(None, bought))


def real_hm(folder):
    articles = os.path.join(DATA, "hm/articles.csv")
    bought = os.path.join(DATA, "hm/transactions_train_lastweek.csv")
    if SMALLER:
        articles = thinned(articles, "article_id", folder)
        bought = thinned(bought, "customer_id", folder)
    want = hm(articles, bought)
    check("hm", [bought, articles], want, sizes=((2, 0),))
    have = dump("hm", [articles, bought], 3, 70000)
    text = {x.split("\t", 2)[1]: x.split("\t", 2)[2] for x in have if x[0] == "D"}
    digest = [hashlib.sha256("".join("%s %s\n" % x for x in sorted(t.items()))
                             .encode()).hexdigest() for t in (text, {
                                 r["article_id"]: r["detail_desc"]
                                 for r in rows(articles) if r["detail_desc"]})]
    same(digest[:1], digest[1:], "descriptions")
    if SMALLER:
        return
    baskets, session = collections.defaultdict(set), None
    for x in have:
        f = x.split("\t")
        if f[0] == "S":
            session = f[1]
        elif f[0] == "E":
            baskets[session].add(f[1])
    same([sum(x[0] == "P" for x in have), len({a for b in baskets.values() for a in b}),
          len({x.split("\t")[2] for x in have if x[0] == "S"}), len(baskets),
          sum(len(b) > 1 for b in baskets.values()), len(text)],
         [105542, 17986, 68984, 77143, 48849, 105542 - 416],
         "articles, bought, customers, baskets, of two or more, descriptions")


# ---- orders

RETAIL = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
SERVICES = {"POST", "DOT", "M", "BANK CHARGES"}


def retail(path):
    """Purchases, and how many were taken back as a whole, and cancellations too many."""
    kept, cancels, lost, whole = [], [], 0, 0
    for r in rows(path):
        if r["StockCode"].upper() in SERVICES:
            continue
        t = datetime.datetime.strptime(r["InvoiceDate"], "%m/%d/%Y %H:%M")
        ms = int((t - datetime.datetime(1970, 1, 1)).total_seconds()) * 1000
        n, invoice = int(r["Quantity"]), r["InvoiceNo"]
        item = [ms, len(kept) + len(cancels), invoice.lstrip("C"), r["StockCode"],
                r["CustomerID"], abs(n), decimal.Decimal(r["UnitPrice"])]
        (cancels if n < 0 or invoice[0] == "C" else kept).append(item)
    for c in sorted(cancels):
        def take(match):
            nonlocal whole
            for e in sorted((e for e in kept if e[5] and match(e)), reverse=True):
                n = min(e[5], c[5])
                e[5] -= n
                c[5] -= n
                whole += e[5] == 0 and n > 0
        take(lambda e: e[2] == c[2] and e[3] == c[3])
        if c[4]:
            take(lambda e: e[4] == c[4] and e[3] == c[3] and e[0] <= c[0])
        lost += c[5] > 0
    events = [Event(e[0], "purchase", e[3], e[2], e[4], e[6], e[5]) for e in kept if e[5]]
    return events, whole, lost


def test_retail(folder):
    for seed in range(5):
        rng = random.Random(seed)
        out = []
        for i in range(400):
            invoice = 536000 + rng.randrange(80)
            cancel = rng.random() < .2
            out.append("%s%d,%s,NAME %d,%d,%d/%d/2010 %d:%02d,%s,%s,France" % (
                "C" if cancel and rng.random() < .8 else "", invoice + 1000 * cancel,
                rng.choice(["85123A", "22423", "m", "POST", "71053"]), i,
                rng.randrange(1, 9) * (-1 if cancel else 1), 12, 1 + invoice % 20,
                invoice % 24, invoice % 60, rng.choice(["2.55", "0", "1.1"]),
                "" if invoice % 7 == 0 else 17000 + invoice % 5))
        path = write(os.path.join(folder, "retail%d" % seed), RETAIL, out)
        events, whole, lost = retail(path)
        check("orders", [path], {"SE": session_lines(events, 2),
                                 "X": ["X\t%d\t%d" % (whole, lost)]})


def test_instacart(folder):
    rng = random.Random(3)
    pairs = ["%d,%d,%d,0" % (o, p, n + 1) for o in range(1, 60)
             for n, p in enumerate(rng.sample(range(1, 30), rng.randrange(1, 6)))]
    items = ["%d,\"Name, %d\",%d,%d" % (i, i, i % 7 + 1, i % 7 % 3 + 1) for i in range(1, 35)]
    orders = [(o, rng.randrange(1, 9), rng.randrange(1, 30), rng.randrange(7),
               rng.randrange(24)) for o in range(1, 70)]
    files = [
        write(os.path.join(folder, "pairs"),
              "order_id,product_id,add_to_cart_order,reordered", pairs),
        write(os.path.join(folder, "orders"), "order_id,user_id,eval_set,order_number,"
              "order_dow,order_hour_of_day,days_since_prior_order",
              ["%d,%d,prior,%d,%d,%02d,7.0" % o for o in orders]),
        write(os.path.join(folder, "items"),
              "product_id,product_name,aisle_id,department_id", items),
        write(os.path.join(folder, "aisles"), "aisle_id,aisle",
              ["%d,aisle %d" % (i, 9 - i) for i in range(1, 8)]),
        write(os.path.join(folder, "departments"), "department_id,department",
              ["%d,dept. %d" % (i, i) for i in range(1, 4)]),
    ]
    when = {str(o): ((3 + (n - 1) * 7 + d) * DAY + h * 3600000, str(u))
            for o, u, n, d, h in orders}
    raw = [x.split(",") for x in pairs]
    events = [Event(when[r[0]][0], "purchase", r[1], r[0], when[r[0]][1], None, 1)
              for r in raw]
    parents = {"department-%d" % i: None for i in range(1, 4)}
    parents.update({"aisle-%d" % (i + 1): "department-%d" % (i % 3 + 1) for i in range(7)})
    names = {"department-%d" % i: "dept. %d" % i for i in range(1, 4)}
    names.update({"aisle-%d" % i: "aisle %d" % (9 - i) for i in range(1, 8)})
    products, cats = product_lines({str(i) for i in range(1, 35)}, forest(parents, names),
                                   {str(i): "aisle-%d" % (i % 7 + 1) for i in range(1, 35)},
                                   events)
    want = {"P": products, "C": cats, "SE": session_lines(events)}
    check("orders", files, want)
    check("orders", files[::-1], want)
    # Without orders.csv there are no users and no times: those that stand there instead are
    # the places of sessions in the order of the file.
    place = {}
    for e in events:
        place.setdefault(e.session, len(place) + 1)
    check("orders", files[:1], {"SE": session_lines(
        [e._replace(time=place[e.session], user="") for e in events])})


# ---- baskets

def test_baskets(folder):
    rng = random.Random(9)
    for sep, options in ((",", ()), (" ", ("-s", " "))):
        paths, events, n = [], [], 0
        for part in range(2):
            path = os.path.join(folder, "baskets%d" % part)
            with open(path, "w") as f:
                for _ in range(150):
                    items = ["i%d" % rng.randrange(40) for _ in range(rng.choice([1, 3, 200]))]
                    if rng.random() < .1:
                        items = []
                    elif sep == "," and rng.random() < .2:
                        items[0] = '"%s"' % items[0]
                    # Empty items are none.
                    f.write(sep.join(items) + rng.choice(["", sep]) + "\n")
                    n += bool(items)
                    events += [Event(n, "purchase", x.strip('"'), str(n), "", None, 1)
                               for x in items]
            paths.append(path)
        check("baskets", paths, {"SE": session_lines(events)}, *options)


# ---- the list of products

def test_products(folder):
    log = write(os.path.join(folder, "log"), "event_time,event_type,product_id,category_id,"
                "category_code,brand,price,user_id,user_session",
                ["2019-10-01 00:00:00 UTC,view,1,10,a.b,acme,1.5,1,s",
                 "2019-10-01 00:00:01 UTC,purchase,2,11,a.c,acme,2.00,1,s"])
    listed = write(os.path.join(folder, "list"),
                   "price,product_id,description,category,category_id,brand,stock,name,"
                   "image_url,product_code",
                   ['9.125,1,"Says ""more""",a.d,12,other,3,One,http://x/1,g',
                    ",3,Cold,,11,,,Three,,g", ",4,,,,,,Four,,", ",,none,,,,,,,"])
    tree = [["a", "a", "-", 0, 4], ["10", "a.b", "a", 1, 1], ["11", "a.c", "a", 1, 1],
            ["12", "a.d", "a", 1, 1]]
    t = 1569888000000
    events = [Event(t, "view", "1", "s", "1", decimal.Decimal("1.5"), 1),
              Event(t + 1000, "purchase", "2", "s", "1", decimal.Decimal("2.00"), 1)]
    products, cats = product_lines(
        {"1", "2", "3", "4"}, tree, {"1": "12", "2": "11", "3": "11"}, events, 3,
        {"1": decimal.Decimal("9.125"), "2": decimal.Decimal(2)}, {},
        {"1": "g", "3": "g"}, {"1": "other", "2": "acme"})
    check("mkechinov", [log], {
        "P": products, "C": cats, "SE": session_lines(events, 3),
        "D": ["D\t3\tCold", 'D\t1\tSays "more"'],
        "V": ["V\t1\timage_url\thttp://x/1", "V\t1\tstock\t3"]}, "-p", listed)


# ---- packed files

def zstd(data):
    """A frame of raw blocks, by the format's description."""
    out = b"\x28\xb5\x2f\xfd\xa0" + len(data).to_bytes(4, "little")
    for at in range(0, max(len(data), 1), 100000):
        block = data[at:at + 100000]
        last = at + 100000 >= len(data)
        out += (len(block) << 3 | last).to_bytes(3, "little") + block
    return out


def refused(path, words):
    try:
        dump("mkechinov", [path], 2, 0)
    except AssertionError as e:
        if not str(e).startswith("exit 1") or words not in str(e):
            raise
        return
    raise AssertionError("%s was taken" % words)


def test_packed(folder):
    head = b"event_time,event_type,product_id,category_id,category_code,brand,price," \
        b"user_id,user_session\n"
    rng = random.Random(1)
    lines = [b"2019-10-01 00:%02d:%02d UTC,view,%d,,,,1.00,%d,s%d\n" % (
        rng.randrange(60), rng.randrange(60), rng.randrange(1, 99), i % 50 + 1, i % 50)
        for i in range(sized(20000, 5000))]
    plain = head + b"".join(lines)
    half = len(head) + sum(len(x) for x in lines[:len(lines) // 2])
    path = os.path.join(folder, "log")
    with open(path, "wb") as f:
        f.write(plain)
    want = dump("mkechinov", [path], 2, 0)
    for name, pack in ("gzip", gzip.compress), ("xz", lzma.compress), ("zstd", zstd):
        for data in (pack(plain), pack(plain[:half]) + pack(plain[half:]),
                     pack(plain) + pack(b"")):
            with open(path, "wb") as f:
                f.write(data)
            same(dump("mkechinov", [path], 2, 0), want, name)
        with open(path, "wb") as f:
            f.write(pack(plain)[:-2000])
        refused(path, "%s data is cut short" % name)
        with open(path, "wb") as f:
            f.write(pack(plain) + b"something else")
        refused(path, "%s data can't be unpacked" % name)
    with open(path, "wb") as f:
        f.write(gzip.compress(plain))
    with open(path, "rb") as f, tempfile.TemporaryDirectory() as store:
        r = subprocess.run([DUMP, "mkechinov", os.path.join(store, "x.aisle"), "2", "0",
                            "-"], stdin=f, capture_output=True)
    same(r.stdout.decode().split("\n")[:len(want)], want, "standard input")


def main():
    real = [("the H&M week", real_hm), ("the Retailrocket sample", real_retailrocket)]
    own = [("retailrocket", test_retailrocket), ("deep trees", deep_tree), ("hm", test_hm),
           ("orders of Online Retail", test_retail), ("orders of Instacart", test_instacart),
           ("baskets", test_baskets), ("packed files", test_packed),
           ("a list of products", test_products)]
    print("1..%d" % len(own + real))
    for i, (name, run) in enumerate(own + real, 1):
        if (name, run) in real and not DATA:
            print("ok %d - %s # SKIP AISLE_TEST_DATA is not set" % (i, name))
            continue
        try:
            with tempfile.TemporaryDirectory() as folder:
                run(folder)
            print("ok %d - %s" % (i, name))
        except AssertionError as e:
            print("not ok %d - %s\n# %s" % (i, name, str(e).replace("\n", "\n# ")[:2000]))


if __name__ == "__main__":
    sys.exit(main())
