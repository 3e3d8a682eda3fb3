# SPDX-License-Identifier: GPL-3.0-or-later
"""All relations and category transitions of real logs against plain loops.

Reads the raw files by itself: sessions, order, categories, pairs; every row that
`aisle show` prints must be there with the same counts, and no other. With file
arguments (DATASET FILE) it prints its own counts instead.
"""
import collections
import csv
import datetime
import itertools
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "tests"))
from smaller import part  # noqa: E402

CAP = 500
FILES = [
    ("clickstream", "clickstream/e-shop clothing 2008.csv"),
    ("mkechinov", "mkechinov/2019-Oct-head.csv"),
    ("mkechinov-orders", "mkechinov-jewelry/jewelry.csv"),
]
RELATIONS = ["co-view", "adjacent-view", "view-purchase", "co-cart", "co-purchase"]
NEEDS = {"co-view": {"view"}, "adjacent-view": {"view"}, "co-cart": {"cart"},
         "view-purchase": {"view", "purchase"}, "co-purchase": {"purchase"}}


def rows(dataset, path):
    """(session, order, kind, product, category) in the order of the file."""
    with open(path, newline="", encoding="utf-8") as f:
        text = f.read()
    if not text.endswith("\n"):  # the last record is cut
        text = text[:text.rindex("\n") + 1]
    separator = ";" if dataset == "clickstream" else ","
    for i, r in enumerate(csv.reader(text.splitlines(), delimiter=separator)):
        if dataset == "clickstream" and i > 0:
            yield r[5], int(r[3]), "view", r[7], r[6]
        elif dataset == "mkechinov" and i > 0 and len(r) == 9:
            stamp = datetime.datetime.fromisoformat(r[0][:19])
            yield r[8], stamp, r[1], r[2], r[3]
        elif dataset == "mkechinov-orders" and len(r) == 13:
            yield r[1], r[0], "purchase", r[2], r[4]


def load(dataset, path):
    sessions, category = collections.defaultdict(list), {}
    for session, order, kind, product, node in rows(dataset, path):
        sessions[session].append((order, kind, product))
        if node and (product not in category or category[product][0] <= order):
            category[product] = (order, node)
    kept = []
    for events in sessions.values():
        events.sort(key=lambda e: e[0])
        if len({e[2] for e in events}) <= CAP:
            kept.append([e[1:] for e in events])
    return kept, {p: node for p, (_, node) in category.items()}


def distinct(events, kind):
    return {p for k, p in events if k == kind}


def relation_of(name, events):
    """Pairs, left marginals, right marginals and population of one session."""
    if name == "adjacent-view":
        views = [p for p, _ in itertools.groupby(p for k, p in events if k == "view")]
        steps = list(zip(views, views[1:]))
        return steps, [a for a, _ in steps], [b for _, b in steps], len(steps)
    if name == "view-purchase":
        pairs = {(a, b) for i, (k, a) in enumerate(events) if k == "view"
                 for l, b in events[i + 1:] if l == "purchase" and a != b}
        views, bought = distinct(events, "view"), distinct(events, "purchase")
        return pairs, views, bought, int(bool(views or bought))
    basket = sorted(distinct(events, {"co-view": "view", "co-cart": "cart",
                                      "co-purchase": "purchase"}[name]))
    return itertools.combinations(basket, 2), basket, basket, int(bool(basket))


def relation(name, sessions):
    n, left, right, population = (collections.Counter(), collections.Counter(),
                                  collections.Counter(), 0)
    for events in sessions:
        pairs, a, b, more = relation_of(name, events)
        n.update(pairs)
        left.update(a)
        right.update(b)
        population += more
    return {(a, b): (k, left[a], right[b], population) for (a, b), k in n.items()}


def transitions(kind, sessions, category, multi):
    n, pairs, single = collections.Counter(), collections.Counter(), collections.Counter()
    baskets = 0
    for events in sessions:
        basket = [category[p] for p in distinct(events, kind) if p in category]
        if not basket or (multi and len(basket) < 2):
            continue
        baskets += 1
        times = collections.Counter(basket)
        single.update(times.keys())
        for a, b in itertools.product(times, times):
            k = times[a] * (times[a] - 1) // 2 if a == b else times[a] * times[b]
            if k:
                n[a, b] += 1
                pairs[a, b] += k
    whole = collections.Counter()
    for (a, _), k in pairs.items():
        whole[a] += k
    return {(a, b): (k, single[a], single[b], baskets, pairs[a, b] / whole[a])
            for (a, b), k in n.items()}


def show(store, view, columns, *options):
    aisle = os.path.join(os.environ.get("top_builddir", "."), "src", "aisle")
    out = subprocess.run([aisle, "show", view, store, "--format", "tsv", "--columns",
                          columns, *options], check=True, capture_output=True, text=True)
    table = list(csv.DictReader(out.stdout.splitlines(), delimiter="\t",
                                quoting=csv.QUOTE_NONE))
    return [[row[c] for c in columns.split(",")] for row in table]


def found_relation(store, name):
    found = {}
    for a, b, *numbers in show(store, "pairs", "a,b,n,n_a,n_b,n_all", "--relation", name):
        n, n_a, n_b, n_all = map(int, numbers)
        if name.startswith("co-") and a > b:
            a, b, n_a, n_b = b, a, n_b, n_a
        found[a, b] = (n, n_a, n_b, n_all)
    return found


def found_transitions(store, multi):
    return {(a, b): (*map(int, numbers), float(share)) for a, b, *numbers, share in
            show(store, "transitions", "from,to,n,n_a,n_b,n_all,share", "--baskets",
                 "multi" if multi else "all")}


def differences(want, found):
    for key in sorted(want.keys() | found.keys()):
        x, y = want.get(key), found.get(key)
        if x is None or y is None or x[:4] != y[:4] or \
                any(abs(p - q) > 1e-12 for p, q in zip(x[4:], y[4:])):
            yield f"# {key}: expected {x}, found {y}"


class Tap:
    def __init__(self):
        self.n = 0

    def same(self, name, want, found):
        self.n += 1
        wrong = list(itertools.islice(differences(want, found), 5))
        print("\n".join(wrong + [f"{'not ok' if wrong else 'ok'} {self.n} - {name}: "
                                 f"{len(want)} rows"]), flush=True)


def check(tap, dataset, path, folder):
    store = os.path.join(folder, dataset + ".aisle")
    aisle = os.path.join(os.environ.get("top_builddir", "."), "src", "aisle")
    subprocess.run([aisle, "import", "-q", dataset, path, "--into", store], check=True,
                   stdout=subprocess.DEVNULL)
    sessions, category = load(dataset, path)
    kinds = {k for events in sessions for k, _ in events}
    for name in RELATIONS:
        if NEEDS[name] <= kinds:
            tap.same(f"{dataset} {name}", relation(name, sessions),
                     found_relation(store, name))
    kind = next(k for k in ("purchase", "cart", "view") if k in kinds)
    for multi in (False, True):
        tap.same(f"{dataset} {kind} transitions, {'multi' if multi else 'all'}",
                 transitions(kind, sessions, category, multi),
                 found_transitions(store, multi))


def dump(dataset, path):
    sessions, category = load(dataset, path)
    for name in RELATIONS:
        for key, counts in sorted(relation(name, sessions).items()):
            print(name, *key, *counts, sep="\t")
    for kind in ("view", "cart", "purchase"):
        for key, counts in sorted(transitions(kind, sessions, category, False).items()):
            print(kind + " transition", *key, *counts, sep="\t")


def main():
    if len(sys.argv) == 3:
        dump(*sys.argv[1:])
        return
    data = os.environ.get("AISLE_TEST_DATA")
    if not data:
        print("1..0 # SKIP AISLE_TEST_DATA is not set")
        return
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        for dataset, path in FILES:
            check(tap, dataset, part(os.path.join(data, path), folder), folder)
    print(f"1..{tap.n}")


main()
