# SPDX-License-Identifier: GPL-3.0-or-later
"""Verdicts as labels of companion: what people say changes what is learnt, in the direction that
they say, and changes nothing where it isn't asked for."""
import itertools
import os
import random
import statistics
import subprocess
import sys
import tempfile

AISLE = os.path.join(os.environ.get("top_builddir", "."), "src", "aisle")
rng = random.Random(7)
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


def train(store, name, labels):
    run("train", "companion", store, "--as", name, "--labels", labels, "--epochs", "40",
        "--hidden", "16", "--dim", "16", "--type-dim", "8", "--support", "1", "--patience", "40",
        "--threads", "1", "-q")


def ranks(store, name, product):
    rows = run("show", "complementary", store, "--product", product, "--model", name, "--limit",
               "100", "--verdicts", "none", "-f", "tsv", "--columns", "product").split()[1:]
    return {p: i for i, p in enumerate(rows)}


def main():
    with tempfile.TemporaryDirectory() as folder:
        store, log = os.path.join(folder, "s.aisle"), os.path.join(folder, "log.txt")
        items = ["p%02d" % i for i in range(60)]
        baskets = [rng.sample(items[(k % 6) * 10:(k % 6) * 10 + 10], 3) for k in range(400)]
        with open(log, "w") as f:
            f.writelines(",".join(b) + "\n" for b in baskets)
        run("import", "baskets", log, "--into", store, "-q")
        linked = {frozenset(p) for b in baskets for p in itertools.combinations(b, 2)}
        every = {frozenset(p) for p in itertools.combinations(items, 2)}
        train(store, "before", "none")
        yes = rng.sample(sorted(map(sorted, every - linked)), 60)
        no = rng.sample(sorted(map(sorted, linked)), 60)
        skip = rng.sample(sorted(map(sorted, every - linked - set(map(frozenset, yes)))), 5)
        text = "product,suggestion,decision\n" + "".join(
            "%s,%s,%s\n" % (a, b, what)
            for what, pairs in (("approve", yes), ("reject", no), ("skip", skip))
            for a, b in pairs)
        run("verdict", "approve", store, "--from", "-", "-q", stdin=text.encode())
        train(store, "again", "none")
        same = all(ranks(store, "before", p) == ranks(store, "again", p) for p in items[:9])
        check("without labels decisions change nothing", "" if same else "other lists")
        train(store, "after", "verdicts")
        better = {"yes": [], "no": []}
        for way, pairs in (("yes", yes), ("no", no)):
            for a, b in pairs:
                old, new = ranks(store, "again", a), ranks(store, "after", a)
                better[way].append(old.get(b, 100) - new.get(b, 100))
        for way, sign in (("yes", 1), ("no", -1)):
            x = [sign * b for b in better[way]]
            mean, error = statistics.mean(x), statistics.stdev(x) / len(x) ** 0.5
            check("%s pairs go %s" % (("approved", "up") if sign > 0 else ("rejected", "down")),
                  "" if mean > 2.5 * error else "%.1f places, +- %.1f" % (mean, error))
            print("# %.1f places, standard error %.1f" % (mean, error))
        said = run("evaluate", store, "companion:labels=verdicts", "--task", "complement",
                   "--split", "random:0.3", "-q", code=2)
        check("an evaluation doesn't learn from them", "" if "labels" in said else said)
    print("1..%d" % number)
    sys.exit(failed > 0)


main()
