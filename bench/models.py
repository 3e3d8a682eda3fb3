#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of bench/models.md: all models, default and tuned, on what was kept for tests.

    python3 bench/models.py --aisle build/src/aisle --data DIR --work FOLDER
        [--only clicks,shop] [--rows default,tuned]

Data and synthetic shop are those of bench/defaults.py. Every model is an evaluation of its own,
with --tune another one; what was measured stays in FOLDER, as JSON, and isn't measured again.

Customers are tested on their last purchase of the test days, from all that they bought before.
Models learn from what everybody bought before those days and are tuned there, on each
customer's last purchase.
"""
import argparse
import csv
import json
import os
import subprocess
import sys

from defaults import ORDERS, SALES, store_of

SESSIONS = ("trail", "walk", "covis", "rules", "itemknn", "vsknn", "stan", "vstan", "ease",
            "slist", "als", "item2vec", "blend")
LEARNT = ("bpr", "deepwalk", "node2vec")
ALONG = ("co-purchase", "cowalk", "transition", "rules", "itemknn", "vsknn", "stan", "vstan",
         "ease", "slist", "als", "item2vec", "cf", "blend")
HALVES = {"hm customers": (SALES, "2020-09-22", (0, 1, 2)),
          "jewelry customers": (ORDERS, "2021-07-01", (0, 8, 2))}
CLICKS = ("clickstream", "clickstream/e-shop clothing 2008.csv")
JEWELRY = ("mkechinov-orders", ORDERS)
HM = ("hm", "hm/articles.csv", SALES)
TUNED = ("co-purchase", "cowalk", "transition", "rules", "itemknn", "vsknn", "stan", "ease", "als")
LARGE = ("jewelry", "hm")       # catalogues of which slist takes minutes: it isn't tuned there
BLENDS = ["blend:weights=fitted"]
# name, title, store, how it is made, task, split to tune and test by, lists, lengths, models
TABLES = (
    ("clicks", "The clickstream of 2008: next click, August", CLICKS, ["--task", "next"],
     "time:2008-07-01,2008-08-01", 0, "5,10,20", SESSIONS + LEARNT, "similar", BLENDS),
    ("shop", "A synthetic shop: next view from 2024-12-16 on", None, ["--task", "next"],
     "time:2024-12-01,2024-12-16", 1000, "5,10,20", SESSIONS + LEARNT, "similar", BLENDS),
    ("jewelry", "Jewelry orders: all pairs bought along from July 2021 on", JEWELRY,
     ["--task", "complement"], "time:2021-05-01,2021-07-01", 0, "1,3,10,60", ALONG,
     "complementary", []),
    ("jewelry across", "The same across categories", JEWELRY,
     ["--task", "complement", "--same-category", "exclude"], "time:2021-05-01,2021-07-01", 0,
     "1,3,10,60", ALONG, "complementary", []),
    ("hm", "H&M, the seventh day: pairs bought along", HM, ["--task", "complement"],
     "time:2020-09-21,2020-09-22", 1500, "1,3,10,60", ALONG, "complementary", []),
    ("hm across", "The same across categories", HM,
     ["--task", "complement", "--same-category", "exclude"], "time:2020-09-21,2020-09-22", 1500,
     "1,3,10,60", ALONG, "complementary", []),
    ("jewelry basket", "Jewelry: one product of a basket from the others, from July 2021 on",
     JEWELRY, ["--task", "basket"], "time:2021-05-01,2021-07-01", 0, "10,60", ALONG, "basket", []),
    ("hm basket", "H&M, the seventh day: one product of a basket from the others", HM,
     ["--task", "basket"], "time:2020-09-21,2020-09-22", 1500, "10,60", ALONG, "basket", []),
    ("hm customers", "H&M customers: the last purchase of the seventh day", None,
     ["--task", "next", "--last", "1"], None, 2000, "5,10,20", SESSIONS + ("bpr",), "similar",
     BLENDS),
    ("jewelry customers", "Jewelry customers: the last purchase from July 2021 on", None,
     ["--task", "next", "--last", "1"], None, 2000, "5,10,20", SESSIONS + ("bpr",), "similar",
     BLENDS),
)


def halves(o, name):
    """A log in which each customer's purchases are a session up to the date, and whole in a
    second session where some are later; the ids of the latter, which are asked."""
    path, date, (when, who, what) = HALVES[name]
    log = os.path.join(o.work, name.replace(" ", "-") + "-halves")
    if os.path.exists(log + ".aisle"):
        return log + ".aisle", log + ".test"
    sold = {}
    with open(os.path.join(o.data, path), newline="") as f:
        for row in csv.reader(f):
            if len(row) > max(when, who, what) and row[when][:4].isdigit() and row[who]:
                sold.setdefault(row[who], []).append(
                    (row[when][:19].replace(" UTC", ""), row[what]))
    with open(log + ".csv", "w", newline="") as f, open(log + ".test", "w") as asked:
        to = csv.writer(f)
        to.writerow(["time", "session", "product"])
        for user, rows in sold.items():
            to.writerows((t, user, p) for t, p in rows if t < date)
            if any(t >= date for t, _ in rows):
                to.writerows((t, user + "+", p) for t, p in rows)
                asked.write(user + "+\n")
    subprocess.run([o.aisle, "import", "csv", log + ".csv", "--map",
                    "time=time,product=product,session=session,kind=purchase", "--into",
                    log + ".aisle", "-q"], check=True)
    return log + ".aisle", log + ".test"


def evaluate(o, key, store, args, operands):
    """The rows of an evaluation, measured once."""
    kept = os.path.join(o.work, "rows", "%s.json" % key.replace(" ", "-").replace(":", "-"))
    if not os.path.exists(kept):
        out = subprocess.run([o.aisle, "evaluate", store, "-q", "--format", "json", *args,
                              *operands], check=True, stdout=subprocess.PIPE, text=True).stdout
        os.makedirs(os.path.dirname(kept), exist_ok=True)
        with open(kept + ".tmp", "w") as f:
            f.write(out)
        os.rename(kept + ".tmp", kept)
    with open(kept) as f:
        return json.load(f)


def of_model(doc, names):
    """{(name, parameters): {k: row}} of the rows so called."""
    rows = {}
    for r in doc["rows"]:
        if names is None or r["model"] in names:
            rows.setdefault((r["model"], r["parameters"]), {})[r["k"]] = r
    return rows


def operand(row):
    name, text = row
    words = text.replace("--", "").split()
    pairs = ["%s=%s" % x for x in zip(words[::2], words[1::2])]
    return name + (":" + ",".join(pairs) if pairs else "")


def measured(o, table):
    """Rows of defaults and tuned rows of a table, and what was asked."""
    name, _, made, args, split, lists, k, models, panel, more = table
    ask = args + ["-k", k, "--queries", str(lists)]
    if split:
        store = store_of(o, name.split(" ")[0], made, o.work)
        tests = ["--split", "time:" + split.split(",")[1]]
        # what is tuned is asked where it is tested, in one go
        tune = (store, ask + ["--split", split])
    else:
        store, asked = halves(o, name)
        tests = ["--test", asked]
        tune = (store_of(o, name, ("customers", HALVES[name][0], HALVES[name][1], dict(zip(
            ("t_dat", "customer_id", "article_id"), HALVES[name][2]))), o.work),
                ["--split", "last:1", "-k", k, "--queries", str(lists)])
    doc = evaluate(o, name + " baselines", store, ask + tests, ["popular"])
    rows, tuned = of_model(doc, None), {}
    for m in list(models) + more if "default" in o.rows else ():
        if m == "slist" and models is ALONG and name.startswith("hm"):
            continue
        one = evaluate(o, "%s %s" % (name, m), store, ask + tests, [m])
        rows.update(of_model(one, (m.split(":")[0],)))
    if "tuned" in o.rows:
        for m in tuple(models) + (panel,):
            if name.startswith(LARGE) and (m == "slist" or (
                    models is ALONG and m not in TUNED + (panel,))):
                continue
            one = evaluate(o, "%s %s tuned" % (name, m), *tune[:1],
                           tune[1] + ["--tune", "--trainings", str(o.trainings)], [m])
            names = (m, m + " panel")
            if not split:
                rows_of = sorted(of_model(one, names), key=lambda r: bool(r[1]))
                chosen = operand(rows_of[-1]).replace(" panel", "")
                one = evaluate(o, "%s %s chosen" % (name, m), store, ask + tests, [chosen])
            found = of_model(one, names)
            tuned.update(found)
    return doc, rows, tuned


def show(rows, doc, along):
    ks = sorted({r["k"] for r in doc["rows"]})
    head = ["HR@%d" % k for k in ks] + ([] if along else ["MRR@%d" % ks[-1]])
    print("| model | parameters | " + " | ".join(head) + " |")
    print("|---" * (2 + len(head)) + "|")
    order = ks[-2]
    for (name, text), by_k in sorted(rows.items(), key=lambda x: -x[1][order]["hr"]):
        if name.startswith("random"):
            continue
        figures = ["%.4f" % by_k[k]["hr"] for k in ks]
        figures += [] if along else ["%.4f" % by_k[ks[-1]]["mrr"]]
        print("| %s | %s | %s |" % (name, text, " | ".join(figures)))


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--aisle", default="build/src/aisle")
    p.add_argument("--data", required=True)
    p.add_argument("--work", required=True)
    p.add_argument("--only", default="")
    p.add_argument("--rows", default="default,tuned")
    p.add_argument("--trainings", type=int, default=13)
    o = p.parse_args()
    os.makedirs(o.work, exist_ok=True)
    for table in TABLES:
        if o.only and table[0] not in o.only.split(","):
            continue
        doc, rows, tuned = measured(o, table)
        print("\n## %s\n" % table[1])
        show(rows, doc, "next" not in table[3])
        print("\nAsked: %s" % doc["note"])
        if tuned:
            print("\nTuned (%d trainings%s):\n" % (
                o.trainings, ", --split " + table[4] if table[4] else
                ", on the last purchase before those days"))
            show(tuned, doc, "next" not in table[3])
        sys.stdout.flush()


if __name__ == "__main__":
    main()
