# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists for people, by hand and as they are measured, against plain loops.

The small shop is cut at a day. `export lists` of what was before must hold the scores of the
order by hand; MAP, NDCG, HR and recall of those lists, with ties at their expected value, must
be what `evaluate --task personal` says of the whole shop. Where XGBoost is installed the
same is done with the lists of rank."""
import collections
import csv
import ctypes
import json
import math
import os
import re
import subprocess
import tempfile

from asking import AISLE, SHOP, check, finish, run

K = 12


def rows(text):
    return list(csv.DictReader(text.splitlines()))


def seconds(text):
    import datetime
    return datetime.datetime.strptime(text[:19], "%Y-%m-%d %H:%M:%S").timestamp()


def close(a, b, by=2e-5):
    return abs(a - b) <= by * max(1, abs(a), abs(b))


def expected(lists, targets, k):
    """lists: (score, product) the best first; metrics under random orders of ties."""
    ap = dcg = hits = miss = 0.0
    miss, before, found = 1.0, 0, 0
    groups = []
    for key, product in lists:
        if not groups or groups[-1][0] != key:
            groups.append([key, 0, 0])
        groups[-1][1] += 1
        groups[-1][2] += product in targets
    for _, n, r in groups:
        for i in range(1, n + 1):
            if before + i > k or not r:
                continue
            within = (i - 1) * (r - 1) / (n - 1) if n > 1 else 0
            ap += r / n * (found + 1 + within) / (before + i)
            dcg += r / n / math.log2(before + i + 1)
            hits += r / n
        seen = max(0, min(n, k - before))
        for j in range(seen):
            miss *= max(0, n - r - j) / (n - j)
        before, found = before + n, found + r
    m = len(targets)
    best = sum(1 / math.log2(i + 2) for i in range(min(k, m)))
    return {"map": ap / min(k, m), "ndcg": dcg / best, "hr": 1 - miss, "recall": hits / m}


def by_hand(events, last, people):
    """Scores of every user: repeats, variants (the shop has none), together, popular."""
    sets = {"purchase": collections.defaultdict(set), "cart": collections.defaultdict(set),
            "view": collections.defaultdict(set)}
    popular = collections.Counter()
    for e in events:
        if e["event_type"] in sets:
            sets[e["event_type"]][e["user_session"]].add(e["product_id"])
        if e["event_type"] == "purchase":
            popular[e["product_id"]] += 1 / (1 + (last - seconds(e["event_time"])) / 86400)
    cosine = collections.defaultdict(lambda: collections.defaultdict(float))
    for kind in sets.values():
        n, both = collections.Counter(), collections.Counter()
        for s in kind.values():
            for a in s:
                n[a] += 1
                for b in s:
                    if a != b:
                        both[a, b] += 1
        for (a, b), m in both.items():
            cosine[a][b] += m / (math.sqrt(n[a] * n[b]) + 5)
    most = max(popular.values())
    out = {}
    for user, own in people.items():
        together = collections.Counter()
        bought, latest = collections.Counter(), {}
        for e in own:
            if e["event_type"] == "purchase":
                bought[e["product_id"]] += 1
            latest[e["product_id"]] = max(latest.get(e["product_id"], 0),
                                          seconds(e["event_time"]))
        for a in latest:
            for b, x in cosine[a].items():
                together[b] += x
        score = {p: 0.999 * x / most for p, x in popular.items()}
        score.update({p: 1 + x / (1 + x) for p, x in together.items()})
        for p, n in bought.items():
            age = (last + 0.001 - latest[p]) / 86400
            near = 1 / (0.1 + age)
            x = n - 0.5 + near / (1 + near) / 2
            score[p] = 3 + x / (1 + x)
        out[user] = score
    return out


def read_lists(text):
    lists = collections.defaultdict(list)
    for r in rows(text):
        filled = r["source"] == "popular" and "model" or ""
        lists[r["user"]].append(((filled, r["score"]), r["product"], r["source"]))
    return lists


def measured(store, day, *models):
    out = {}
    for r in rows(run("evaluate", store, *models, "--task", "personal", "--split",
                      "time:" + day, "--format", "csv", "-q")):
        out[r["task"], r["model"]] = r
    return out


def cut_session(events, way):
    """The page and what was bought after it: of the first product, or all but the last bought."""
    page, bought = [], []
    for e in events:
        product = e["product_id"]
        if way == "page" and not page and e["event_type"] in ("view", "cart", "purchase"):
            page.append(product)
        if e["event_type"] == "purchase" and product not in page and product not in bought:
            bought.append(product)
    if way == "page":
        return (page, set(bought)) if bought else None
    return (bought[:-1], set(bought[-1:])) if len(bought) > 2 else None


def compare_pages(name, cut, log, day, past, report, *model):
    """Of every user the first session that can be cut, asked for by `show list`."""
    sessions = collections.defaultdict(lambda: collections.defaultdict(list))
    for e in sorted(log, key=lambda e: seconds(e["event_time"])):
        sessions[e["user_id"]][e["user_session"]].append(e)
    bought = {e["user_id"] for e in log
              if e["event_time"][:10] >= day and e["event_type"] == "purchase"}
    faults = []
    for way in ("page", "cart"):
        sums = collections.defaultdict(list)
        for user in bought:
            for events in sessions[user].values():
                parts = cut_session(events, way)
                if events[0]["event_time"][:10] < day or not parts:
                    continue
                who = ["--user", user, "--show-users"] if user in past else []
                for product in parts[0]:
                    who += ["--product", product]
                text = run("show", "list", cut, *who, *model, "--repeat", "keep", "--limit",
                           "1000", "--format", "csv")
                pairs = [((r["source"] == "popular" and bool(model), r["score"]), r["product"])
                         for r in rows(text)]
                for key, value in expected(pairs, parts[1], K).items():
                    sums[key].append(value)
                break
        own = report["personal, " + way, model[-1] if model else "by hand"]
        for key, all_ in sums.items():
            if not close(sum(all_) / len(all_), float(own[key]), 1e-4):
                faults.append("%s %s: %s, not %.6f" % (way, key, own[key], sum(all_) / len(all_)))
        if int(own["queries"]) != len(sums["map"]) or not sums["map"]:
            faults.append("%s: %s sessions, not %d" % (way, own["queries"], len(sums["map"])))
    check(name, faults)


def compare_metrics(name, lists, got, past, report, model):
    sums = collections.defaultdict(lambda: collections.defaultdict(list))
    for user, targets in got.items():
        own = lists.get(user) or lists[None]
        sort = "personal" if user in past else "personal, no past"
        pairs = [(key, p) for key, p, _ in own]
        for key, value in expected(pairs, targets, K).items():
            sums[sort][key].append(value)
        had = {e["product_id"] for e in past.get(user, ()) if e["event_type"] == "purchase"}
        if user in past and targets - had:
            left = [(key, p) for key, p in pairs if p not in had]
            for key, value in expected(left, targets - had, K).items():
                sums["personal, new"][key].append(value)
    faults = []
    for sort, values in sums.items():
        for key, all_ in values.items():
            own, told = sum(all_) / len(all_), float(report[sort, model][key])
            if not close(own, told, 1e-4):
                faults.append("%s %s: %.6f, not %.6f" % (sort, key, told, own))
        if int(report[sort, model]["queries"]) != len(values["map"]):
            faults.append("%s: %s users" % (sort, report[sort, model]["queries"]))
    check(name, faults)


def main():
    with tempfile.TemporaryDirectory() as work:
        log = list(csv.DictReader(open(os.path.join(SHOP, "events.csv"))))
        days = sorted({e["event_time"][:10] for e in log})
        day = days[len(days) * 4 // 5]
        # so that a moment after the last event is the day's beginning, but for a second of an age
        eve = max(e["event_time"] for e in log if e["event_time"][:10] < day)
        log.append(dict(log[0], event_time=eve[:10] + " 23:59:59" + eve[19:], event_type="view",
                        user_id="599999999", user_session="the last second"))
        before = [e for e in log if e["event_time"][:10] < day]
        all_, part = os.path.join(work, "all.csv"), os.path.join(work, "part.csv")
        for path, events in ((all_, log), (part, before)):
            with open(path, "w") as f:
                w = csv.DictWriter(f, log[0].keys(), lineterminator="\n")
                w.writeheader()
                w.writerows(events)
        whole, cut = os.path.join(work, "whole.aisle"), os.path.join(work, "cut.aisle")
        products = os.path.join(SHOP, "products.csv")
        run("import", "mkechinov", all_, "--products", products, "--into", whole, "-q")
        run("import", "mkechinov", part, "--products", products, "--into", cut, "-q")
        past, got = collections.defaultdict(list), collections.defaultdict(set)
        for e in before:
            if e["event_type"] in ("view", "cart", "purchase"):
                past[e["user_id"]].append(e)
        for e in log:
            if e["event_time"][:10] >= day and e["event_type"] == "purchase":
                got[e["user_id"]].add(e["product_id"])
        last = max(seconds(e["event_time"]) for e in before)

        lists = read_lists(run("export", "lists", cut, "--top", "1000", "-o", "-", "--show-users"))
        own = by_hand(before, last, past)
        faults = []
        for user, score in own.items():
            told = {p: float(key[1]) for key, p, s in lists[user] if s not in ("variant",)}
            for p, x in told.items():
                if p in score and not close(score[p], x, 1e-4):
                    faults.append("%s %s: %g, not %g" % (user, p, x, score[p]))
        check("lists by hand hold the scores that plain loops give", faults)

        popular = [((-x,), p, "") for p, x in
                   ((r["product"], float(r["score"])) for r in
                    rows(run("show", "list", cut, "--limit", "1000", "--format", "csv")))]
        # what a store cut at a day orders by popularity is of its own last event
        lists[None] = popular
        report = measured(whole, day)
        compare_metrics("what lists by hand are worth", lists, got, past, report, "by hand")
        compare_metrics("what popular ones are worth", {None: popular}, got, past, report,
                        "popular")
        compare_pages("what follows a page and a cart, by hand", cut, log, day, past, report)
        try:
            ctypes.CDLL("libxgboost.so.0")
        except OSError:
            check("rank # SKIP without XGBoost", [])
        else:
            ranked(cut, whole, day, got, past, popular, log)
    finish()


def ranked(cut, whole, day, got, past, popular, log):
    run("train", "rank", cut, "-q")
    a = run("export", "lists", cut, "--model", "rank", "--top", "1000", "-o", "-",
            "--threads", "1", "--show-users")
    run("train", "rank", cut, "-q", "--threads", "2")
    check("the same ranker again", [] if a == run(
        "export", "lists", cut, "--model", "rank", "--top", "1000", "-o", "-",
        "--show-users") else
        ["another list"])
    lists = read_lists(a)
    lists[None] = popular
    report = measured(whole, day, "rank")
    compare_metrics("what ranked lists are worth", lists, got, past, report, "rank")
    compare_pages("what follows a page and a cart, ranked", cut, log, day, past, report,
                  "--model", "rank")
    check("what features are worth, and what they add to a row", worth(cut))


def features(store, *more):
    return json.loads(run("show", "features", store, "--limit", "1000", "--format", "json", *more))


def worth(store):
    """Gains of an order are shares of one; what is added to a row is its score in the list."""
    faults, whole = [], features(store)["rows"]
    for order in ("people", "pages"):
        of = [r for r in whole if r["order"] == order]
        if not close(sum(r["gain"] or 0 for r in of), 1, 1e-3):
            faults.append("gains of %s: %r" % (order, sum(r["gain"] or 0 for r in of)))
        if [r["rank"] for r in of] != list(range(1, len(of) + 1)):
            faults.append("ranks of %s: %r" % (order, [r["rank"] for r in of]))
        told = [r["permuted"] or 0 for r in of]
        if told != sorted(told, reverse=True) or any(r["adds"] is not None for r in of):
            faults.append("%s: not by permuted, or a row's: %r" % (order, told))
    user = max(rows(run("export", "lists", store, "--model", "rank", "--top", "3", "-o", "-",
                        "--show-users")), key=lambda r: float(r["score"]))
    of = features(store, "--user", user["user"], "--product", user["product"], "--model", "rank")
    said = re.search(r"score (-?[\d.]+), of which (-?[\d.]+) is every row's", of["note"])
    added = sum(r["adds"] for r in of["rows"]) + float(said[2])
    for what, x in (("the sum", added), ("the list", float(user["score"]))):
        if not close(float(said[1]), x, 1e-3):
            faults.append("score %s, %s says %r" % (said[1], what, x))
    told = [abs(r["adds"]) for r in of["rows"]]
    if told != sorted(told, reverse=True) or {r["order"] for r in of["rows"]} != {"people"}:
        faults.append("not by what they add, or of pages: %r" % told)
    run("train", "itemknn", store, "-q")
    for words, why in ((("--user", user["user"]), "give both, or neither"),
                       (("--product", user["product"]), "a row of whose list"),
                       (("--model", "itemknn"), "learns from no features")):
        p = subprocess.run([AISLE, "show", "features", store, *words], capture_output=True)
        if p.returncode != 2 or why not in p.stderr.decode():
            faults.append("%s: %d, %s" % (" ".join(words), p.returncode, p.stderr.decode()))
    return faults


if __name__ == "__main__":
    main()
