#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""bench/models.md: all models, default and tuned, on what was kept for tests.

    python3 bench/models.py --aisle build/src/aisle --data DIR --work FOLDER
        [--only clicks,shop] [--rows default,tuned] [--missing | --kept] >bench/models.md

Data and synthetic shop are those of bench/defaults.py. A row is what one evaluation says; it is
kept in FOLDER/rows as JSON, with what it took, and isn't measured again, so a run that was ended
goes on where it was. --missing prints what isn't measured yet and measures nothing, --kept
prints the tables with what is and names the rest at the end.

A tuned row is two of them: `aisle evaluate --tune` chooses on a part of what lies before the
test part (fewer test lists and trainings where a log is large, as TABLES says), and what it chose
is asked as the defaults are, on all that the table asks. What takes longer than the processor time
that a row is given has a row that says so.

Customers are tested on their last purchase of the test days, from all that they bought before.
Models learn from what everybody bought before those days and are tuned there, on each
customer's last purchase.
"""
import argparse
import csv
import glob
import json
import os
import platform
import re
import resource
import subprocess
import sys
from collections import namedtuple

from defaults import ORDERS, SALES, store_of
from references import REFERENCES

SESSIONS = ("trail", "walk", "covis", "rules", "itemknn", "vsknn", "stan", "vstan", "ease",
            "slist", "als", "item2vec", "blend")
LEARNT = ("bpr", "deepwalk", "node2vec")
ALONG = ("co-purchase", "cowalk", "transition", "rules", "itemknn", "vsknn", "stan", "vstan",
         "ease", "slist", "als", "item2vec", "cf", "itemcf", "companion", "blend")
BASKET = tuple(m for m in ALONG if m not in ("transition", "companion"))
FITTED = ("blend:weights=fitted",)
CHOSEN = ("blend:cowalk=1,companion=1", "blend:co-purchase=1,popular=0.001")
HALVES = {"hm customers": (SALES, "2020-09-22", (0, 1, 2)),
          "jewelry customers": (ORDERS, "2021-07-01", (0, 8, 2))}
CLICKS = ("clickstream", "clickstream/e-shop clothing 2008.csv")
JEWELRY = ("mkechinov-orders", ORDERS)
HM = ("hm", "hm/articles.csv", SALES)
ACROSS = ("--same-category", "exclude")
SLOW_HM = ("slist", "companion", "ease")    # asked alone: they take long or much
MAY, SIXTH = "time:2021-05-01,2021-07-01", "time:2020-09-21,2020-09-22"

# lists: test lists asked, 0 is all; tune: the same for choosing, and trainings
Table = namedtuple("Table", "name title store ask split lists k models panel tune slow",
                   defaults=(("slist", "companion"),))
TABLES = (
    Table("clicks", "The clickstream of 2008: next click, August", CLICKS, ("--task", "next"),
          "time:2008-07-01,2008-08-01", 0, "5,10,20", SESSIONS + FITTED + LEARNT, "similar",
          (900, 13)),
    Table("shop", "A synthetic shop: next view from 2024-12-16 on", None, ("--task", "next"),
          "time:2024-12-01,2024-12-16", 1000, "5,10,20", SESSIONS + FITTED + LEARNT, "similar",
          (900, 13)),
    Table("jewelry", "Jewelry orders: what is bought along, from July 2021 on", JEWELRY,
          ("--task", "complement"), MAY, 0, "1,3,10,60",
          tuple(m for m in ALONG if m != "companion") + CHOSEN[1:], "complementary", (1000, 13)),
    Table("jewelry across", "Jewelry orders across categories, the product's own left out", JEWELRY,
          ("--task", "complement") + ACROSS, MAY, 0, "1,3,10,60", ALONG + CHOSEN,
          "complementary", (1000, 13)),
    Table("hm", "H&M, the seventh day: what is bought along", HM, ("--task", "complement"),
          SIXTH, 1000, "1,3,10,60", ALONG, "complementary", (400, 13), SLOW_HM),
    Table("hm across", "H&M, the seventh day, across categories, the product's own left out", HM,
          ("--task", "complement") + ACROSS, SIXTH, 1000, "1,3,10,60", ALONG, "complementary",
          (400, 13), SLOW_HM),
    Table("jewelry basket", "Jewelry: one product of a basket from the others, from July 2021 on",
          JEWELRY, ("--task", "basket"), MAY, 0, "10,60", BASKET, "basket", (1000, 13)),
    Table("hm basket", "H&M, the seventh day: one product of a basket from the others", HM,
          ("--task", "basket"), SIXTH, 1500, "10,60", BASKET, "basket", (400, 13), SLOW_HM),
    Table("shop along", "The synthetic shop: what is bought along, from 2024-12-16 on", None,
          ("--task", "complement"), "time:2024-12-01,2024-12-16", 1000, "1,3,10,60", ALONG,
          "complementary", (400, 13)),
    Table("jewelry customers", "Jewelry customers: the last purchase from July 2021 on", None,
          ("--task", "next", "--last", "1"), None, 2000, "5,10,20", SESSIONS + FITTED + ("bpr",),
          "similar", (700, 13)),
    Table("hm customers", "H&M customers: the last purchase of the seventh day", None,
          ("--task", "next", "--last", "1"), None, 2000, "5,10,20", SESSIONS + FITTED + ("bpr",),
          "similar", (700, 13)),
)

HEAD = """# Models, measured once on what was kept for tests

Made by `bench/models.py`. Nothing here was chosen on: defaults come from the parts of
[defaults.md](defaults.md), tuned parameters from what lies before the test part.

%s

A row is an evaluation; HR is followed by its 95%% interval (over customers or sessions) at one
length. *CPU* is the processor time of training and asking, of a tuned row that of all trainings.
*Gain* is what the choice gained on the part that it was made on, in NDCG at the longest length,
with its interval; that of a choice among many on the same lists flatters. Beside tuned rows stand
the figures of other programs, of the same method where there is one, else the best of any, and
where they lie: *above* and *below* mean that the reference is outside of the row's 95%% interval
at that length, *within* that it is inside. Random rows are left out. Models of vectors and bpr are
trained by threads that race, so their last two digits are other ones each time. What isn't
measured is named at the end. Texts, lists for people and planted complements:
[learnt.md](learnt.md).
"""


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


def kept_at(o, key):
    return os.path.join(o.work, "rows", re.sub("[ :,=]", "-", key) + ".json")


def kept(o, key):
    path = kept_at(o, key)
    if not os.path.exists(path):
        return None
    with open(path) as f:
        return json.load(f)


def keep(o, key, row):
    path = kept_at(o, key)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".tmp", "w") as f:
        json.dump(row, f)
    os.rename(path + ".tmp", path)
    sys.stderr.write("%s: %.0f s%s\n" % (key, row["cpu"], " failed" * ("failed" in row)))


def evaluate(o, key, store, args, operands):
    """What an evaluation said, measured once: {"doc", "cpu", "threads", ...}, or "failed"
    instead of "doc"; None where it isn't measured and mustn't be."""
    row = kept(o, key)
    if not row and o.missing:
        print("%s: %s" % (key, " ".join([*args, *operands])))
    elif not row and not o.kept:
        row = asked(o, store, args, operands)
        keep(o, key, row)
    elif not row:
        o.lacking.append(key)
    return row


def asked(o, store, args, operands):
    limit = o.cpu

    def bound():
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    r = subprocess.run([o.aisle, "evaluate", store, "-q", "--threads",
                        str(o.threads), "--format", "json", *args, *operands],
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                       preexec_fn=bound)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    row = {"cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
           "threads": o.threads, "version": version(o), "args": list(args) + list(operands)}
    if r.returncode == 0:
        row["doc"] = json.loads(r.stdout)
    elif r.returncode < 0:
        row["failed"] = "not done in %d s of processor time" % limit
    else:
        row["failed"] = r.stderr.strip().split("\n")[-1].replace("aisle: ", "")
    return row


def split_rows(row, operands):
    """{operand: (name, parameters)} of one evaluation of many."""
    left, found = list(of_model(row, None)), {}
    for x in sorted(operands, key=lambda x: -x.count("=")):
        name, text = read_operand(x)
        pairs = re.findall("--[^ ]+ [^ ]+", text)
        fit = [r for r in left if r[0] in (name, name + " panel") and
               all(pair in r[1] + " " for pair in pairs)]
        fit.sort(key=lambda r: len(r[1]))
        if fit:
            found[x] = fit[0]
            # a panel stands there by itself too
            left = [r for r in left if r != fit[0] or "panel" in r[0]]
    return found


def evaluate_many(o, t, sides, keys):
    """{key: row} of operands by key; those that aren't slow are asked together."""
    rows = {}
    todo = {k: x for k, x in keys.items() if not kept(o, k) and x.split(":")[0] not in t.slow}
    if len(todo) > 1 and not (o.missing or o.kept):
        all_ = asked(o, sides.store, sides.ask + ["--alone"], list(todo.values()))
        found = split_rows(all_, todo.values()) if "doc" in all_ else {}
        for k, x in todo.items():
            if x in found:
                mine = [r for r in all_["doc"]["rows"] if (r["model"], r["parameters"]) == found[x]]
                keep(o, k, {**all_, "cpu": mine[0].get("cpu", float("nan")),
                            "doc": {**all_["doc"], "rows": mine}})
    for k, x in keys.items():
        r = evaluate(o, k, sides.store, sides.ask + ["--alone"], [x])
        if r and "doc" in r and (r["args"][-1] == x):
            mine = split_rows(r, [x])[x]
            seconds = [y["cpu"] for y in r["doc"]["rows"]
                       if (y["model"], y["parameters"]) == mine and "cpu" in y]
            r["cpu"] = seconds[0] if seconds else r["cpu"]
        rows[k] = r
    return rows


def version(o):
    return subprocess.run([o.aisle, "--version"], check=True, stdout=subprocess.PIPE,
                          text=True).stdout.split("\n")[0]


def of_model(row, names):
    """{(name, parameters): {k: figures}} of the rows so called."""
    rows = {}
    for r in row["doc"]["rows"]:
        if names is None or r["model"] in names:
            rows.setdefault((r["model"], r["parameters"]), {})[r["k"]] = r
    return rows


def operand(name, text):
    """What an evaluation is asked to get these parameters."""
    words = text.replace("--", "").split()
    pairs = ["%s=%s" % x for x in zip(words[::2], words[1::2])]
    return name.replace(" panel", "") + (":" + ",".join(pairs) if pairs else "")


class Sides:
    """Where a table's models are tuned and tested."""

    def __init__(self, o, t):
        lists, _ = t.tune
        budget = ["--tune", "--queries", str(lists), "-k", t.k]
        self.ask = [*t.ask, "-k", t.k, "--queries", str(t.lists)]
        if t.split:
            self.store = self.tuned = store_of(o, t.name.split(" ")[0], t.store, o.work)
            self.ask += ["--split", "time:" + t.split.split(",")[1]]
            self.tune = [*t.ask, *budget, "--split", t.split]
            return
        path, date, columns = HALVES[t.name]
        self.store, asked = halves(o, t.name)
        self.ask += ["--test", asked]
        self.tuned = store_of(o, t.name, ("customers", path, date, dict(zip(
            ("t_dat", "customer_id", "article_id"), columns))), o.work)
        self.tune = ["--task", "next", *budget, "--split", "last:1"]


class Row:
    def __init__(self, name, text="", by_k=None, cpu=None, says=None, gain=None):
        self.name, self.text, self.by_k = name, text, by_k
        self.cpu, self.says, self.gain = cpu, says, gain


def default_rows(o, t, sides):
    """Rows of the defaults, baselines and the panel among them; the evaluation of those."""
    first = evaluate(o, t.name + " baselines", sides.store, sides.ask, ["popular"])
    if not first:
        rows = []
    else:
        rows = [Row(*name, by_k, by_k[min(by_k)].get("cpu"))
                for name, by_k in of_model(first, None).items()]
    keys = {"%s %s" % (t.name, m): m for m in t.models}
    for key, r in evaluate_many(o, t, sides, keys).items():
        if r and "doc" in r:
            name = split_rows(r, [keys[key]])[keys[key]]
            rows.append(Row(*name, of_model(r, None)[name], r["cpu"]))
        elif r:
            rows.append(Row(*read_operand(keys[key]), says=r["failed"]))
    return rows, first


def read_operand(text):
    name, _, rest = text.partition(":")
    return name, " ".join("--%s %s" % tuple(x.split("=")) for x in rest.split(",") if x)


GAIN = re.compile(r"\(([-+.0-9]+), 95% ([-+.0-9]+) to ([-+.0-9]+)\); (\d+) training")


def trainings_of(o, t, m, default):
    """As many as the processor time of a row is for, and what to say where those are too few."""
    _, most = t.tune
    if not default:
        return 0, None
    if "doc" not in default:
        return 0, "not tuned: its defaults say why"
    names = (m.split(":")[0], m + " panel")
    cpu = max([r["cpu"] for r in default["doc"]["rows"] if r["model"] in names and "cpu" in r] or
              [default["cpu"]])
    n = min(most, int(o.tuning / max(cpu, 0.1)))
    return (n, None) if n >= 5 else (
        0, "not tuned: its defaults take %.0f s of processor time, tuning is given %d" % (
            cpu, o.tuning))


def tuned_rows(o, t, sides):
    rows, chosen, gains = [], {}, {}
    for m in t.models + (t.panel,):
        if ":" in m:
            continue
        default = kept(o, "%s %s" % (t.name, m if m != t.panel else "baselines"))
        n, says = trainings_of(o, t, m, default)
        r = n and evaluate(o, "%s %s tuning" % (t.name, m), sides.tuned,
                           sides.tune + ["--trainings", str(n)] +
                           (["--alone"] if m != t.panel else []), [m])
        if r and "doc" in r and " has nothing to tune" not in r["doc"]["note"]:
            # a panel stands there by itself too, as it is
            name = sorted(of_model(r, (m, m + " panel")), key=lambda x: bool(x[1]))[-1]
            key = "%s %s chosen" % (t.name, m)
            chosen[key] = operand(*name)
            gain = GAIN.search(r["doc"]["note"])
            gains[key] = (r["cpu"], gain and gain.groups())
        elif r or says:
            rows.append(Row(m, says=says or ("tuning: " + r["failed"] if "failed" in r else
                                             "nothing to tune")))
    for key, r in evaluate_many(o, t, sides, chosen).items():
        if r and "doc" in r:
            name = split_rows(r, [chosen[key]])[chosen[key]]
            rows.append(Row(*name, of_model(r, None)[name], gains[key][0], gain=gains[key][1]))
        elif r:
            rows.append(Row(*read_operand(chosen[key]), says=r["failed"]))
    return rows


def beside(t, row):
    """The reference of the row's method, or the best, and where it lies."""
    refs = REFERENCES.get(t.name)
    if not refs:
        return ""
    name = row.name.replace(" panel", "")
    title, figures = next(((r[0], r[2]) for r in refs if name in r[1]), (None, None))
    if title is None:
        title = "best of any"
        figures = [max((r[2][i] for r in refs if r[2][i] is not None), default=None)
                   for i in range(len(refs[0][2]))]
    places = []
    for k, x in zip((int(k) for k in t.k.split(",")), figures):
        r = row.by_k[k]
        places.append("" if x is None else "above" if r["hr_low"] > x else
                      "below" if r["hr_high"] < x else "within")
    return "%s %s: %s" % (title, "/".join("" if x is None else ("%.3f" % x).lstrip("0")
                                          for x in figures),
                          places[0] if len(set(places)) == 1 else
                          ", ".join(x for x in places if x))


def show(t, rows, tuned):
    ks = [int(k) for k in t.k.split(",")]
    nexts = "next" in t.ask
    wide = ks[-2] if len(ks) > 1 else ks[0]
    head = ["model", "parameters"] + ["HR@%d" % k for k in ks]
    head += ["MRR@%d" % ks[-1]] if nexts else ["cold HR@%d" % wide] if "complement" in t.ask else []
    head += ["CPU, s"] + (["gain"] + (["beside"] if t.name in REFERENCES else []) if tuned else [])
    print("| " + " | ".join(head) + " |")
    print("|---" * len(head) + "|")
    rows = [r for r in rows if not r.name.startswith("random")]
    for r in sorted(rows, key=lambda r: -r.by_k[wide]["hr"] if r.by_k else 1):
        cells = [r.name, r.text]
        if r.by_k:
            for k in ks:
                f = r.by_k[k]
                cells.append("%.4f" % f["hr"] + (" [%.3f..%.3f]" % (f["hr_low"], f["hr_high"])
                                                 if k == wide else ""))
            if nexts:
                cells.append("%.4f" % r.by_k[ks[-1]]["mrr"])
            elif "complement" in t.ask:
                cells.append("%.3f" % r.by_k[wide].get("hr_cold", float("nan")))
            cells.append("" if r.cpu is None else "%.0f" % r.cpu if r.cpu >= 10 else
                         "%.1f" % r.cpu)
            if tuned:
                cells.append("%s [%s..%s], %s trainings" % r.gain if r.gain else "")
                cells += [beside(t, r)] if t.name in REFERENCES else []
        else:
            cells += [r.says] + [""] * (len(head) - 3)
        print("| " + " | ".join(cells) + " |")


def sampled(doc, lists):
    """What was asked, in the words of the evaluation."""
    text = doc["note"].split("; tied")[0]
    return text + ("; --queries %d." % lists if lists else ".")


# two models whose difference is told with its interval
BESIDE = {"clicks": ("trail", "walk")}


def difference(o, t, sides):
    if t.name not in BESIDE:
        return
    a, b = BESIDE[t.name]
    r = evaluate(o, "%s %s beside %s" % (t.name, a, b), sides.store, sides.ask, [a, b])
    if not r:
        return
    words = []
    rows = {(x["model"], x["k"]): x for x in r["doc"]["rows"]}
    for k in (int(k) for k in t.k.split(",")):
        one, two = rows[a, k], rows[b, k]
        x, sign = (two, 1) if one["rank"] == 1 else (one, -1)
        if min(one["rank"], two["rank"]) == 1:
            ends = sorted((sign * x["behind_low"], sign * x["behind_high"]))
            words.append("%+.4f HR@%d [%+.4f..%+.4f]" % (sign * x["behind"], k, *ends))
    print("\n`%s` beside `%s` on the same queries: %s." % (a, b, ", ".join(words)))


def references(t):
    if t.name not in REFERENCES:
        return
    print("\nOther programs on this protocol, HR@%s: %s." % (t.k.replace(",", "/"), "; ".join(
        "%s %s" % (r[0], "/".join("" if x is None else ("%.3f" % x).lstrip("0") for x in r[2]))
        for r in REFERENCES[t.name])))


def show_table(o, t, sides):
    rows, first = default_rows(o, t, sides) if "default" in o.rows else ([], None)
    tuned = tuned_rows(o, t, sides) if "tuned" in o.rows else []
    if o.missing or not any(r.by_k for r in rows + tuned):
        return
    print("\n## %s\n" % t.title)
    if first:
        print("Asked: %s\n" % sampled(first["doc"], t.lists))
    if rows:
        show(t, rows, False)
    difference(o, t, sides)
    references(t)
    if any(r.by_k for r in tuned):
        print("\nTuned by `--tune --trainings %d --queries %d`, fewer trainings of slower models, "
              "on %s:\n" % (
            t.tune[1], t.tune[0], "`%s`" % t.split if t.split else
            "each customer's last purchase before those days"))
        show(t, tuned, True)
    sys.stdout.flush()


def lacking(o):
    """What the tables above would have beside, in words."""
    by_table = {}
    for key in o.lacking:
        name = max((t.name for t in TABLES if key.startswith(t.name + " ")), key=len)
        model, _, last = key[len(name) + 1:].rpartition(" ")
        tuned = last in ("tuning", "chosen")
        by_table.setdefault((tuned, name), []).append(model if tuned else (model + " " + last).strip())
    print("\n## Not measured\n\nTables as `--only` calls them; `--missing` names each row.\n")
    for (tuned, name), models in sorted(by_table.items()):
        print("- *%s*, %s: %s." % (name, "tuned" if tuned else "defaults", ", ".join(models)))


def threads(o):
    """Of the rows that are kept and those that will be."""
    used = set() if o.kept else {o.threads}
    for path in glob.glob(os.path.join(o.work, "rows", "*.json")):
        with open(path) as f:
            used.add(json.load(f)["threads"])
    return " or ".join(str(n) for n in sorted(used))


def processor():
    with open("/proc/cpuinfo") as f:
        return next((line.split(":")[1].strip() for line in f if line.startswith("model name")),
                    platform.machine())


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--aisle", default="build/src/aisle")
    p.add_argument("--data", required=True)
    p.add_argument("--work", required=True)
    p.add_argument("--only", default="")
    p.add_argument("--rows", default="default,tuned")
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--cpu", type=int, default=600, help="seconds of processor time of a row")
    p.add_argument("--tuning", type=int, default=60, help="the same of tuning")
    p.add_argument("--missing", action="store_true")
    p.add_argument("--kept", action="store_true")
    o = p.parse_args()
    os.makedirs(o.work, exist_ok=True)
    o.lacking = []
    if not o.missing:
        print(HEAD % (
            "Measured with %s, %s threads, %s, %s %s; OPENBLAS_CORETYPE %s; a row is given "
            "%d s of processor time, its tuning about %d." % (
                version(o), threads(o), processor(), platform.system(), platform.release(),
                os.environ.get("OPENBLAS_CORETYPE", "unset"), o.cpu, o.tuning)))
    for t in TABLES:
        if not o.only or t.name in o.only.split(","):
            show_table(o, t, Sides(o, t))
    if o.lacking:
        lacking(o)


if __name__ == "__main__":
    main()
