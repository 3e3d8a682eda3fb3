# SPDX-License-Identifier: GPL-3.0-or-later
"""What the drivers of counts.sql share: the order of the work, the category tree, meta.json.

An engine has four methods: make(name, sql) runs a statement and keeps what it gives under the
name; rows(sql) fetches a small result; put(name, columns, rows) makes a small table;
write(sql, folder) writes a result as tab-separated parts with a header.
"""
import collections
import json
import os
import re

VERSION = 1
LEVELS = 8  # of the category tree; a leaf that shares its code needs one of them
NAMES = ("time", "event", "product", "category-id", "category", "brand", "price", "session")
MKECHINOV = {
    "time": "event_time", "event": "event_type", "product": "product_id",
    "category-id": "category_id", "category": "category_code", "brand": "brand",
    "price": "price", "session": "user_session",
}
EVENTS = {"view": "view", "cart": "cart", "remove_from_cart": "remove", "purchase": "purchase"}
# Relation: the statement of its pairs, of its margins, and the total.
RELATIONS = {
    "co-view": ("pair_co_view", "SELECT product, sessions AS \"from\", sessions AS \"to\" "
                "FROM margin WHERE kind = 'view'", "views", {"view"}),
    "adjacent-view": ("pair_adjacent_view", "SELECT product, leaves AS \"from\", "
                      "reaches AS \"to\" FROM margin_step", None, {"view"}),
    "view-purchase": ("pair_view_purchase", "SELECT product, viewed AS \"from\", "
                      "bought AS \"to\" FROM margin_view_purchase", "either",
                      {"view", "purchase"}),
    "co-cart": ("pair_co_cart", "SELECT product, sessions AS \"from\", sessions AS \"to\" "
                "FROM margin WHERE kind = 'cart'", "carts", {"cart"}),
    "co-purchase": ("pair_co_purchase", "SELECT product, sessions AS \"from\", "
                    "sessions AS \"to\" FROM margin WHERE kind = 'purchase'", "purchases",
                    {"purchase"}),
}


def statements(cap):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "counts.sql")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    for part in re.split(r"^-- name: ", text, flags=re.M)[1:]:
        name, sql = part.split("\n", 1)
        yield name.strip(), sql.strip().replace("$cap", str(cap))


def read_map(path):
    """The columns of a log by a mapping file: `key = column` lines, as in .aislemap."""
    found = dict(MKECHINOV) if path is None else {}
    if path is None:
        return found
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            key, equals, value = (s.strip() for s in line.partition("="))
            if not equals or key not in NAMES or not value:
                raise SystemExit("%s:%d: '%s' must be KEY = COLUMN with a key of %s"
                                 % (path, number, line, ", ".join(NAMES)))
            found[key] = value
    for key in ("time", "event", "product", "session"):
        if key not in found:
            raise SystemExit("%s: the column of '%s' is missing" % (path, key))
    return found


def tree(categories):
    """(category, level, node, placed, own): the nodes that a category counts for, named by
    the least category id below them; the tree is the one that aisle makes of the codes."""
    codes = {}
    for category, code in categories:
        parts = [p.strip() for p in code.split(".") if p.strip()]
        if len(parts) > LEVELS - 1:
            parts[LEVELS - 2:] = [".".join(parts[LEVELS - 2:])]
        codes[category] = tuple(parts)
    shared = collections.Counter(codes.values())
    way = {}
    for category, parts in codes.items():
        if not parts:
            way[category] = (("", ""), ("", category))
        elif shared[parts] == 1:
            way[category] = tuple(("p", p) for p in parts)
        else:
            way[category] = tuple(("p", p) for p in parts) + (("i", category),)
    deepest = max((len(w) for w in way.values()), default=0)
    least = {}
    for category in sorted(way):
        for level in range(deepest):
            least.setdefault((level, way[category][:level + 1]), category)
    for category, w in way.items():
        for level in range(deepest):
            yield (category, level, least[level, w[:level + 1]], int(level < len(w)),
                   int(level == len(w) - 1))


def count(engine, out, cap, title):
    """Run the statements and write the bundle."""
    os.makedirs(out)
    kinds = {r[0]: r[1] for r in engine.rows("SELECT kind, COUNT(*) FROM log GROUP BY kind")}
    for name, sql in statements(cap):
        if name == "kept":
            nodes = list(tree(engine.rows("SELECT id, path FROM category")))
            engine.put("node", "category VARCHAR, level INTEGER, node VARCHAR, "
                       "placed INTEGER, own INTEGER", nodes)
        engine.make(name, sql)
    engine.write("SELECT * FROM category", os.path.join(out, "category"))
    engine.write("SELECT * FROM product", os.path.join(out, "product"))
    meta = {
        "aisle_bundle": VERSION, "title": title, "max_session": cap, "time_zone": "UTC",
        "currency": "", "price_scale": scale(engine),
        "events": sum(kinds.values()), "kinds": kinds,
        "sessions": engine.rows("SELECT COUNT(DISTINCT session) FROM log")[0][0],
        "counted_sessions": engine.rows("SELECT COUNT(*) FROM kept")[0][0],
        "capabilities": [c for k, c in (("view", "views"), ("cart", "carts"),
                                        ("purchase", "purchases")) if k in kinds] +
        ["prices", "brands"],
        "relations": relations(engine, out, kinds), "transitions": transitions(engine, out, kinds),
    }
    with open(os.path.join(out, "meta.json"), "w", encoding="utf-8") as f:
        json.dump(meta, f, indent=1, default=int)
    open(os.path.join(out, "_SUCCESS"), "w", encoding="utf-8").close()


def scale(engine):
    """Digits after the point that prices need, at least 2."""
    digits = engine.rows("SELECT MAX(LENGTH(RTRIM(SUBSTR(price, STRPOS(price, '.') + 1)))) "
                         "FROM (SELECT REPLACE(RTRIM(REPLACE(price, '0', ' ')), ' ', '0') AS "
                         "price FROM log WHERE price LIKE '%.%') t"
                         if engine.name == "duckdb" else
                         "SELECT MAX(LENGTH(SUBSTR(price, INSTR(price, '.') + 1))) FROM "
                         "(SELECT REPLACE(RTRIM(REPLACE(price, '0', ' ')), ' ', '0') AS price "
                         "FROM log WHERE price LIKE '%.%') t")[0][0]
    return max(2, digits or 0)


def relations(engine, out, kinds):
    total = engine.rows("SELECT views, carts, purchases, either FROM total")[0]
    totals = dict(zip(("views", "carts", "purchases", "either"), total))
    told = {}
    for name, (pairs, margin, of, needs) in RELATIONS.items():
        if not needs <= set(kinds):
            continue
        n, instances = engine.rows("SELECT COUNT(*), COALESCE(SUM(n), 0) FROM %s" % pairs)[0]
        sums = engine.rows("SELECT COALESCE(SUM(\"from\"), 0), COALESCE(SUM(\"to\"), 0) "
                           "FROM (%s) t" % margin)[0]
        told[name] = {"total": totals[of] if of else instances, "pairs": n,
                      "instances": instances, "from": sums[0], "to": sums[1]}
        engine.write("SELECT a, b, n FROM %s" % pairs, os.path.join(out, "relation=" + name))
        engine.write(margin, os.path.join(out, "margin", "relation=" + name))
    return told


def transitions(engine, out, kinds):
    told = {}
    found = {r[0]: r[1:] for r in engine.rows("SELECT kind, baskets, multi FROM basket_total")}
    for kind in ("view", "cart", "purchase"):
        if kind not in kinds:
            continue
        baskets, multi = found.get(kind, (0, 0))
        told[kind] = {"baskets": baskets, "multi_baskets": multi}
        engine.write("SELECT level, category, baskets AS \"from\", multi, own, own_multi FROM "
                     "node_margin WHERE kind = '%s'" % kind,
                     os.path.join(out, "transition-margin", "basket=" + kind))
        engine.write("SELECT level, a, b, n, CAST(pairs AS BIGINT) AS pairs FROM node_pair "
                     "WHERE kind = '%s'" % kind, os.path.join(out, "transition",
                                                              "basket=" + kind))
    return told
