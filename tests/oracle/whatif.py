#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What-if views and newcomers, made again from what other commands print.

A blend under other weights is the weighted sum of its parts' scores, each over its best one; the
parts' scores are those of the same models trained alone. A newcomer that is typed in with all that
is known of a product of the store is suggested what that product is.
"""
import os
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from asking import check, finish, run, table     # noqa: E402

PARTS = ("cowalk", "transition", "popular")


def ranked(store, product, model):
    return {r["product"]: float(r["score"]) for r in table(
        "show", "complementary", store, "--product", product, "--model", model, "--codes", "all",
        "--limit", "1000")}


def places(scores, most):
    order = sorted(scores, key=lambda p: -scores[p])[:most]
    return {p: i + 1 for i, p in enumerate(order)}


def blended(parts, weights):
    out = {}
    for name, scores in parts.items():
        best = max(scores.values())
        for p, x in scores.items():
            out[p] = out.get(p, 0) + weights[name] * x / best
    return out


def whatif(store, product):
    parts = {m: ranked(store, product, m) for m in PARTS}
    weights = {"cowalk": .3, "transition": 2, "popular": .7}
    then = places(blended(parts, dict.fromkeys(PARTS, 1)), 20)
    scores = blended(parts, weights)
    now = places(scores, 20)
    bad, seen = [], set()
    for r in table("show", "whatif", store, "--product", product, "--model", "mixed", "--codes",
                   "all", "--blend", ",".join("%s=%g" % w for w in weights.items())):
        p = r["product"]
        seen.add(p)
        place, was = int(r["rank"] or 0), int(r["was"] or 0)
        if place != now.get(p, 0) or was != then.get(p, 0):
            bad.append("%s: %s is at %d, was at %d, the oracle has %d and %d" % (
                product, p, place, was, now.get(p, 0), then.get(p, 0)))
        if place and abs(float(r["score"]) - scores[p]) > 1e-4 * scores[p]:
            bad.append("%s: %s scores %s, the oracle has %.6f" % (
                product, p, r["score"], scores[p]))
        change = "entered" if not was else "left" if not place else \
            "=" if place == was else "%+d" % (was - place)
        if r["change"] != change:
            bad.append("%s: %s %s, the oracle has %s" % (product, p, r["change"], change))
    missing = set(now) | set(then)
    if seen != missing:
        bad.append("%s: rows %s are missing or too many" % (product, seen ^ missing))
    return bad


def main():
    with tempfile.TemporaryDirectory() as work:
        run("generate", "-o", work + "/g", "--products", "150", "--sessions", "6000",
            "--seed", "9")
        log = next(f for f in os.listdir(work + "/g") if f not in ("truth.csv", "products.csv"))
        store = work + "/s.aisle"
        # without codes: variants count in what is best, and aren't listed
        run("import", "mkechinov", work + "/g/" + log, "--into", store, "-q")
        for part in PARTS:
            run("train", part, store, "-q")
        run("train", "blend", store, "-q", "--as", "mixed", *(
            x for p in PARTS for x in ("--" + p, "1")))
        products = [r["product"] for r in table("show", "products", store, "--sort", "purchases",
                                                "--limit", "40")][::4]
        bad = []
        for p in products:
            bad += whatif(store, p)
        check("a blend under other weights", bad)

        run("train", "companion", store, "-q", "--epochs", "3", "--without", "age")
        bad, compared = [], 0
        rows = table("show", "products", store)
        for row in rows[::8]:
            own = ranked(store, row["product"], "companion")
            like = ", ".join("%s=%s" % (k, row[k]) for k in ("category", "brand", "price")
                             if row[k])
            typed = table("show", "newcomer", store, "--like", like, "--limit", "1000")
            for r in typed:
                if r["panel"] != "complementary" or r["product"] == row["product"]:
                    continue
                compared += 1
                want = own.get(r["product"])
                if want is None or abs(float(r["score"]) - want) > 1e-3:
                    bad.append("%s: %s scores %s as typed in, %s by itself" % (
                        row["product"], r["product"], r["score"], want))
        print("# %d suggestions" % compared)
        check("a product that is typed in as one of the store", bad or
              ([] if compared else ["nothing was compared"]))
    finish()


main()
