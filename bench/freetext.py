# SPDX-License-Identifier: GPL-3.0-or-later
"""How well models of texts answer what customers type.

    python3 bench/freetext.py --aisle build/src/aisle --articles articles.csv STORE MODEL...

STORE is an H&M store. Each line of bench/queries.tsv is a query of ours and the product types
that answer it. Printed per model: the share of right types among the ten nearest, averaged over
queries, its 95% interval (bootstrap over queries), and the share by chance; below the parts of the
file, whose titles begin with #. A model that reads no words is refused by aisle."""
import argparse
import csv
import os
import random
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--aisle", default="build/src/aisle")
    a.add_argument("--articles", required=True)
    a.add_argument("--queries", default=os.path.join(HERE, "queries.tsv"))
    a.add_argument("--each", action="store_true", help="a line per query")
    a.add_argument("store")
    a.add_argument("model", nargs="+")
    a = a.parse_args()
    kind = {r["article_id"]: r["product_type_name"] for r in csv.DictReader(open(a.articles))}
    asked, part = [], []
    for line in open(a.queries):
        if line.startswith("#"):
            part.append((line[1:].strip(), len(asked)))
        else:
            asked.append(line.rstrip("\n").split("\t"))
    part.append(("", len(asked)))
    chance = sum(sum(k in types.split("|") for k in kind.values()) for _, types in asked)
    print("%d queries; by chance %.3f" % (len(asked), chance / len(asked) / len(kind)))
    for model in a.model:
        score = []
        for words, types in asked:
            out = subprocess.run([a.aisle, "near", a.store, "--text", words, "--model", model,
                                  "--limit", "10", "--format", "csv"], check=True,
                                 capture_output=True, text=True).stdout
            near = [r["product"] for r in csv.DictReader(out.splitlines())]
            score.append(sum(kind[p] in types.split("|") for p in near) / 10)
            if a.each:
                print("%.1f  %s" % (score[-1], words))
        rng = random.Random(1)
        means = sorted(sum(rng.choices(score, k=len(score))) / len(score) for _ in range(2000))
        print("%-12s precision@10 %.3f (%.3f to %.3f)" % (
            model, sum(score) / len(score), means[50], means[1950]))
        for (name, start), (_, end) in zip(part, part[1:]):
            print("    %.3f of %d: %s" % (sum(score[start:end]) / (end - start), end - start, name))


if __name__ == "__main__":
    main()
