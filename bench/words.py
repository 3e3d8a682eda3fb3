# SPDX-License-Identifier: GPL-3.0-or-later
"""Vectors from sessions: aisle's item2vec beside gensim's Word2Vec.

Both learn from the same sessions and are asked for the next product of sessions that
start later: speed says nothing without how good the vectors are.
"""
import json
import os
import subprocess
import sys
import time

HELD_OUT = 0.05		# of the sessions of two or more, the last ones
QUERIES = 10000


def split(events, folder):
    """Write the log without the last sessions, sequences for gensim, and the rest."""
    train, text = os.path.join(folder, "words.csv"), os.path.join(folder, "words.txt")
    held = os.path.join(folder, "words.json")
    if all(map(os.path.exists, (train, text, held))):
        return train, text, held
    views = {}
    with open(events) as f:
        head = next(f)
        for line in f:
            part = line.rstrip("\n").split(",")
            if part[1] == "view":
                sequence = views.setdefault(part[8], [])
                if not sequence or sequence[-1] != part[2]:
                    sequence.append(part[2])
    longer = [s for s, sequence in views.items() if len(sequence) > 1]
    late = set(longer[int(len(longer) * (1 - HELD_OUT)):])
    with open(events) as f, open(train, "w") as out:
        next(f)
        out.write(head)
        out.writelines(line for line in f if line.rstrip("\n").rsplit(",", 1)[1] not in late)
    with open(text, "w") as out:
        out.writelines(" ".join(views[s]) + "\n" for s in longer if s not in late)
    with open(held, "w") as out:
        json.dump([views[s] for s in longer if s in late], out)
    return train, text, held


def hit_rate(ids, vectors, held, k=20):
    """Share of next products new to the session among the k nearest to the last one."""
    import numpy

    number = {p: i for i, p in enumerate(ids)}
    length = numpy.linalg.norm(vectors, axis=1, keepdims=True)
    known = length[:, 0] > 0
    unit = vectors / numpy.where(length > 0, length, 1)
    hits = asked = 0
    with open(held) as f:
        sessions = json.load(f)
    cases = []
    for sequence in sessions:
        for i in range(1, len(sequence)):
            if sequence[i] not in sequence[:i] and sequence[i] in number and \
                    sequence[i - 1] in number and len(cases) < QUERIES:
                cases.append([number[p] for p in sequence[:i] if p in number] +
                             [number[sequence[i]]])
    for first in range(0, len(cases), 1000):
        part = cases[first:first + 1000]
        scores = unit[[c[-2] for c in part]] @ unit.T
        scores[:, ~known] = -2
        for row, case in zip(scores, part):
            asked += 1
            row[case[:-1]] = -2
            hits += known[case[-1]] and (row > row[case[-1]]).sum() < k
    return hits / asked


def read_npy(path):
    import numpy

    with open(os.path.splitext(path)[0] + ".ids") as f:
        return f.read().split("\n")[:-1], numpy.load(path)


def peer(text, folder, threads):
    """gensim in a process of its own: seconds of building the vocabulary and training."""
    out = subprocess.run([sys.executable, __file__, text, folder, str(threads)], check=True,
                         stdout=subprocess.PIPE).stdout
    return json.loads(out)


def main(text, folder, threads):
    import numpy
    from gensim.models import Word2Vec

    start = time.monotonic()
    m = Word2Vec(corpus_file=text, vector_size=64, window=5, min_count=1, sg=1, negative=5,
                 sample=1e-3, epochs=5, workers=int(threads), seed=1)
    seconds = time.monotonic() - start
    path = os.path.join(folder, "gensim.npy")
    numpy.save(path, m.wv.vectors)
    with open(os.path.join(folder, "gensim.ids"), "w") as f:
        f.writelines(w + "\n" for w in m.wv.index_to_key)
    print(json.dumps({"seconds": seconds, "words": m.corpus_total_words * 5, "path": path}))


def ours(args, store, options):
    """Seconds of training as kept with the model, and the vectors' file."""
    subprocess.run([args.aisle, "train", "item2vec", store, "-q", "--threads",
                    str(args.threads), *options], check=True, stdout=subprocess.DEVNULL)
    rows = json.loads(subprocess.run([args.aisle, "show", "models", store, "--format", "json"],
                                     check=True, stdout=subprocess.PIPE).stdout)
    rows = rows["rows"] if isinstance(rows, dict) else rows
    path = os.path.join(args.dir, "item2vec.npy")
    if os.path.exists(path):
        os.remove(path)
    subprocess.run([args.aisle, "export", "vectors", store, "--model", "item2vec", "-q",
                    "-o", path], check=True)
    return float(next(r["seconds"] for r in rows if r["name"] == "item2vec")), path


def bench(args, table, events):
    train, text, held = split(events, args.dir)
    store = os.path.join(args.dir, "words.aisle")
    if not os.path.exists(store):
        subprocess.run([args.aisle, "import", "mkechinov", train, "--into", store, "-q",
                        "--threads", str(args.threads)], check=True)
    same = ["--negative", "5", "--rate", "0.025", "--vectors", "in"]
    kinds = {"word2vec's defaults": same, "aisle's defaults": []}
    spent = {k: [] for k in kinds}
    theirs, words, rates = [], 0, {}
    for _ in range(args.rounds):
        for kind, options in kinds.items():
            seconds, path = ours(args, store, options)
            spent[kind].append(seconds)
            rates[kind] = hit_rate(*read_npy(path), held)
        p = peer(text, args.dir, args.threads)
        theirs.append(p["seconds"])
        words = p["words"]
        rates["gensim"] = hit_rate(*read_npy(p["path"]), held)
    table.title(f"Skip-gram, 64 dimensions, window 5, 5 passes over {words // 5:,} words")
    for kind, seconds in spent.items():
        table.row(f"{kind} beside gensim's, negative 5", seconds, theirs,
                  [a / b for a, b in zip(seconds, theirs)], 0.5, "s")
    for kind, seconds in (*spent.items(), ("gensim", theirs)):
        middle = sorted(seconds)[len(seconds) // 2]
        print(f"| {kind}: words/s; HR@20 of {QUERIES:,} next products | "
              f"{words / middle:,.0f}; {rates[kind]:.4f} | | | | |")


if __name__ == "__main__":
    main(*sys.argv[1:])
