# SPDX-License-Identifier: GPL-3.0-or-later
"""The review recounted from exported rows: doubt, the order of the queue, Cohen's kappa, the
acceptance rate of what was drawn at random with its interval, and the fit of the weights."""
import csv
import json
import math
import os
import random
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "tests"))
from smaller import sized  # noqa: E402

TOP = os.environ.get("top_builddir", ".")
SOURCE = os.environ.get("top_srcdir", ".")
AISLE = os.path.join(TOP, "src", "aisle")
SHOP = os.path.join(SOURCE, "data", "shop")
SIGNS = ["few", "wide", "one_way", "models", "price_clash", "brand_clash", "other_panel", "text"]
FIXED = [1.5, 1.2, 0.6, 1.2, 1.0, 0.4, 1.6, 0.5]
BIAS = 2.8
rng = random.Random(int(os.environ.get("AISLE_SEED") or 5))
failed = 0
number = 0


def check(what, fault=""):
    global failed, number
    number += 1
    print("%s %d - %s" % ("not ok" if fault else "ok", number, what))
    if fault:
        failed += 1
        print("# " + fault.replace("\n", "\n# "))


def run(*words, stdin=None):
    r = subprocess.run([AISLE, *words], capture_output=True, input=stdin)
    if r.returncode:
        raise AssertionError("%s: exit %d: %s" % (words, r.returncode, r.stderr.decode()))
    return r.stdout.decode()


def queue(store, who="ana", *more):
    return [json.loads(line) for line in
            run("show", "queue", store, "--as", who, "-f", "jsonl", *more).splitlines()]


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def doubts(rows, weights=FIXED, bias=BIAS):
    for r in rows:
        want = 1 - sigmoid(bias - sum(w * r[s] for w, s in zip(weights, SIGNS)))
        if abs(want - r["doubt"]) > 1e-5:
            return "%s > %s: %.6f, expected %.6f" % (r["product"], r["suggestion"], r["doubt"],
                                                     want)
    return ""


def signs(rows, products):
    """What the signs are made of, from other columns."""
    for r in rows:
        a, b = products[r["product"]], products[r["suggestion"]]
        n = r["n"] or 0
        want = {"few": 20 / (20 + n), "models": 0}
        want["wide"] = min(max(math.log2(r["lift_high"] / r["lift_low"]) / 6, 0), 1) \
            if r["lift_low"] else 1
        want["other_panel"] = (11 - r["place_other"]) / 10 if r["place_other"] else 0
        if a["price"] and b["price"]:
            x = abs(math.log2(float(b["price"]) / float(a["price"])))
            want["price_clash"] = min(max((x - 1) / 2, 0), 1)
        want["brand_clash"] = float(bool(a["brand"] and b["brand"] and
                                         a["brand"] != b["brand"]))
        for name, x in want.items():
            if abs(r[name] - x) > 1e-5:
                return "%s > %s: %s is %r, expected %r" % (r["product"], r["suggestion"], name,
                                                         r[name], x)
    return ""


def one_way(store, rows):
    """Some rows against the other product's own list."""
    for r in rng.sample(rows, 60):
        own = run("show", "complementary", store, "-p", r["suggestion"], "--limit", "20",
                  "--verdicts", "none", "-f", "tsv", "--columns", "product").split()[1:]
        sold = any(x["product"] == r["suggestion"] for x in rows)
        want = float(sold and r["product"] not in own)
        if r["one_way"] != want:
            return "%s > %s: %r" % (r["product"], r["suggestion"], r["one_way"])
    return ""


def order(rows, first=False):
    """Products by traffic x doubts of open places, every 20th but those that were drawn, and
    the one that was left in the middle (first)."""
    seen = {}
    for r in rows:
        seen.setdefault(r["turn"], [r["product"], r["traffic"], 0.0])
        if not r["mark"]:
            seen[r["turn"]][2] += r["doubt"]
    keys = [(turn, t * d) for turn, (_, t, d) in seen.items()
            if turn % 20 != 3 and not (first and turn == 1)]
    falls = [b[0] for a, b in zip(keys, keys[1:]) if b[1] > a[1] * (1 + 1e-6)]
    return "steps up at %s of %d" % (falls[:9], len(keys)) if falls or not keys else ""


def parts(store, whole, *more):
    """However few are asked for, they are the first of all."""
    for limit in (1, 7, 10, 11, 123, 1000):
        for offset in (0, 15):
            some = queue(store, "ana", "--limit", str(limit), "--offset", str(offset), *more)
            if some != whole[offset:offset + limit]:
                return "limit %d, offset %d: other rows" % (limit, offset)
    return ""


def kappa(log):
    last = {}
    for d in log:
        if d["stands"] == "yes" and d["decision"] in ("approve", "reject", "pin"):
            last[(d["panel"], d["product"], d["suggestion"], d["who"])] = d["decision"] != "reject"
    both = []
    for (panel, p, s, who), yes in last.items():
        if who == "ana" and (panel, p, s, "bob") in last:
            both.append((yes, last[(panel, p, s, "bob")]))
    n = len(both)
    alike = sum(a == b for a, b in both) / n
    ya, yb = sum(a for a, _ in both) / n, sum(b for _, b in both) / n
    chance = ya * yb + (1 - ya) * (1 - yb)
    return n, sum(a == b for a, b in both), (alike - chance) / (1 - chance)


def wilson(p, n, z=1.959963984540054):
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(middle - half, 0), min(middle + half, 1)


def acceptance(rows):
    n = sum(r["decided"] for r in rows)
    yes = sum(r["approved"] for r in rows)
    m, p = len(rows), yes / n
    squares = sum((r["approved"] - p * r["decided"]) ** 2 for r in rows)
    effect = squares * m / (m - 1) / (n * p * (1 - p))
    low, high = wilson(p, n / max(effect, 1))
    return "%.1f%% of %d suggestions approved [%.1f-%.1f], of %d products" % (
        100 * p, n, 100 * low, 100 * high, m)


def fit(rows):
    """The posterior's maximum by plain gradient steps."""
    x = [[-r[s] for s in SIGNS] + [1.0] for r in rows]
    y = [r["mark"] in ("A", "P") for r in rows]
    prior = FIXED + [BIAS]
    theta = list(prior)
    for _ in range(20000):
        slope = [p - t for p, t in zip(prior, theta)]
        for xi, yi in zip(x, y):
            e = yi - sigmoid(sum(t * v for t, v in zip(theta, xi)))
            for k, v in enumerate(xi):
                slope[k] += e * v
        theta = [t + 0.002 * g for t, g in zip(theta, slope)]
        if max(abs(g) for g in slope) < 1e-5:
            break
    return theta[:-1], theta[-1]


def decide(store, rows, who, chance):
    text = ["product,suggestion,decision,audit,n,lift_low,lift_high"]
    for r in rows:
        say = rng.random()
        what = "skip" if say < 0.05 else "approve" if rng.random() < chance(r) else "reject"
        text.append("%s,%s,%s,%s,%s,%s,%s" % (
            r["product"], r["suggestion"], what, r.get("drawn") or "no", r["n"] or "",
            r["lift_low"] or "", r["lift_high"] or ""))
    run("verdict", "approve", store, "--from", "-", "--as", who, "-q",
        stdin="\n".join(text).encode())


def review(store, products, most):
    """All of their places, those too that what was rejected makes room for."""
    while True:
        left = [r for r in queue(store) if not r["mark"] and r["product"] in products]
        if not left:
            return
        for r in left:
            r["drawn"] = r["audit"]
        decide(store, left, "ana", lambda r: float(r["doubt"] < most))


def counted(store):
    """Approved and decided places of each product, skips aside, from the log."""
    latest, n = {}, {}
    for d in csv.DictReader(run("export", "verdicts", store, "-o", "-").splitlines()):
        if d["decision"] != "skip":
            latest[d["product"], d["suggestion"]] = d["decision"] == "approve"
    for (p, _), yes in latest.items():
        x = n.setdefault(p, [0, 0])
        x[0] += yes
        x[1] += 1
    return n


def unbiased(folder):
    """Someone reviews what is most in doubt, and rejects by doubt: the draws that are done tell
    the share that is approved of all, weighted by traffic; the leaderboard says the same."""
    store, log = os.path.join(folder, "u.aisle"), os.path.join(folder, "log")
    run("generate", "-o", log, "--products", sized("600", "250"), "--sessions",
        sized("6000", "2500"), "-q")
    run("import", "mkechinov", os.path.join(log, "events.csv"), "--products",
        os.path.join(log, "products.csv"), "--into", store, "-q")
    rows = queue(store)
    if order(rows) or parts(store, rows):
        return order(rows) or parts(store, rows)
    traffic = {r["product"]: r["traffic"] for r in rows}
    most = max(r["turn"] for r in rows)
    seen = {r["product"] for r in rows if r["turn"] <= 0.9 * most}
    middle = sorted(r["doubt"] for r in rows)[len(rows) // 2]
    review(store, seen, middle)
    run("evaluate", store, "--task", "complement", "co-purchase", "-q", "--queries", "20")
    board = {r["model"]: r for r in map(json.loads, run(
        "show", "leaderboard", store, "-f", "jsonl").splitlines())}
    drawn = [json.loads(x) for x in run("show", "audit", store, "-f", "jsonl").splitlines()]
    n = counted(store)
    for r in drawn:
        if n[r["product"]] != [r["approved"], r["decided"]]:
            return "%s: %s, counted %s" % (r["product"], r, n[r["product"]])
    yes, of = sum(r["approved"] for r in drawn), sum(r["decided"] for r in drawn)
    row = board.get("complementary panel")
    if not row or row["accepted_n"] != of or abs(row["accepted"] - yes / of) > 1e-6:
        return "leaderboard: %d of %d, says %r of %r in %s" % (
            yes, of, row and row["accepted"], row and row["accepted_n"], sorted(board))
    seen_yes, seen_of = (sum(n[p][k] for p in seen) for k in (0, 1))
    review(store, set(traffic), middle)
    n = counted(store)
    truth = sum(traffic[p] * n[p][0] for p in n) / sum(traffic[p] * n[p][1] for p in n)
    out = acceptance(drawn)
    low, high = (float(x) / 100 for x in out.split("[")[1].split("]")[0].split("-"))
    print("# %s; of all by traffic %.3f; of what was reviewed %.3f" % (
        out, truth, seen_yes / seen_of))
    return "" if low < truth < high else "%s, in truth %.3f" % (out, truth)


def baskets(path, counts):
    with open(path, "w") as f:
        for items, n in counts:
            f.write((items.replace(" ", ",") + "\n") * n)


def reopened(folder):
    """An import opens what was approved on evidence that it doesn't bear out any more, keeps
    the rest, and lists decisions on what the shop has no longer."""
    store, log = os.path.join(folder, "r.aisle"), os.path.join(folder, "log.txt")
    rest = [("a c", 20), ("b d", 20), ("e f", 60), ("g h", 60)]
    baskets(log, [("a b", 15)] + rest)
    run("import", "baskets", log, "--into", store, "-q")
    for pair in ("a b", "a c", "g h"):
        a, b = pair.split()
        run("verdict", "approve", store, "--product", a, "--with", b, "--as", "ana", "-q")
    run("verdict", "reject", store, "--product", "e", "--with", "f", "--as", "ana", "-q")
    before = {(r["product"], r["suggestion"]): r for r in queue(store)}
    baskets(log, [("a b", 3), ("a z", 12), ("a c", 20), ("b d", 20), ("g h", 60),
                  ("x y", 60)])
    run("import", "baskets", log, "--into", store, "-q")
    after = {(r["product"], r["suggestion"]): r for r in queue(store)}
    was, now = before.get(("a", "b")), after.get(("a", "b"))
    if not was or was["mark"] != "A":
        return "it wasn't approved: %r" % was
    if not now or now["mark"]:
        return "still approved: %r" % now
    if not now["reason"].startswith("approved at n 15, now 3"):
        return "the reason is %r" % now["reason"]
    if was["lift_low"] <= now["lift"] <= was["lift_high"]:
        return "the evidence is where it was"
    if after[("a", "c")]["mark"] != "A":
        return "open, with evidence where it was: %r" % after[("a", "c")]
    states = {(r["product"], r["suggestion"]): r["state"] for r in csv.DictReader(
        run("show", "verdicts", store, "-f", "tsv").splitlines(), delimiter="\t")}
    if len(states) != 4 or states[("e", "f")] != "gone" or states[("g", "h")] != "holds":
        return "states are %r" % states
    return ""


def replayed(store):
    """The area under the curve within products, of the panel by its own places and of a model
    by its scores."""
    run("train", "itemknn", store, "-q")
    latest = {}
    for d in csv.DictReader(run("export", "verdicts", store, "-o", "-").splitlines()):
        if d["decision"] in ("approve", "reject", "pin") and d["panel"] == "complementary":
            latest[d["product"], d["suggestion"]] = d["decision"] != "reject"
    products = {}
    for (p, q), yes in latest.items():
        products.setdefault(p, ([], []))[not yes].append(q)
    mixed = {p: sides for p, sides in products.items() if sides[0] and sides[1]}
    asked = {
        "as counted": ["complementary", "--verdicts", "none", "--rules", "off"],
        "itemknn": ["similar", "--model", "itemknn", "--verdicts", "none", "--rules", "off"],
    }
    got = {r["ranking"]: r for r in map(json.loads, run(
        "evaluate", store, "--task", "verdicts", "-f", "jsonl").splitlines())
           if r["panel"] == "complementary"}
    for ranking, words in asked.items():
        pairs = right = 0
        for p, (yes, no) in mixed.items():
            rows = [json.loads(x) for x in run(
                "show", words[0], store, "--product", p, *words[1:], "--limit", "1000", "--codes",
                "all", "-f", "jsonl").splitlines()]
            score = {r["product"]: (-r["rank"] if ranking == "as counted" else r["score"])
                     for r in rows}
            for a in yes:
                for b in no:
                    x, y = score.get(a, -math.inf), score.get(b, -math.inf)
                    pairs += 1
                    right += 1 if x > y else 0.5 if x == y else 0
        r = got.get(ranking)
        if not r or r["pairs"] != pairs or abs(r["auc"] - right / pairs) > 0.002 or \
                not r["auc_low"] < r["auc"] < r["auc_high"]:
            return "%s: %d pairs, %.4f; got %r" % (ranking, pairs, right / max(pairs, 1), r)
    return ""


def main():
    with tempfile.TemporaryDirectory() as folder:
        store = os.path.join(folder, "s.aisle")
        run("import", "mkechinov", os.path.join(SHOP, "events.csv"), "--products",
            os.path.join(SHOP, "products.csv"), "--into", store, "-q")
        products = {r["product"]: r for r in csv.DictReader(
            run("show", "products", store, "-f", "tsv").splitlines(), delimiter="\t",
            quoting=csv.QUOTE_NONE)}
        rows = queue(store)
        check("doubt of %d places" % len(rows), doubts(rows))
        check("signs", signs(rows, products))
        check("what is one-way", one_way(store, rows))
        check("order of the queue", order(rows))
        check("its first rows", parts(store, rows))
        check("places in the order of the list",
              "" if all(a["turn"] != b["turn"] or a["rank"] < b["rank"]
                        for a, b in zip(rows, rows[1:])) else "not so")
        similar = queue(store, "ana", "--panel", "similar")
        check("doubt of %d places of the other panel" % len(similar), doubts(similar))

        check("what was drawn tells of all, whatever else was reviewed", unbiased(folder))
        check("an import re-opens what its evidence has left", reopened(folder))

        # everything is decided, better where there is less doubt; two people see a part
        half = {r["product"] for r in rows if r["turn"] <= 45}
        some = [r for r in rows if r["product"] in half and r["rank"] <= 4]
        for r in some:
            r["drawn"] = r["audit"]
        decide(store, some, "ana", lambda r: 1 - r["doubt"])
        after = queue(store)
        check("order with what was left in the middle", order(after, first=True))
        check("its first rows", parts(store, after))
        left = [r for r in after if not r["mark"]]
        while left:  # what was rejected makes room for others
            decide(store, left, "ana", lambda r: 1 - r["doubt"])
            left = [r for r in queue(store) if not r["mark"]]
        decide(store, rng.sample(rows, 150), "bob", lambda r: 1 - r["doubt"])
        log = list(csv.DictReader(run("export", "verdicts", store, "-o", "-").splitlines()))
        n, alike, k = kappa(log)
        said = run("show", "agreement", store)
        want = "ana and bob: %d decided by both, %d alike" % (n, alike)
        check("kappa of %d" % n, "" if want in said and "kappa %.3f" % k in said
              else "%s kappa %.3f:\n%s" % (want, k, said))
        out = run("show", "audit", store, "--as", "ana")
        drawn = [json.loads(x) for x in
                 run("show", "audit", store, "--as", "ana", "-f", "jsonl").splitlines()]
        check("acceptance of %d draws" % len(drawn),
              "" if acceptance(drawn) in out else acceptance(drawn) + "\n" + out[-400:])
        share = {}
        for r in rows:
            share[r["product"]] = r["traffic"]
        total, all_draws = sum(share.values()), len(drawn)
        mean = sum(share[r["product"]] for r in drawn) / all_draws
        expect = sum(t * t for t in share.values()) / total
        check("draws by traffic", "" if 0.5 < mean / expect < 1.5 else
              "mean traffic %.1f, expected about %.1f" % (mean, expect))

        check("decisions replayed on the panel and on a model", replayed(store))

        # weights are fitted to decisions at random
        other = os.path.join(folder, "o.aisle")
        run("import", "mkechinov", os.path.join(SHOP, "events.csv"), "--products",
            os.path.join(SHOP, "products.csv"), "--into", other, "-q")
        some = rng.sample(rows, 260)
        for r in some:
            r["drawn"] = "yes"
        decide(other, some, "ana", lambda r: 0.2 if r["other_panel"] else 0.9)
        whole = queue(other)
        check("first rows by fitted weights", parts(other, whole) or order(whole, first=True))
        after = [r for r in whole if r["mark"]]
        fitted = [r for r in after if r["mark"] in "AR"]
        weights, bias = fit(fitted)
        check("weights fitted to %d" % len(fitted), doubts(after, weights, bias))
    print("1..%d" % number)
    sys.exit(failed > 0)


main()
