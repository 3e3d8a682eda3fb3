# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of users (customers.csv): counts under user.NAME against a script that reads
the files itself; an append says the same as one import; nothing of it is seen per person.
"""
import collections
import csv
import json
import os

from one_shop import AISLE, TOP, run, run_tests

DUMP_META = os.path.join(TOP, "tests", "data", "dump_meta")


class Shop:
    def __init__(self, folder):
        self.folder = folder
        run(AISLE, "generate", "-f", "hm", "--sessions", "6000", "--products", "400", "-o",
            self.path("gen"))
        self.files = [self.path("gen/" + f) for f in (
            "articles.csv", "transactions_train.csv", "customers.csv")]
        self.store = self.path("all.aisle")
        run(AISLE, "import", "hm", *self.files, "--into", self.store)
        with open(self.files[1]) as f:
            self.bought = [(r["customer_id"], r["article_id"]) for r in csv.DictReader(f)]
        with open(self.files[2]) as f:
            self.people = {r["customer_id"]: r for r in csv.DictReader(f)}

    def path(self, name):
        return os.path.join(self.folder, name)

    def counted(self, where, store=None):
        text = run(AISLE, "export", "products", store or self.store, "--where", where, "-o", "-")
        return {r["product"]: int(r["purchases"]) for r in csv.DictReader(text.splitlines())
                if int(r["purchases"])}

    def wanted(self, test):
        return dict(collections.Counter(
            article for who, article in self.bought if test(self.people.get(who))))


def test_counts(shop):
    def age(p):
        return int(p["age"]) if p and p["age"] else None

    cases = {
        "user.age<30": lambda p: age(p) is not None and age(p) < 30,
        "user.age>=65": lambda p: age(p) is not None and age(p) >= 65,
        "not user.age<30": lambda p: age(p) is None or age(p) >= 30,
        "user.club=ACTIVE": lambda p: p and p["club_member_status"] == "ACTIVE",
        "user.club!=active": lambda p: not p or p["club_member_status"] != "ACTIVE",
        "user.news like regular": lambda p: p and p["fashion_news_frequency"] == "Regularly",
        "user.fn=1 and user.age in (20, 30, 40, 50)":
            lambda p: p and p["FN"] == "1.0" and age(p) in (20, 30, 40, 50),
        "user.fn=none": lambda p: not p or not p["FN"],
        "user.age<40 or user.club=PRE-CREATE":
            lambda p: p and (age(p) < 40 or p["club_member_status"] == "PRE-CREATE"),
    }
    for where, test in cases.items():
        have, want = shop.counted(where), shop.wanted(test)
        if have != want:
            raise AssertionError("%s: %d pieces of %d products, not %d of %d" % (
                where, sum(have.values()), len(have), sum(want.values()), len(want)))


def as_csv(shop, path, rows):
    with open(path, "w", newline="") as f:
        w = csv.writer(f)
        w.writerow(["day", "order", "who", "what"])
        for i, (who, what) in rows:
            w.writerow(["2024-01-%02d" % (1 + i * 28 // len(shop.bought)), "o%d" % i, who, what])


MAP = "time=day,session=order,user=who,product=what,kind=purchase"


def test_users_file(shop):
    """The same customers beside a log that is read by a mapping, at once and added later."""
    log, one, two = (shop.path(n) for n in ("log.csv", "one.csv", "two.csv"))
    rows = list(enumerate(shop.bought))
    as_csv(shop, log, rows)
    as_csv(shop, one, rows[:len(rows) // 2])
    as_csv(shop, two, rows[len(rows) // 2:])
    store, parts = shop.path("mapped.aisle"), shop.path("parts.aisle")
    run(AISLE, "import", "csv", log, "--map", MAP, "--users", shop.files[2], "--into", store)
    cases = {
        "user.age<30": lambda p: p and p["age"] and int(p["age"]) < 30,
        "user.club_member_status=ACTIVE": lambda p: p and p["club_member_status"] == "ACTIVE",
        "user.fn=none": lambda p: not p or not p["FN"],
    }
    for where, test in cases.items():
        have, want = shop.counted(where, store), shop.wanted(test)
        if have != want or not want:
            raise AssertionError("%s: %d pieces, not %d" % (where, sum(have.values()),
                                                            sum(want.values())))
    run(AISLE, "import", "csv", one, "--map", MAP, "--into", parts)
    run(AISLE, "import", "csv", two, "--append", "--users", shop.files[2], "--into", parts)
    have, want = (json.loads(run(DUMP_META, s))["arrays"] for s in (parts, store))
    bad = [n for n in want if n.startswith("user/") and have.get(n) != want[n]]
    if bad or "user/attribute" not in want:
        raise AssertionError("arrays differ: %s" % ", ".join(bad))
    run(AISLE, "verify", parts)
    who = shop.bought[0][0]
    for words in (("show", "user", store, "--user", who), ("export", "sessions", store, "-o", "-"),
                  ("show", "users", store)):
        if "ACTIVE" in run(AISLE, *words):
            raise AssertionError("%s tells what is known of people" % " ".join(words))
    err = run(AISLE, "import", "hm", *shop.files, "--users", shop.files[2], "--into",
              shop.path("no.aisle"), want=2)
    if "--users" not in err:
        raise AssertionError(err)


def test_append(shop):
    """Customers of before and after: the same arrays as of all files together."""
    store, half = shop.path("half.aisle"), shop.path("half.csv")
    with open(shop.files[1]) as f, open(half, "w") as a, open(shop.path("rest.csv"), "w") as b:
        head = f.readline()
        lines = f.readlines()
        a.write(head + "".join(lines[:len(lines) // 2]))
        b.write(head + "".join(lines[len(lines) // 2:]))
    run(AISLE, "import", "hm", shop.files[0], half, "--into", store)
    run(AISLE, "import", "hm", shop.path("rest.csv"), shop.files[2], "--append", "--into", store)
    have, want = (json.loads(run(DUMP_META, s))["arrays"] for s in (store, shop.store))
    bad = [n for n in want if n.startswith("user/") and have.get(n) != want[n]]
    if bad or "user/attribute" not in want:
        raise AssertionError("arrays differ: %s" % ", ".join(bad))
    run(AISLE, "verify", store)


def test_nothing_is_seen(shop):
    """Marked values of a person are in no view and no file, and not for the few."""
    marked = shop.path("marked.csv")
    with open(shop.files[2]) as f, open(marked, "w", newline="") as g:
        rows = csv.reader(f)
        w = csv.writer(g, lineterminator="\n")
        w.writerow(next(rows))
        for r in rows:
            w.writerow([r[0], r[1], r[2], "CLUBMARK", "NEWSMARK", r[5], "POSTMARK"])
    store = shop.path("marked.aisle")
    run(AISLE, "import", "hm", shop.files[0], shop.files[1], marked, "--into", store)
    who = shop.bought[0][0]
    for words in (("show", "users", store), ("show", "user", store, "--user", who),
                  ("show", "overview", store), ("info", store),
                  ("show", "products", store, "--where", "user.age<50"),
                  ("export", "users", store, "-o", "-"),
                  ("export", "sessions", store, "-o", "-")):
        if "MARK" in run(AISLE, *words):
            raise AssertionError("%s tells what is known of people" % " ".join(words))
    err = run(AISLE, "export", "sessions", store, "-o", "-", "--where", "user.age<50", want=2)
    if "--show-users" not in err:
        raise AssertionError("export sessions: " + err)
    run(AISLE, "export", "sessions", store, "-o", "-", "--where", "user.age<50", "--show-users")
    run(AISLE, "show", "users", store, "--where", "user.age<50", want=2)
    # Fewer than five people.
    buyers = {c for c, a in shop.bought}
    ages = collections.Counter(shop.people[c]["age"] for c in buyers if c in shop.people)
    few = min(ages, key=ages.get)
    where = "user.age=%s" % few if ages[few] < 5 else \
        "user.age=%s and user.club!=CLUBMARK" % few
    err = run(AISLE, "show", "products", store, "--where", where, want=1)
    if "fewer than 5" not in err:
        raise AssertionError(err)
    err = run(AISLE, "show", "products", store, "--where", "user.shoe=3", want=1)
    if "user.age" not in err:
        raise AssertionError(err)


run_tests(Shop, globals())
