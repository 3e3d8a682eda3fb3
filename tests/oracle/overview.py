# SPDX-License-Identifier: GPL-3.0-or-later
"""The overview, the heat map's counts and the complements of a basket, recounted.

A generated shop is imported with a time zone that has a change of clocks in it; its
events are read again here and counted by plain loops.
"""
import collections
import csv
import datetime
import io
import json
import math
import os
import subprocess
import sys
import tempfile
import zoneinfo

AISLE = os.path.abspath(os.path.join(os.environ.get("top_builddir", "."), "src", "aisle"))
ZONE = "Europe/Berlin"
if not os.path.exists("/usr/share/zoneinfo/" + ZONE):
    ZONE = "UTC"
SECOND = 0.3  # weight of a second step in a basket
number = 0
failed = 0


def check(name, good, why=""):
    global number, failed
    number += 1
    failed += not good
    if not good and why:
        print("# " + str(why)[:500])
    print(("ok" if good else "not ok"), number, "-", name)


def aisle(*words):
    return subprocess.run([AISLE, *words], check=True, capture_output=True, text=True,
                          encoding="utf-8").stdout


def table(*words):
    text = aisle("show", *words, "--format", "tsv")
    return list(csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE))


def near(text, value, slack=1e-9):
    return math.isclose(float(text), value, rel_tol=slack, abs_tol=slack)


def bin_name(n):
    k = n.bit_length()
    low = 1 << (k - 1) if k else 0
    return str(low) if k < 2 else f"{low}-{2 * low - 1}"


def pearson(pairs):
    n = len(pairs)
    if n < 3:
        return None
    mx, my = sum(x for x, _ in pairs) / n, sum(y for _, y in pairs) / n
    xx = sum((x - mx) ** 2 for x, _ in pairs)
    yy = sum((y - my) ** 2 for _, y in pairs)
    xy = sum((x - mx) * (y - my) for x, y in pairs)
    return xy / math.sqrt(xx * yy) if xx > 0 and yy > 0 else None


def read(path):
    with open(path, newline="", encoding="utf-8") as f:
        for r in csv.DictReader(f):
            yield r


def overview(events, store):
    facts = collections.defaultdict(dict)
    for row in table("overview", store):
        facts[row["section"]][row["field"]] = row["value"]
    utc = datetime.timezone.utc
    zone = utc if ZONE == "UTC" else zoneinfo.ZoneInfo(ZONE)
    kinds, hours = collections.Counter(), collections.Counter()
    users, user_views = collections.Counter(), collections.Counter()
    sessions = collections.defaultdict(set)
    views, bought, carts = (collections.Counter() for _ in range(3))
    revenue, price = collections.Counter(), {}
    for r in events:
        kind = {"remove_from_cart": "remove"}.get(r["event_type"], r["event_type"])
        at = datetime.datetime.fromisoformat(r["event_time"][:19]).replace(tzinfo=utc)
        local = at.astimezone(zone)
        kinds[kind] += 1
        hours[local.weekday(), local.hour] += 1
        users[r["user_id"]] += 1
        user_views[r["user_id"]] += kind == "view"
        sessions[r["user_session"]].add(kind)
        p = r["product_id"]
        views[p] += kind == "view"
        carts[p] += kind == "cart"
        bought[p] += kind == "purchase"
        if r["price"]:
            if p not in price or price[p][0] <= at:
                price[p] = at, float(r["price"])
            if kind == "purchase":
                revenue[p] += float(r["price"])
    check("events of every kind",
          {k: str(n) for k, n in kinds.items()} == facts["events"], facts["events"])
    days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    want = {d: " ".join(str(hours[i, h]) for h in range(24)) for i, d in enumerate(days)}
    got = {d: facts[f"hours ({ZONE})"].get(d) for d in days}
    check("hours in the shop's time zone", want == got, (want, got))
    n = {k: sum(k in s for s in sessions.values()) for k in ("view", "cart", "purchase")}
    n["cart and purchase"] = sum({"cart", "purchase"} <= s for s in sessions.values())
    got = facts["funnel: sessions"]
    check("funnel", all(got[k] == str(x) for k, x in n.items()), got)
    spread = collections.Counter(bin_name(views[p]) for p in views)
    got = {k: int(x) for k, x in facts["products by views (log)"].items() if int(x)}
    check("products by their views", spread == got, (spread, got))
    spread = collections.Counter(bin_name(x) for x in users.values())
    got = {k: int(x) for k, x in facts["users by events (log)"].items() if int(x)}
    check("users by their events", spread == got, (spread, got))
    top = sorted(users.values(), reverse=True)[:5]
    got = [int(x) for x in facts["most active users"].values()]
    check("the most active users", top == got, got)
    heavy = sorted(user_views.values(), reverse=True)
    tenth = heavy[:(len(heavy) + 9) // 10]
    got = facts["views of a user"]
    check("views of the top tenth",
          near(got["all users"], sum(heavy) / len(heavy)) and
          near(got["top 10%"], sum(tenth) / len(tenth)) and
          near(got["their share"], sum(tenth) / sum(heavy)), got)
    measures = {
        "views": {p: math.log1p(views[p]) for p in views},
        "carts": {p: math.log1p(carts[p]) for p in views},
        "purchases": {p: math.log1p(bought[p]) for p in views},
        "revenue": {p: math.log1p(revenue[p]) for p in views},
        "price": {p: math.log1p(x) for p, (_, x) in price.items()},
        "conversion": {p: bought[p] / views[p] for p in views if views[p]},
    }
    names, good, seen = list(measures), True, 0
    for i, a in enumerate(names):
        for b in names[i + 1:]:
            both = measures[a].keys() & measures[b].keys()
            r = pearson([(measures[a][p], measures[b][p]) for p in sorted(both)])
            got = facts["correlation of products"].get(f"{a}, {b}")
            seen += got is not None
            if r is None or got is None or not near(got, r, 1e-6):
                good = False
                print(f"# {a}, {b}: {got}, not {r}")
    check("correlations of product measures", good and seen == 15)


def heat_map(events, store):
    category, baskets = {}, collections.defaultdict(set)
    for r in events:
        category[r["product_id"]] = r["category_code"].split(".")[0]
        if r["event_type"] == "purchase":
            baskets[r["user_session"]].add(r["product_id"])
    pairs, alone = collections.Counter(), collections.Counter()
    for basket in baskets.values():
        tops = collections.Counter(category[p] for p in basket)
        for a in tops:
            alone[a] += 1
            for b in tops:
                pairs[a, b] += a != b or tops[a] > 1
    want = {k: n for k, n in pairs.items() if n and k[0] and k[1]}
    rows = table("transitions", store, "--level", "0")
    got = {(r["from_path"], r["to_path"]): int(r["n"]) for r in rows
           if "(no code)" not in r["from_path"] + r["to_path"]}
    check("transitions at the top", want == got, (want, got))
    good = all(near(r["confidence"], int(r["n"]) / alone[r["from_path"]]) for r in rows
               if r["from_path"] in alone)
    check("their confidence", good)
    chart = aisle("show", "transitions", store, "--level", "0", "--sort", "confidence",
                  "--format", "chart")
    numbers = [100 * n / alone[a] for (a, b), n in want.items()]
    shown = [("%.1f" if x < 9.95 else "%.0f") % x for x in numbers]
    check("the heat map shows them", all(x in chart for x in shown), chart)


def basket(events, store):
    """Counts of both products and their second steps add up; what is left is the prior, which
    within a category goes as its products sell."""
    bought, sold = collections.defaultdict(set), collections.Counter()
    category = {}
    for r in events:
        category[r["product_id"]] = r["category_id"]
        if r["event_type"] == "purchase":
            bought[r["user_session"]].add(r["product_id"])
            sold[r["product_id"]] += 1
    single, both = collections.Counter(), collections.defaultdict(collections.Counter)
    for products in bought.values():
        for a in products:
            single[a] += 1
            for b in products - {a}:
                both[a][b] += 1
    pair = [p for p, _ in single.most_common(2)]
    counted = collections.Counter()
    for a in pair:
        counted.update(both[a])
        for c, n in both[a].items():
            of_c = sum(both[c].values())
            for b, m in both[c].items():
                counted[b] += SECOND * n * m / of_c
    for a in pair:
        del counted[a]
    rows = table("basket", store, "--product", pair[0], "--product", pair[1],
                 "--codes", "all", "--limit", "100000")
    got = {r["product"]: float(r["score"]) for r in rows}
    left = {c: got[c] - counted[c] for c in got}
    check("a basket's complements", counted.keys() <= got.keys() and
          all(x > -1e-9 for x in left.values()), (len(got), len(counted)))
    share = collections.defaultdict(set)
    for c, x in left.items():
        share[category[c]].add(round(x / sold[c], 9) if sold[c] else 0.0)
    check("what is left goes as products sell", len(share) > 3 and
          all(len(s - {0.0}) <= 1 for s in share.values()), dict(share))
    check("the best first", list(got.values()) == sorted(got.values(), reverse=True))


def trend(events, store):
    """Sessions with both of a pair, and with the first, in whole weeks."""
    zone = datetime.timezone.utc if ZONE == "UTC" else zoneinfo.ZoneInfo(ZONE)
    day = lambda r: datetime.datetime.fromisoformat(r["event_time"][:19]).replace(
        tzinfo=datetime.timezone.utc).astimezone(zone).date()
    start, holds = {}, collections.defaultdict(set)
    seen = collections.Counter()
    for r in events:
        s = r["user_session"]
        start[s] = min(start.get(s, day(r)), day(r))
        holds[s].add(r["product_id"])
    for products in holds.values():
        seen.update(products)
    a = seen.most_common(1)[0][0]
    b = collections.Counter(p for h in holds.values() if a in h
                            for p in h if p != a).most_common(1)[0][0]
    end = max(day(r) for r in events)
    weeks = []
    for k in (1, 2):
        low, high = end - datetime.timedelta(7 * k), end - datetime.timedelta(7 * (k - 1))
        weeks.append([h for s, h in holds.items() if low <= start[s] < high])
    want = [sum({a, b} <= h for h in w) for w in weeks]
    got = {r["field"]: r["value"] for r in table("why", store, "--product", a, "--with", b)
           if r["section"] == "trend"}
    check("trend of a pair", [got["latest period"], got["the one before"]] ==
          [str(n) for n in want] and sum(want) > 0, (got, want))


def main():
    print("1..15")
    with tempfile.TemporaryDirectory() as folder:
        store = os.path.join(folder, "shop.aisle")
        aisle("generate", "-o", folder, "--products", "120", "--sessions", "1500",
              "--seed", "7", "--days", "60", "-q")
        aisle("import", "mkechinov", os.path.join(folder, "events.csv"), "--into", store,
              "--time-zone", ZONE, "-q")
        events = list(read(os.path.join(folder, "events.csv")))
        json.loads(aisle("show", "overview", store, "--format", "json"))
        overview(events, store)
        heat_map(events, store)
        basket(events, store)
        trend(events, store)
    return failed > 0


sys.exit(main())
