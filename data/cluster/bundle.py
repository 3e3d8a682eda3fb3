# SPDX-License-Identifier: GPL-3.0-or-later
"""What the drivers of counts.sql share: command line, mapping, the rows that count, returns, the
category tree, the order of the work and meta.json.

An engine (counts_duckdb.py, counts_spark.py) has a `name` and
  open(log, form)       make a log's records the table `source`; the names of their columns, all
                        texts, in order, and that of their place among them
  make(name, sql)       run a statement and keep what it gives under the name
  view(name, sql)       the same, unkept
  rows(sql)             fetch a small result
  put(name, columns, rows)  make a small table
  settle(name, sql, of, columns)  the same of what of(rows) gives for the rows of one product
                        each (the last column of sql)
  write(sql, folder, form)  write a result as parts: tsv, tsv.gz, tsv.zst or parquet
  day_ms(x)             SQL: ms of a text 2024-01-31, or NULL
  instant(ms, zone)     SQL: UTC of what the clock of the zone shows
  clock(ms, zone)       SQL: and the way back
  date(ms)              SQL: 2024-01-31 of it
  bytes(x)              SQL: length in bytes
  like                  SQL: the function that searches a text for a regular expression
"""
import argparse
import collections
import json
import os
import re
import sys
import time

VERSION = 1
LEVELS = 8  # of the category tree; a leaf that shares its code needs one of them
MARK = "\x01"  # before a path that stands in place of an id
DAY = "\x02"  # in a session, where the day of the event belongs
JOINT = "\x1f"  # between its parts where they are columns of their own
FORMS = ("tsv", "tsv.gz", "tsv.zst", "parquet")
KINDS = ("view", "cart", "remove", "purchase", "rating")
ROLES = ("time", "event", "product", "session", "user", "category-id", "category", "brand", "name",
         "group", "price", "quantity", "status")
KEYS = ROLES + ("kind", "gap", "separator", "quote", "header", "decimal", "time-format",
                "time-zone", "category-separator", "currency", "cancelled", "service", "missing",
                "status.cancelled", "event.ignore") + tuple("event." + k for k in KINDS)
MISSING = ("NA", "N/A", "NULL", "null", "nan", "NaN", "None", "\\N", "(not set)")
MKECHINOV = {
    "time": "event_time", "event": "event_type", "product": "product_id",
    "category-id": "category_id", "category": "category_code", "brand": "brand",
    "price": "price", "session": "user_session", "user": "user_id",
}
# As src/data/field.c knows them.
EVENTS = {
    "view": "view pageview productview viewitem itemview detail detailview detailpageview click "
            "viewed visit pv views clicks clickout clickoutitem productviewed viewedproduct "
            "viewproduct productclick viewcontent",
    "cart": "cart addtocart addtobasket addtobag add basket cartadd added carts productadded "
            "addedtocart",
    "remove": "removefromcart remove removefrombasket cartremove productremoved removedfromcart",
    "purchase": "purchase purchased transaction order buy bought sale orders purchases "
                "ordercompleted completedorder orderplaced placedorder orderedproduct "
                "ecommercepurchase conversion",
    "rating": "rating rate review",
}
# Relation: its pairs, its margins, the total, and what a log must hold for it.
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


# ---- the mapping

def fail(text):
    raise SystemExit(text)


def unescape(text):
    return re.sub(r"\\(.)", lambda m: {"t": "\t", "n": "\n", "r": "\r"}.get(m[1], m[1]), text)


def split(text, sign):
    """Parts of a list, escapes undone."""
    parts = re.split(r"(?<!\\)" + re.escape(sign), text)
    return [unescape(p.strip()) for p in parts if p.strip()]


class Mapping:
    """The settings of an .aislemap, of which the drivers know KEYS; or of the nine columns of
    mkechinov, whose fields are taken as they are."""

    def __init__(self, path=None):
        self.plain = path is None
        self.source = path or "mkechinov"
        self.set = dict(MKECHINOV) if path is None else {}
        self.attributes = []
        if path:
            with open(path, encoding="utf-8") as f:
                for number, line in enumerate(f, 1):
                    self.take(re.sub(r"(^|\s)#.*", "", line.rstrip("\n")).strip(), number)
            self.check()

    def take(self, line, number):
        key, equals, value = (s.strip() for s in line.partition("="))
        if not line:
            return
        if not equals or key not in KEYS:
            fail("%s:%d: '%s' is not KEY = VALUE with a key that these drivers know: %s. "
                 "Others are aisle import's" % (self.source, number, line, ", ".join(KEYS)))
        self.set[key] = value

    def check(self):
        for key in ("time", "product"):
            if key not in self.set:
                fail("%s: %s = COLUMN is missing" % (self.source, key))
        if "event" not in self.set and self.set.get("kind") not in KINDS:
            fail("%s: event = COLUMN is missing, or kind = %s" % (self.source, "|".join(KINDS)))
        if "session" not in self.set and "user" not in self.set:
            fail("%s: session = COLUMN is missing, or user = COLUMN whose events a gap parts"
                 % self.source)
        if self.text("time-format", "iso") not in ("iso", "unix", "unix-ms", "unix-us"):
            fail("%s: time-format: these drivers know iso, unix, unix-ms and unix-us; bring "
                 "others to one of them by a query" % self.source)

    def text(self, key, default=""):
        return unescape(self.set.get(key, default))

    def list(self, key):
        return split(self.set.get(key, ""), "|")

    @property
    def gap(self):
        """ms, or None where a column names the session."""
        return None if "session" in self.set else int(float(self.text("gap", "30")) * 60000)

    @property
    def separator(self):
        """Of a category's path."""
        several = len(split(self.set.get("category", ""), "+")) > 1
        return JOINT if several else self.text("category-separator", ".").strip()

    @property
    def form(self):
        quote = {"none": "", "": "\""}.get(self.text("quote"), self.text("quote"))
        return {"separator": {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|",
                              "space": " "}.get(self.text("separator", "comma"),
                                                self.text("separator", ",")),
                "quote": quote, "header": self.text("header", "yes") == "yes"}

    def columns(self, key, names):
        """The columns of a role among those of the log."""
        found = []
        for part in split(self.set.get(key, ""), "+"):
            if part == "@day" and key == "session":
                found.append(None)
                continue
            same = [n for n in names if n.strip().lower() == part.lower()]
            if not same and part.isdigit() and 0 < int(part) <= len(names):
                same = [names[int(part) - 1]]
            if len(same) != 1:
                fail("%s: %s: there %s column '%s'; there are: %s" % (
                    self.source, key, "is no" if not same else "is more than one", part,
                    ", ".join(names)))
            found.append(same[0])
        return found


# ---- the rows that count, as one SQL expression each

def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def named(column):
    return "\"" + column.replace("\"", "\"\"") + "\""


def folded(x):
    return "LOWER(REPLACE(REPLACE(REPLACE(%s, ' ', ''), '-', ''), '_', ''))" % x


def words(x, some):
    """Is x one of them, as src/data/field.c compares names?"""
    fold = sorted({re.sub("[ _-]", "", w).lower() for w in some})
    return "%s IN (%s)" % (folded(x), ", ".join(map(quoted, fold)))


class Rows:
    """SQL that makes `raw` of `source`, in two steps: texts, then values."""

    def __init__(self, engine, mapping, names):
        self.engine = engine
        self.map = mapping
        self.names = names
        self.zone = mapping.text("time-zone", "UTC")
        self.missing = mapping.list("missing") if "missing" in mapping.set else list(MISSING)

    def field(self, column):
        text = "COALESCE(%s, '')" % named(column)
        return text if self.map.plain else "TRIM(%s)" % text

    def known(self, x):
        if self.map.plain or not self.missing:
            return x
        return "CASE WHEN %s IN (%s) THEN '' ELSE %s END" % (
            x, ", ".join(map(quoted, self.missing)), x)

    def text(self, key, joint=" "):
        """Of a role: its column, or several joined, or '' where one of them is empty."""
        columns = self.map.columns(key, self.names)
        parts = [self.field(c) if c else "$date" for c in columns]
        if not parts:
            return "''"
        if len(parts) == 1:
            return parts[0]
        return "CASE WHEN %s THEN '' ELSE %s END" % (
            " OR ".join("%s = ''" % p for p in parts if p != "$date") or "1 = 0",
            (" || %s || " % quoted(joint)).join(parts))

    def instant(self, x):
        """ms, or NULL where it is no time."""
        form = self.map.text("time-format", "iso")
        if form != "iso":
            power = {"unix": 1000, "unix-ms": 1, "unix-us": .001}[form]
            number = "CAST(%s AS DECIMAL(28, 6))" % x
            ms = "%s * 1000" % number if power == 1000 else number if power == 1 else \
                "%s / 1000" % number
            return "CASE WHEN $like(%s, '^-?[0-9]{1,17}([.][0-9]{1,6})?$') THEN " \
                "CAST(FLOOR(%s) AS BIGINT) END" % (x, ms)
        clock = "([01][0-9]|2[0-3]):[0-5][0-9]"
        rest = "([.][0-9]{1,9})?"
        if self.map.plain:
            shape = "[ Tt]%s:[0-5][0-9]%s( UTC|[Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?" % (
                clock, rest)
        else:
            shape = "([ Tt]%s(:[0-5][0-9]%s)? ?(UTC|GMT|[Zz]|[+-]([01][0-9]|2[0-3])" \
                "(:?[0-5][0-9])?)?)?" % (clock, rest)
        # What is there is of that shape: places tell the parts.
        tail = "SUBSTR(%s, 17)" % x

        def number(text, default="0"):
            return "CAST(CASE WHEN %s = '' THEN '%s' ELSE %s END AS BIGINT)" % (
                text, default, text)

        def found(pattern):
            return number("REGEXP_EXTRACT(%s, '%s', 1)" % (tail, pattern))
        seconds = "CASE WHEN SUBSTR(%s, 17, 1) = ':' THEN CAST(SUBSTR(%s, 18, 2) AS BIGINT) " \
            "ELSE 0 END" % (x, x)
        part = "CASE WHEN SUBSTR(%s, 20, 1) = '.' THEN CAST(RPAD(REGEXP_EXTRACT(%s, " \
            "'[.]([0-9]{1,3})', 1), 3, '0') AS BIGINT) ELSE 0 END" % (x, tail)
        wall = "(%s + %s * 3600000 + %s * 60000 + (%s) * 1000 + %s)" % (
            self.engine.day_ms("SUBSTR(%s, 1, 10)" % x), number("SUBSTR(%s, 12, 2)" % x),
            number("SUBSTR(%s, 15, 2)" % x), seconds, part)
        shift = "CASE WHEN $like(%s, '[+-]') THEN CASE WHEN $like(%s, '[-]') THEN -1 ELSE 1 END " \
            "* (%s * 3600000 + %s * 60000) ELSE 0 END" % (
                tail, tail, found("[+-]([0-9]{2})"), found("[+-][0-9]{2}:?([0-9]{2})"))
        # Most say seconds and no zone, or UTC.
        plain = "LENGTH(%s) = 19 OR SUBSTR(%s, 20) = ' UTC'" % (x, x)
        instant = "%s - CASE WHEN %s THEN 0 ELSE %s END" % (wall, plain, shift)
        offset = "$like(%s, '[A-Za-z+-]')" % tail
        ms = instant if self.zone == "UTC" else "CASE WHEN %s THEN %s ELSE %s END" % (
            offset, instant, self.engine.instant(wall, self.zone))
        return "CASE WHEN $like(%s, '^[0-9]{4}-[0-9]{2}-[0-9]{2}%s$') THEN %s END" % (
            x, shape, ms)

    def kind(self, x):
        m = self.map
        if "event" not in m.set:
            return quoted(m.text("kind"))
        if m.plain:
            return "CASE %s WHEN 'view' THEN 'view' WHEN 'cart' THEN 'cart' WHEN " \
                "'remove_from_cart' THEN 'remove' WHEN 'purchase' THEN 'purchase' END" % x
        own = {k: m.list("event." + k) for k in KINDS}
        if not any(own.values()):
            own = {k: v.split() for k, v in EVENTS.items()}
        return "CASE %s END" % " ".join("WHEN %s THEN '%s'" % (words(x, w), k)
                                        for k, w in own.items() if w)

    def dropped(self):
        """Records that are left out by intent."""
        tests = []
        if "status" in self.map.set:
            some = self.map.list("status.cancelled") or fail(
                "%s: status: say which words cancel, as status.cancelled = cancelled|refunded"
                % self.map.source)
            tests.append(words("status", some))
        if self.map.list("service"):
            tests.append(words("product", self.map.list("service")))
        ignore = self.map.list("event.ignore")
        if "*" in ignore:
            tests.append("kind IS NULL")
        elif ignore:
            tests.append("kind IS NULL AND %s" % words("event", ignore))
        return " OR ".join(tests) or "1 = 0"

    def texts(self):
        """SELECT of every role as a text."""
        roles = {k: self.text(k) for k in ROLES}
        roles["category"] = self.text("category", JOINT)
        roles["session"] = roles["session"].replace("$date", quoted(DAY))
        for k in ("product", "session", "user", "category-id", "category", "brand", "price",
                  "quantity", "group"):
            roles[k] = self.known(roles[k])
        for k in ("category", "brand", "name", "group"):
            for sign in "\t\n\r":
                roles[k] = "REPLACE(%s, '%s', ' ')" % (roles[k], sign) if roles[k] != "''" else \
                    "''"
        if self.map.text("decimal") == "comma":
            for k in ("price", "quantity"):
                roles[k] = "REPLACE(REPLACE(%s, '.', ''), ',', '.')" % roles[k]
        return "SELECT %s, $place AS seq FROM source" % ", ".join(
            "%s AS %s" % (v, named(k.replace("-", "_"))) for k, v in roles.items())

    def values(self):
        """SELECT of the columns of `raw`, ms and kind NULL where they aren't known."""
        pieces = "REGEXP_EXTRACT(quantity, '^[-(]?([0-9]{1,7})([.]0*)?[-)]?$', 1)"
        return ("SELECT %s AS ms, seq, session, %s AS buyer, product, CASE WHEN category_id <> '' "
                "THEN category_id WHEN category <> '' THEN '%s' || category ELSE '' END AS "
                "category, CASE WHEN category_id <> '' THEN category ELSE '' END AS code, brand, "
                "name, \"group\" AS family, price, CASE WHEN quantity = '' THEN 1 WHEN %s = '' "
                "THEN NULL ELSE CAST(%s AS BIGINT) END AS quantity, %s AS kind, event, status, "
                "CASE WHEN $like(quantity, '[-(]') THEN 1 ELSE 0 END AS minus FROM text" % (
                    self.instant("time"), "\"user\"", MARK, pieces, pieces,
                    self.kind("event")))

    def id_ok(self, x, number=False):
        if number:
            return "$like(%s, '^[1-9][0-9]{0,18}$')" % x
        return "%s <> '' AND %s <= 200 AND NOT $like(%s, '[\x01-\x1f\x7f]')" % (
            x, self.engine.bytes(x), x)

    def good(self):
        """Of a row of values: would aisle take it?"""
        plain = self.map.plain
        price = "^(0|[1-9][0-9]{0,9})([.][0-9]{1,9})?$" if plain else \
            "^[0-9]{1,10}([.][0-9]{1,9})?$"
        tests = ["ms IS NOT NULL", "kind IS NOT NULL", "quantity IS NOT NULL",
                 "quantity <= 1000000", "(cancels = 0 OR kind = 'purchase')",
                 self.id_ok("product", plain), self.id_ok("session"),
                 "(price = '' OR $like(price, '%s'))" % price,
                 "(SUBSTR(category, 1, 1) = '%s' OR category = '' OR (%s))" % (
                     MARK, self.id_ok("category", plain)),
                 "%s <= 200" % self.engine.bytes("code"),
                 "%s <= 200" % self.engine.bytes("brand")]
        if plain:
            tests.append("(buyer = '' OR %s)" % self.id_ok("buyer", True))
        return " AND ".join("(%s)" % t for t in tests)

    def cancels(self):
        prefix = ["LOWER(SUBSTR(session, 1, %d)) = %s" % (len(p), quoted(p.lower()))
                  for p in self.map.list("cancelled")]
        return "CASE WHEN %s THEN 1 ELSE minus END" % (" OR ".join(prefix) or "1 = 0")

    def make(self, place):
        """`raw`, and what was left out: by intent, and for what is wrong with it."""
        e = self.engine

        def sql(text):
            return text.replace("$like", e.like)
        e.view("text", self.texts().replace("$place", place))
        e.view("value", sql(self.values()))
        session = "session" if self.map.gap is None else "buyer"
        if "@day" in split(self.map.set.get("session", ""), "+"):
            session = "REPLACE(session, %s, COALESCE(%s, ''))" % (quoted(DAY), e.date(
                "ms" if self.zone == "UTC" else e.clock("ms", self.zone)))
        e.view("judged", "SELECT t.*, CASE WHEN %s THEN 'dropped' WHEN %s THEN 'good' ELSE "
               "'wrong' END AS verdict FROM (SELECT ms, seq, %s AS session, buyer, product, "
               "category, code, brand, name, family, price, quantity, kind, event, status, %s AS "
               "cancels FROM value) t" % (self.dropped(), sql(self.good()), session,
                                          self.cancels()))
        e.make("raw", "SELECT ms, seq, session, buyer, product, category, code, brand, name, "
               "family, price, quantity, kind, cancels FROM judged WHERE verdict = 'good'")
        return {r[0]: r[1] for r in e.rows("SELECT verdict, COUNT(*) FROM judged GROUP BY verdict")}


# ---- returns

CLAIMS = ("ms", "session", "seq", "buyer", "quantity", "cancels", "product")


def take_back(rows):
    """rows: CLAIMS of one product. (seq, pieces that remain) of every purchase that loses some:
    cancellations by time take pieces of their session's purchases, the latest first, then of
    their buyer's that are not later."""
    rows = sorted(rows)
    left = {r[2]: r[4] for r in rows if not r[5]}
    by = {}
    for r in rows:
        if not r[5]:
            by.setdefault(("s", r[1]), []).append(r)
            if r[3]:
                by.setdefault(("u", r[3]), []).append(r)
    touched = set()
    for c in (r for r in rows if r[5]):
        want = c[4]
        for key, latest in ((("s", c[1]), None), (("u", c[3]), c[0])):
            for r in reversed(by.get(key, ()) if key[1] else ()):
                if not want:
                    break
                if left[r[2]] and (latest is None or r[0] <= latest):
                    some = min(want, left[r[2]])
                    left[r[2]] -= some
                    want -= some
                    touched.add(r[2])
    return [(seq, left[seq]) for seq in sorted(touched)]


# ---- the category tree

def parts_of(code, separator):
    parts = [p.strip() for p in code.split(separator) if p.strip()]
    if len(parts) > LEVELS - 1:
        parts[LEVELS - 2:] = [".".join(parts[LEVELS - 2:])]
    return tuple(parts)


def tree(categories, separator="."):
    """(category, level, node, placed, own): the nodes that a category counts for, named by the
    least category id at or below them, or by their path where no id is; the tree is the one that
    aisle makes of the codes. A category without an id is MARK and its path."""
    codes = {}
    for category, code in categories:
        path = category[1:] if category.startswith(MARK) else code
        codes[category] = parts_of(path, separator)
    ids = {c for c in codes if not c.startswith(MARK)}
    shared = collections.Counter(codes[c] for c in ids)
    way = {}
    for category, parts in codes.items():
        way[category] = tuple(("p", p) for p in parts) or (("", ""),)
        if category in ids and (not parts or shared[parts] > 1):
            way[category] += (("i", category),)
    deepest = max((len(w) for w in way.values()), default=0)
    least = {}
    for category in sorted(ids) + sorted(set(way) - ids):
        for level in range(deepest):
            w = way[category][:level + 1]
            if category in ids:
                least.setdefault((level, w), category)
            elif (level, w) not in least:
                name = ".".join(p for _, p in w) or "(no code)"
                while name in ids:
                    name = "." + name
                least[level, w] = name
    for category, w in way.items():
        for level in range(deepest):
            yield (category, level, least[level, w[:level + 1]], int(level < len(w)),
                   int(level == len(w) - 1))


# ---- the work

def statements(has, values):
    """(name, SQL) of counts.sql, those whose condition holds."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "counts.sql")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    text = re.sub(r"^--(?! name:).*\n", "", text, flags=re.M)
    for part in re.split(r"^-- name: ", text, flags=re.M)[1:]:
        head, sql = part.split("\n", 1)
        name, _, when = head.strip().partition(" when: ")
        if when and has[when.replace("no ", "")] == when.startswith("no "):
            continue
        sql = re.sub(r"\$day\((\w+)\)", values["day"], sql.strip())
        for key in ("cap", "gap", "visit", "mark", "name"):
            sql = sql.replace("$" + key, str(values[key]))
        yield name, sql


def count(engine, out, o, mapping=None, lost=None):
    """Run the statements on `raw` and write the bundle. o: max_session, form, title."""
    m = mapping or Mapping()
    zone = m.text("time-zone", "UTC")
    has = {"gap": m.gap is not None, "sessions": o.sessions,
           "cancels": engine.rows("SELECT COUNT(*) FROM raw WHERE cancels = 1")[0][0] > 0}
    values = {"cap": o.max_session, "gap": m.gap or 0, "mark": MARK,
              "visit": "visit" if has["gap"] else "raw",
              "name": "REGEXP_REPLACE(session, '/[0-9]+$', '')" if has["gap"] else "session",
              "day": r"CAST(FLOOR(%s / 86400000.0) AS BIGINT)" % (
                  engine.clock(r"\1", zone) if zone != "UTC" else r"\1")}
    os.makedirs(out)
    seconds = {}
    for name, sql in statements(has, values):
        start = time.time()
        if name == "kept":
            engine.put("node", "category VARCHAR, level INTEGER, node VARCHAR, "
                       "placed INTEGER, own INTEGER",
                       list(tree(engine.rows("SELECT category, COALESCE(code, '') FROM "
                                             "category_code"), m.separator)))
        if name == "log" and has["cancels"]:
            engine.settle("taken", "SELECT %s FROM claim" % ", ".join(CLAIMS), take_back,
                          "seq BIGINT, remains BIGINT")
        engine.make(name, sql)
        seconds[name] = round(time.time() - start, 3)
    if o.timings:
        print(json.dumps(seconds), file=sys.stderr)
    return write_bundle(engine, out, o, m, lost or {})


def write_bundle(engine, out, o, m, lost):
    kinds = {r[0]: r[1] for r in engine.rows("SELECT kind, COUNT(*) FROM log GROUP BY kind")}

    def write(sql, *folder):
        engine.write(sql, os.path.join(out, *folder), o.form)
    write("SELECT * FROM category", "category")
    write("SELECT * FROM product", "product")
    write("SELECT * FROM day", "day")
    if o.sessions:
        write("SELECT * FROM session_told", "session")
    told = [("views", "view" in kinds), ("carts", "cart" in kinds),
            ("purchases", "purchase" in kinds), ("prices", "price" in m.set),
            ("brands", "brand" in m.set), ("names", "name" in m.set),
            ("quantities", "quantity" in m.set)]
    meta = {
        "aisle_bundle": VERSION, "title": o.title or "counted by " + engine.name,
        "engine": engine.name, "max_session": o.max_session,
        "time_zone": m.text("time-zone", "UTC"), "currency": m.text("currency"),
        "category_separator": m.separator,
        "gap_ms": m.gap or 0, "sessions_told": bool(o.sessions),
        "returns": engine.rows("SELECT COUNT(*) FROM raw WHERE cancels = 1")[0][0],
        "price_scale": scale(engine),
        "events": sum(kinds.values()), "kinds": kinds,
        "records_left_out": {k: v for k, v in lost.items() if k != "good"},
        "sessions": engine.rows("SELECT COUNT(DISTINCT session) FROM log")[0][0],
        "counted_sessions": engine.rows("SELECT COUNT(*) FROM kept")[0][0],
        "capabilities": [c for c, there in told if there],
        "relations": relations(engine, write, kinds),
        "transitions": transitions(engine, write, kinds),
    }
    with open(os.path.join(out, "meta.json"), "w", encoding="utf-8") as f:
        json.dump(meta, f, indent=1, default=int)
    open(os.path.join(out, "_SUCCESS"), "w", encoding="utf-8").close()
    return meta


def scale(engine):
    """Digits after the point that prices need, at least 2."""
    digits = engine.rows(
        "SELECT MAX(LENGTH(RTRIM(REPLACE(SUBSTR(price, INSTR(price, '.') + 1), '0', ' ')))) "
        "FROM raw WHERE price LIKE '%.%'")[0][0]
    return max(2, digits or 0)


def relations(engine, write, kinds):
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
        write("SELECT a, b, n FROM %s" % pairs, "relation=" + name)
        write(margin, "margin", "relation=" + name)
    return told


def transitions(engine, write, kinds):
    told = {}
    found = {r[0]: r[1:] for r in engine.rows("SELECT kind, baskets, multi FROM basket_total")}
    for kind in ("view", "cart", "purchase"):
        if kind not in kinds:
            continue
        baskets, multi = found.get(kind, (0, 0))
        told[kind] = {"baskets": baskets, "multi_baskets": multi}
        write("SELECT level, category, baskets AS \"from\", multi, own, own_multi FROM "
              "node_margin WHERE kind = '%s'" % kind, "transition-margin", "basket=" + kind)
        write("SELECT level, a, b, n, CAST(pairs AS BIGINT) AS pairs FROM node_pair "
              "WHERE kind = '%s'" % kind, "transition", "basket=" + kind)
    return told


# ---- the command line

def options(engine, words=None):
    p = argparse.ArgumentParser(
        usage="%(prog)s LOG... DIR [--map FILE] [--max-session N] [--form FORM]",
        description="Count a log with " + engine + " for `aisle import counts DIR --into STORE`.")
    p.add_argument("log", nargs="+", help="files or folders of CSV, Parquet or JSON in their "
                   "order, or a table of the engine; columns as mkechinov's without --map")
    p.add_argument("dir", help="the bundle; it must not be there yet")
    p.add_argument("--map", metavar="FILE", help="what the columns are: an .aislemap")
    p.add_argument("--max-session", type=int, default=500, metavar="N",
                   help="sessions of more distinct products aren't counted in pairs (500)")
    p.add_argument("--form", choices=FORMS, default="tsv", help="of the parts (tsv)")
    p.add_argument("--title", help="what the store says of where it comes from")
    p.add_argument("--sessions", action="store_true", help="name the sessions too, so that "
                   "import counts --append can see that none is in two bundles")
    p.add_argument("--memory", help="of the engine, as 4GB")
    p.add_argument("--timings", action="store_true", help="seconds per statement, on stderr")
    return p.parse_args(words)


def main(create, words=None):
    """create(options): the engine."""
    o = options(create.name, words)
    if os.path.exists(o.dir):
        fail("%s: there is something of that name already" % o.dir)
    mapping = Mapping(o.map)
    engine = create(o)
    start = time.time()
    names, place = engine.open(o.log, mapping.form)
    lost = Rows(engine, mapping, names).make(place)
    if o.timings:
        print(json.dumps({"raw": round(time.time() - start, 3)}), file=sys.stderr)
    for verdict, text in (("wrong", "records are left out: no time, product, session or known "
                           "event, or a value that aisle import would reject"),
                          ("dropped", "records are left out as the mapping says")):
        if lost.get(verdict):
            print("%d %s" % (lost[verdict], text))
    if not lost.get("good"):
        fail("there is no record that counts")
    count(engine, o.dir, o, mapping, lost)
