# SPDX-License-Identifier: GPL-3.0-or-later
"""Verdicts as labels of rank: people who like what is dear and reject what is cheap, by rules that
stand here, move pairs in the direction that they say, those that they never saw too; and where
it isn't asked for nothing moves."""
import csv
import ctypes
import os
import random
import statistics
import subprocess
import sys
import tempfile

AISLE = os.path.join(os.environ.get("top_builddir", "."), "src", "aisle")
rng = random.Random(11)
failed = number = 0


def check(what, fault=""):
    global failed, number
    number += 1
    failed += bool(fault)
    print("%s %d - %s" % ("not ok" if fault else "ok", number, what))
    if fault:
        print("# " + fault.replace("\n", "\n# "))


def run(*words, stdin=None, code=0):
    r = subprocess.run([AISLE, *words], capture_output=True, input=stdin)
    if r.returncode != code:
        raise AssertionError("%s: exit %d: %s" % (words, r.returncode, r.stderr.decode()))
    return (r.stdout if not code else r.stderr).decode()


def train(store, name, *more):
    return run("train", "rank", store, "--as", name, "--trees", "60", "--periods", "2",
               "--threads", "1", *more)


def lists(store, name):
    """The bytes of everybody's list, and of pages."""
    head = "product\tscore\n"
    pages = run("shell", store, stdin="".join(
        "show list --product %s --model %s --limit 1000 --verdicts none -f tsv --columns "
        "product,score\n" % (p, name) for p in asked).encode()).split(head)[1:]
    return [head + p for p in pages], run("export", "lists", store, "--model", name, "--top", "50", "--verdicts",
                      "none", "--show-users", "-o", "-")


def ranks(page):
    rows = [line.split("\t") for line in page.splitlines()]
    at = rows[0].index("product")
    return {r[at]: i for i, r in enumerate(rows[1:])}


def moved(before, after, pairs):
    """Places that pairs went up, of those that stand in both lists."""
    gain = []
    for a, b in pairs:
        i = asked.index(a)
        old, new = ranks(before[i]), ranks(after[i])
        if b in old and b in new:
            gain.append(old[b] - new[b])
    return gain


def direction(what, gain, sign):
    x = [sign * g for g in gain]
    mean, error = statistics.mean(x), statistics.stdev(x) / len(x) ** 0.5
    check(what, "" if mean > 2.5 * error else "%.1f places, +- %.1f" % (mean, error))
    print("# %.1f places on average of %d, standard error %.1f" % (sign * mean, len(x), error))


def decide(store, said):
    text = "product,suggestion,decision\n" + "".join("%s,%s,%s\n" % s for s in said)
    run("verdict", "approve", store, "--from", "-", "-q", stdin=text.encode())


def main():
    with tempfile.TemporaryDirectory() as folder:
        store, log = os.path.join(folder, "s.aisle"), os.path.join(folder, "log")
        run("generate", "-o", log, "--products", "150", "--sessions", "2000", "--days", "20", "-q")
        files = [os.path.join(log, f) for f in sorted(os.listdir(log))
                 if f not in ("truth.csv", "products.csv")]
        run("import", "mkechinov", *files, "--into", store, "-q")
        price = {r["product"]: float(r["price"]) for r in csv.DictReader(
            run("show", "products", store, "--limit", "1000", "-f", "csv").splitlines())
            if r["price"]}
        asked.extend(rng.sample(sorted(price), 40))
        said = train(store, "plain")
        check("nothing is said of labels where none are asked for",
              said if "\nlabels " in said else "")
        plain = lists(store, "plain")
        said = run("train", "rank", store, "--labels", "verdicts", "-q", code=1)
        check("without decisions one sentence says so",
              "" if "nobody has approved or rejected" in said and said.count("\n") == 1 else said)

        middle = statistics.median(price.values())
        yes, no, skip, later = [], [], [], []
        for a, page in zip(asked, plain[0]):
            seen = [p for p in ranks(page) if p in price and p != a][:60]
            told = rng.sample(seen, 24)
            for p in told[:10]:
                (yes if price[p] > middle else no).append((a, p))
            skip.append((a, told[10]))
            later += [(a, p) for p in told[11:]]
        decide(store, [(a, p, "approve") for a, p in yes] + [(a, p, "reject") for a, p in no] +
               [(a, p, "skip") for a, p in skip])
        train(store, "again")
        check("decisions that aren't asked for change no byte of a list",
              "" if lists(store, "again") == plain else "other lists")
        said = train(store, "taught", "--labels", "verdicts")
        groups = {a for a, _ in yes}
        used = sum(a in groups for a, _ in yes + no)
        line = "labels    %d of %d decisions, on the pages of %d products\n" % (
            used, len(yes) + len(no), len(groups))
        check("it says how many it learnt from, skips aside", "" if line in said else line + said)
        taught = lists(store, "taught")
        check("lists for people are as before", "" if taught[1] == plain[1] else "other lists")
        direction("approved pairs go up", moved(plain[0], taught[0], yes), 1)
        direction("rejected pairs go down", moved(plain[0], taught[0], no), -1)
        for what, sign in (("up", 1), ("down", -1)):
            direction("what they would %s goes %s too" % (
                "approve" if sign > 0 else "reject", what),
                moved(plain[0], taught[0], [x for x in later if
                                            (price[x[1]] > middle) == (sign > 0)]), sign)
        train(store, "twice", "--labels", "verdicts")
        check("one seed, one ranker", "" if lists(store, "twice") == taught else "other lists")
        said = run("evaluate", store, "rank:labels=verdicts", "--task", "personal", "-q", code=2)
        check("an evaluation doesn't learn from them", "" if "labels" in said else said)
    print("1..%d" % number)
    sys.exit(failed > 0)


asked = []
try:
    ctypes.CDLL("libxgboost.so.0")
except OSError:
    print("1..0 # SKIP without XGBoost")
else:
    main()
